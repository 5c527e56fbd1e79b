import type { Store } from '../../src/engine/store.ts';
import { type Contradiction, checkCalls, createCallLog } from '../../src/verify/check-calls.ts';
import { createChance, hash } from './chance.ts';
import type { Network } from './connection.ts';
import { createSimulatedDatabase, EPOCH } from './database.ts';
import { createFaults, type FaultTotals } from './faults.ts';
import { createJudge, type Violation } from './judge.ts';
import { createLinks } from './links.ts';
import { createNode, type SimulatedNode, startNode } from './node.ts';
import { liveCustomer, liveDriver, liveOperator, liveStore, type Stage } from './people.ts';
import { placingOf } from './placing.ts';
import { planFaults } from './planned-faults.ts';
import { createSideCollections } from './side-collections.ts';
import { createProcess, createTimeline, endProcess, type Process } from './timeline.ts';
import { createWatcher, type Watcher } from './watcher.ts';
import { createWitness } from './witness.ts';

export interface WorldOptions {
  nodes: number;
  orders: number;
  drivers: number;
  /** Faults that do not happen: `kind` or `kind#n`. */
  spared: ReadonlySet<string>;
  /** Breaks the database's promises, to see that it is noticed. */
  tamper?: (writes: Store) => Store;
}

export const DEFAULT_WORLD: WorldOptions = { nodes: 3, orders: 4, drivers: 3, spared: new Set() };

/** One line of what happened: virtual ms, and the actor it was about. */
export interface Told {
  at: number;
  text: string;
  id?: string;
}

export interface WorldResult {
  seed: number;
  violations: Violation[];
  /** Everything that was told, in order. */
  story: Told[];
  /** Of the story and the number of events: equal for equal runs. */
  trace: string;
  faults: FaultTotals;
  commits: number;
  calls: number;
  events: number;
  virtualMs: number;
  /** Of this process, while it was lived: ms. */
  cpuMs: number;
}

/** Trouble is made for so long, virtual ms. */
const STORMY_MS = 45_000;
/** By then everything must have come to its end. */
const CALM_MS = 150_000;
const CHECK_EVERY_MS = 250;
/** What is told to subscribers after the last commit must have arrived by then (I9). */
const CONVERGED_MS = 2_000;

/** Lives one seed's world to its end; the first violation ends it. */
export async function liveWorld(
  seed: number,
  { nodes: nodeCount, orders, drivers, spared, tamper }: WorldOptions = DEFAULT_WORLD,
): Promise<Omit<WorldResult, 'cpuMs'>> {
  const chance = createChance(seed);
  const timeline = createTimeline();
  const story: Told[] = [];
  let trace = 0x811c9dc5;
  const tell = (text: string, id?: string) => {
    story.push({ at: timeline.now, text, ...(id === undefined ? {} : { id }) });
    trace = hash(`${timeline.now} ${text}`, trace);
  };

  const database = createSimulatedDatabase(timeline, tamper);
  const side = createSideCollections();
  const faults = createFaults(chance.fork('faults'), spared, (kind) => tell(`! ${kind}`));
  const poisoned = new Set<string>();
  const judge = createJudge({
    ...{ database, side, poisoned },
    onViolation: ({ invariant, what, id }) => tell(`${invariant} is broken: ${what}`, id),
  });
  const witness = createWitness({ database, accuse: judge.accuse });
  let lastCommitAt = 0;
  database.onMajority((commit, appliedAt) => {
    lastCommitAt = timeline.now;
    const { id, seq, entry, node } = commit;
    tell(
      `${node} commits ${id} #${seq} ${entry.event.type} by ${entry.by.role} ${entry.by.id}: ${entry.from} → ${entry.to}`,
      id,
    );
    judge.onMajority(commit, appliedAt);
    witness.onMajority(commit);
  });

  // --- nodes ---
  const cuts = new Map<Process, number>();
  const disturbed = new Map<string, number>();
  let allDisturbed = 0;
  let calm = false;
  const network: Network = {
    ...{ timeline, database, witness, faults, chance: chance.fork('network') },
    cutUntil: (process) => cuts.get(process) ?? 0,
    crash: (process) => crash(process),
    onDisturbed(id) {
      if (id === undefined) allDisturbed = timeline.now;
      else disturbed.set(id, timeline.now);
    },
  };
  const nodes: SimulatedNode[] = [];
  const boots: number[] = [];
  const nodeChance = chance.fork('nodes');

  function boot(index: number) {
    boots[index] = (boots[index] ?? 0) + 1;
    const process = createProcess(`n${index + 1}.${boots[index]}`);
    const isSkewed = faults.strike('clock skewed', 0.5);
    const node = createNode({
      ...{ network, side, process, poisoned },
      chance: chance.fork(process.name),
      skewMs: isSkewed ? nodeChance.between(-400, 400) : nodeChance.between(-5, 5),
      onAlarm: (alarm) => judge.onAlarm(process.name, alarm),
      onError: (error) => judge.onError(process.name, error),
    });
    nodes[index] = node;
    node.engine.feed.subscribe({
      onCommit(commit) {
        judge.onFeed(process.name, commit);
        witness.onFeed(process.name, commit);
      },
      onResync: () => judge.onResync(process.name),
    });
    void startNode(node, timeline).then(
      () => tell(`${process.name} serves`),
      (error) => {
        judge.onError(`${process.name} starts`, error);
        stop(process, `${process.name} could not start`);
      },
    );
  }

  const crash = (process: Process) => stop(process, `${process.name} is killed`);

  function stop(process: Process, what: string) {
    if (process.dead) return;
    endProcess(process);
    tell(what);
    const index = nodes.findIndex((node) => node.process === process);
    const afterMs = calm ? 300 : nodeChance.between(200, 6_000);
    timeline.after(afterMs, () => boot(index));
  }

  for (let index = 0; index < nodeCount; index++) boot(index);
  planFaults({
    ...{ timeline, plan: chance.fork('plan'), faults, database, witness, untilMs: STORMY_MS },
    ...{ crash, tell, nodes: () => nodes },
    cut: (process, until) => void cuts.set(process, until),
    onDisturbed: () => network.onDisturbed(),
  });

  // --- people ---
  const calls = createCallLog();
  const links = createLinks({
    ...{ timeline, faults, judge, calls, tell },
    chance: chance.fork('links'),
    nodes: () => nodes,
  });
  const stageFor = (name: string): Stage => ({
    ...{ timeline, links, chance: chance.fork(name) },
    isCalm: () => calm,
    vanishes: () => faults.strike('driver vanished', 0.012),
  });
  const driverIds = Array.from({ length: drivers }, (_, n) => `d${n + 1}`);
  for (const driverId of driverIds) void liveDriver(stageFor(driverId), driverId, driverIds);
  void liveOperator(stageFor('operator'), driverIds);
  const placing = chance.fork('placing');
  const orderIds = Array.from({ length: orders }, (_, n) => `o${n + 1}`);
  if (faults.strike('order poisoned', 0.12)) {
    poisoned.add('px');
    orderIds.push('px');
  }
  const watchers: Watcher[] = [];
  for (const orderId of orderIds) {
    timeline.after(placing.between(1_000, 20_000), () => {
      const stage = stageFor(orderId);
      const command = placingOf(orderId, EPOCH + timeline.now, placing.fork(orderId));
      void liveCustomer(stage, orderId, command);
      void liveStore(stage, orderId, 's1');
      for (const viewer of [
        { role: 'customer', id: `c-${orderId}` },
        { role: 'operator', id: 'op1' },
      ] as const) {
        const who = `${viewer.role} ${viewer.id}`;
        watchers.push(
          createWatcher({
            ...{ timeline, orderId, viewer, nodes: () => nodes },
            chance: chance.fork(`${who} watches ${orderId}`),
            onWrong: (what) => judge.accuse('I9', `${who} ${what}`, orderId),
          }),
        );
      }
    });
  }

  // --- life ---
  const isBroken = () => judge.violations.length > 0;
  watchTime();
  await runUntil(() => timeline.now >= STORMY_MS);
  if (!isBroken()) {
    calmDown();
    const isQuiet = () => timeline.now - lastCommitAt >= CONVERGED_MS && isSettled();
    await runUntil(() => timeline.now >= STORMY_MS + CALM_MS || isQuiet());
  }
  if (!isBroken()) {
    judge.atEnd();
    for (const { orderId, who, seq, stale } of watchers) {
      const stored = database.collection('order').actors.get(orderId)?.seq ?? 0;
      if (seq() !== stored && stored > 0) {
        judge.accuse('I9', `${who} is left at #${seq()} of ${stored}`, orderId);
      } else if (stale() && stored > 0) {
        judge.accuse('I9', `${who} is still told that it is out of date`, orderId);
      }
    }
    for (const { actor, what } of checkCalls(calls.calls) as Contradiction[]) {
      judge.accuse('DST5', `${actor}: ${what}`, actor.split('/')[1]);
    }
  }
  tell(`the end, after ${timeline.events} events`);
  return {
    ...{ seed, story, violations: [...judge.violations], commits: judge.commits },
    trace: (trace >>> 0).toString(16).padStart(8, '0'),
    faults: faults.totals,
    calls: calls.calls.length,
    events: timeline.events,
    virtualMs: Math.round(timeline.now),
  };

  function runUntil(isDone: () => boolean): Promise<void> {
    return timeline.run(() => isBroken() || isDone());
  }

  function calmDown() {
    calm = true;
    tell('— nothing goes wrong any more —');
    faults.cease();
    database.isOut = false;
    database.heal();
    allDisturbed = timeline.now;
  }

  /** What only time can break, checked as it passes. */
  function watchTime() {
    const healthySince = new Map<Process, number>();
    const check = () => {
      for (const { process, servesSince } of nodes) {
        const isHealthy =
          servesSince !== undefined &&
          !process.dead &&
          process.pausedUntil <= timeline.now &&
          network.cutUntil(process) <= timeline.now &&
          !database.isOut &&
          database.isolation === undefined;
        if (!isHealthy) healthySince.delete(process);
        else if (!healthySince.has(process)) healthySince.set(process, timeline.now);
      }
      for (const process of healthySince.keys()) if (process.dead) healthySince.delete(process);
      const readyAt = Math.min(...healthySince.values());
      judge.onTime((id) => timeline.now - Math.max(readyAt, allDisturbed, disturbed.get(id) ?? 0));
      timeline.after(CHECK_EVERY_MS, check);
    };
    timeline.after(CHECK_EVERY_MS, check);
  }

  function isSettled(): boolean {
    if (timeline.now <= STORMY_MS + 3_000) return false;
    for (const id of orderIds) {
      if (poisoned.has(id)) continue;
      const order = database.collection('order').actors.get(id);
      // Never placed: the customer gave up.
      if (!order) continue;
      const isOver = order.snapshot.status === 'done' || order.state === 'pending.unassigned';
      if (!isOver || order.outbox.length > 0) return false;
    }
    for (const shift of database.collection('shift').actors.values()) {
      if (shift.outbox.length > 0) return false;
    }
    return true;
  }
}
