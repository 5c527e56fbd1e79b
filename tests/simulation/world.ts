import { orderKind } from '../../machines/order-kind.ts';
import type { OrderPolicy, PlacedOrder } from '../../machines/order-types.ts';
import type { Store } from '../../src/engine/store.ts';
import type { Command } from '../../src/engine/types.ts';
import { type Contradiction, checkCalls, createCallLog } from '../../src/verify/check-calls.ts';
import { type Chance, createChance, hash } from './chance.ts';
import type { Network } from './connection.ts';
import { createSimulatedDatabase, EPOCH } from './database.ts';
import { createFaults, type FaultTotals } from './faults.ts';
import { createJudge, type Violation } from './judge.ts';
import { createLinks } from './links.ts';
import { createNode, type SimulatedNode, startNode } from './node.ts';
import {
  liveCustomer,
  liveDriver,
  liveOperator,
  liveStore,
  PIN,
  STORE_POINT,
  type Stage,
  ZONE,
} from './people.ts';
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
  planFaults();

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

  /** The faults that strike once, at an instant drawn beforehand. */
  function planFaults() {
    const plan = chance.fork('plan');
    const sometime = (from = 2_000) => plan.between(from, STORMY_MS - 2_000);
    const someone = () => plan.pick(nodes);
    /** When something that begins now is over: never later than the storm. */
    const lasting = (from: number, to: number) =>
      Math.min(STORMY_MS, timeline.now + plan.between(from, to));

    const crashes = 1 + Math.floor(plan.between(0, 2));
    for (let i = 0; i < crashes; i++) {
      timeline.after(sometime(), () => {
        const { process } = someone();
        if (!process.dead && faults.strike('node crashed', 1)) crash(process);
      });
    }
    timeline.after(sometime(), () => {
      const { process } = someone();
      if (process.dead || !faults.strike('node paused', 0.6)) return;
      process.pausedUntil = lasting(1_000, 12_000);
      tell(`${process.name} stands still until ${seconds(process.pausedUntil)}`);
    });
    timeline.after(sometime(), () => {
      if (!faults.strike('database out of reach', 0.3)) return;
      database.isOut = true;
      timeline.after(plan.between(300, 9_000), () => {
        database.isOut = false;
        allDisturbed = timeline.now;
        tell('the database is back');
      });
    });
    timeline.after(sometime(), () => {
      const { process } = someone();
      if (process.dead || !faults.strike('node cut off from the database', 0.4)) return;
      cuts.set(process, lasting(300, 9_000));
      tell(`${process.name} is cut off until ${seconds(cuts.get(process) ?? 0)}`);
    });
    timeline.after(sometime(), () => {
      if (!faults.strike('primary lost its followers', 0.5)) return;
      database.isolate();
      const isLost = plan.isTrue(0.6);
      const jumpMs = plan.between(-500, 500);
      timeline.after(plan.between(300, 4_000), () => {
        if (database.isolation === undefined) return;
        allDisturbed = timeline.now;
        if (!isLost) {
          tell('the followers are back');
          database.heal();
          return;
        }
        const jumps = faults.strike('clock jumped on a new primary', 0.8);
        const lost = database.failOver(jumps ? jumpMs : 0);
        tell(`another primary takes over${jumps ? `, its clock ${Math.round(jumpMs)} ms on` : ''}`);
        for (const commit of lost) {
          const { id, seq, entry } = commit;
          witness.onRolledBack(commit);
          faults.count('commit rolled back');
          tell(`${id} #${seq} ${entry.event.type} is rolled back`, id);
        }
      });
    });
    for (const [kind, share] of [
      ['feed lagged', 0.4],
      ['feed lost its history', 0.3],
      ['feed resumed behind a gap', 0.25],
    ] as const) {
      timeline.after(sometime(), () => {
        const { process, connection } = someone();
        if (process.dead || !faults.strike(kind, share)) return;
        const until = lasting(200, 5_000);
        if (kind === 'feed lagged') connection.stream.hold(until);
        else connection.stream.lose(until, kind === 'feed resumed behind a gap');
        tell(`the feed of ${process.name} is broken until ${seconds(until)}`);
      });
    }
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

const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

function placingOf(orderId: string, now: number, chance: Chance): Command {
  const policy: OrderPolicy = {
    mode: chance.isTrue(0.1) ? 'manual' : chance.isTrue(0.35) ? 'broadcast' : 'sequential',
    offerMs: Math.round(chance.between(2_500, 6_000)),
    graceMs: Math.round(chance.between(300, 1_500)),
    seenMs: Math.round(chance.between(800, 2_000)),
    searchMs: Math.round(chance.between(10_000, 25_000)),
    retryMs: 1_000,
    escalateAfter: 2,
    batchSize: 2,
    radiiMeters: [3_000, 5_000],
    releaseMs: 4_000,
    atRiskMs: 10_000,
    stallMs: Math.round(chance.between(12_000, 25_000)),
    pinTries: 2,
  };
  const placed: PlacedOrder = {
    orderId,
    customerId: `c-${orderId}`,
    storeId: 's1',
    zone: ZONE,
    items: [{ productId: 'p1', name: 'Milk', quantity: 1, unitCents: 100 }],
    totalCents: 100,
    feeCents: 290,
    currency: 'EUR',
    pickup: STORE_POINT,
    dropoff: { lat: 38.72, lng: -9.15 },
    address: 'Any Street 1',
    pin: chance.isTrue(0.7) ? PIN : null,
    ...(chance.isTrue(0.15) ? { searchAt: Math.round(now + chance.between(1_000, 6_000)) } : {}),
    promisedAt: Math.round(now + chance.between(20_000, 60_000)),
    etaAt: Math.round(now + 20_000),
    policy,
  };
  return { type: orderKind.birth, ...(placed as unknown as object) } as Command;
}
