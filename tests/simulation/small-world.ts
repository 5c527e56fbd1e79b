import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createEngine, type RunningEngine } from '../../src/engine/create-engine.ts';
import type { FeedHandlers, Store } from '../../src/engine/store.ts';
import type { Command, Commit, Principal } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import { checkCalls, createCallLog } from '../../src/verify/check-calls.ts';
import { createSimulatedDatabase, EPOCH } from './database.ts';
import { createJudge, type Violation } from './judge.ts';
import { createSideCollections } from './side-collections.ts';
import { createTimeline, type Process, settled } from './timeline.ts';

/** One thing that may happen next. */
export interface Choice {
  label: string;
  act(): void;
}

/** A world in which nothing happens but what is chosen: two nodes, one database, one clock. */
export interface SmallWorld {
  choices(): Choice[];
  /** Equal for worlds that nothing can tell apart from here on. */
  fingerprint(): string;
  /** Lets everything that follows from the last choice happen. */
  settle(): Promise<void>;
  /** No more choices: what is pending happens in order, time passes, and all must come to an end. */
  finish(): Promise<void>;
  /** What was chosen so far made sure of nothing wrong. */
  readonly violations: readonly Violation[];
}

/** What clients send once the scene is set. `retryOn`: where it is sent again should its node die. */
export interface Send {
  node: number;
  retryOn: number;
  by: Principal;
  id: string;
  command: Command;
  commandId: string;
}

export interface Scene {
  /** Sent one after the other, each with all that follows, before the choices begin. */
  setting: readonly { node: number; by: Principal; id: string; command: Command }[];
  sends: readonly Send[];
  /** Until when time passes before the choices begin, and up to when it passes by choice. Virtual ms. */
  beginsAt: number;
  deadlineAt: number;
}

interface Operation {
  node: SmallNode;
  label: string;
  run(): Promise<unknown>;
  /** Undefined until it was applied. */
  answer: { value: unknown } | undefined;
  resolve(value: unknown): void;
  /** A change may land though its sender is dead. */
  isChange: boolean;
}

interface SmallNode {
  process: Process;
  engine: RunningEngine;
  /** Everything it was ever told: with it, its state is fixed. */
  seen: number;
  stream: { handlers: FeedHandlers | undefined; waiting: Commit[] };
}

/** What a scene ends in: by then offers must be closed, and whoever lives has taken over. */
const AFTERMATH_MS = 9_000;

export async function createSmallWorld(scene: Scene): Promise<SmallWorld> {
  const timeline = createTimeline();
  const database = createSimulatedDatabase(timeline);
  const side = createSideCollections();
  const judge = createJudge({
    ...{ database, side, poisoned: new Set<string>() },
    onViolation: () => {},
  });
  const calls = createCallLog();
  const operations: Operation[] = [];
  const nodes: SmallNode[] = [];
  /** Sends that are not answered yet. */
  const open = new Set(scene.sends);
  let passing: Promise<void> = Promise.resolve();
  let isFree = true;
  let hasPassed = false;
  let hasCrashed = false;
  let instant = 0;
  let answered = 0;

  database.onMajority((commit, appliedAt) => {
    judge.onMajority(commit, appliedAt);
    for (const { process, stream } of nodes) {
      if (process.dead) continue;
      if (isFree) stream.handlers?.onCommit(commit);
      else stream.waiting.push(commit);
    }
  });

  for (const name of ['A', 'B']) nodes.push(createSmallNode(name));
  await Promise.all([...nodes.map(({ engine }) => engine.start()), letTimePass(1)]);
  for (const { node, by, id, command } of scene.setting) {
    const { engine } = nodes[node] as SmallNode;
    await Promise.all([
      engine.send({ kind: kindOf(id), id, by, command }),
      letTimePass(timeline.now + 20),
    ]);
  }
  await letTimePass(scene.beginsAt);
  isFree = false;
  for (const send of scene.sends) command(send, send.node);
  await settled();

  return {
    choices,
    fingerprint,
    async settle() {
      await settled();
      await passing;
    },
    async finish() {
      isFree = true;
      for (const { process, stream } of nodes) {
        for (const commit of process.dead ? [] : stream.waiting.splice(0)) {
          stream.handlers?.onCommit(commit);
        }
      }
      for (const operation of operations.splice(0)) {
        if (operation.node.process.dead) continue;
        if (!operation.answer) operation.answer = { value: await operation.run() };
        operation.resolve(operation.answer.value);
        await settled();
      }
      await letTimePass(Math.max(timeline.now, scene.deadlineAt) + AFTERMATH_MS);
      judge.onTime(() => Number.POSITIVE_INFINITY);
      for (const { actor, what } of checkCalls(calls.calls, { mayBeReleased: false })) {
        judge.accuse('DST5', `${actor}: ${what}`);
      }
    },
    get violations() {
      return judge.violations;
    },
  };

  function createSmallNode(name: string): SmallNode {
    const process: Process = { name, dead: false, pausedUntil: 0 };
    const stream: SmallNode['stream'] = { handlers: undefined, waiting: [] };
    const node = { process, stream, seen: 0 } as SmallNode;
    let nextId = 0;
    node.engine = createEngine({
      store: connectTo(node),
      kinds: [orderKind, shiftKind],
      localClock: {
        now: () => EPOCH + timeline.now,
        after: (delayMs, fn) => timeline.after(delayMs, fn, process),
        sleep: (delayMs) =>
          new Promise((resolve) => void timeline.after(delayMs, resolve, process)),
      },
      ids: { next: () => `${name}-${++nextId}` },
      random: () => 0,
      node: name,
      onAlarm: (alarm) => judge.onAlarm(name, alarm),
      onError: (error) => judge.onError(name, error),
      maxHotActors: 4,
      checkLive: true,
    });
    // Offers are made by the scene, and what becomes of drivers is another world's matter.
    node.engine.onWork('dispatch', async () => undefined);
    for (const type of ['shift.answer', 'shift.strike', 'alarm.raise', 'alarm.clear']) {
      node.engine.onEffect(type, async () => {});
    }
    node.engine.feed.subscribe({
      onCommit: (commit) => judge.onFeed(name, commit),
      onResync: () => judge.onResync(name),
    });
    return node;
  }

  function connectTo(node: SmallNode): Store {
    const { reads, writes } = database;
    /** It decides what becomes of orders: its request and its answer are choices. */
    const choose = <T>(label: string, run: () => Promise<T>, isChange = false): Promise<T> =>
      isFree
        ? run()
        : new Promise((resolve) => {
            const settle = resolve as (value: unknown) => void;
            operations.push({ node, label, run, isChange, answer: undefined, resolve: settle });
          });
    /** It decides nothing, or finds again later what it missed: it happens at once. */
    const atOnce = async <T>(label: string, run: () => Promise<T>): Promise<T> => {
      const value = await run();
      note(node, label, value);
      return value;
    };
    return {
      load: (kind, id) => choose(`load ${id}`, () => reads.load(kind, id)),
      readSeq: (kind, id) => choose(`readSeq ${id}`, () => reads.readSeq(kind, id)),
      // One read with `load`, as it is sent together with it: their order is `load`'s business alone.
      loadCommands: (kind, id, limit) =>
        choose(`loadCommands ${id}`, () => reads.loadCommands(kind, id, limit)),
      findCommand: (kind, id, commandId) =>
        choose(`findCommand ${id}`, () => reads.findCommand(kind, id, commandId)),
      history: (kind, id, sinceSeq, limit) =>
        choose(`history ${id}`, () => reads.history(kind, id, sinceSeq, limit)),
      commit: (change) =>
        choose(
          `commit ${change.id} #${change.entry.seq} ${change.entry.event.type}`,
          () => writes.commit(change),
          true,
        ),
      heldBy: (kind, holds) => choose('heldBy', () => reads.heldBy(kind, holds)),
      defer: (kind, id, seq, wakeAt) =>
        choose(`defer ${id}`, () => writes.defer(kind, id, seq, wakeAt), true),
      due: (kind, before, limit) => atOnce('due', () => reads.due(kind, before, limit)),
      dueOutbox: (kind, before, limit) =>
        atOnce('dueOutbox', () => reads.dueOutbox(kind, before, limit)),
      pullEffect: (kind, id, effectId) =>
        atOnce('pullEffect', () => writes.pullEffect(kind, id, effectId)),
      retryEffect: (kind, id, effectId, dueAt, tries) =>
        atOnce('retryEffect', () => writes.retryEffect(kind, id, effectId, dueAt, tries)),
      heartbeat: (info, freshMs) => atOnce('heartbeat', () => writes.heartbeat(info, freshMs)),
      nodes: (freshMs) => atOnce('nodes', () => reads.nodes(freshMs)),
      now: () => reads.now(),
      findByHolds: (kind, holds) => reads.findByHolds(kind, holds),
      list: (kind, where, page) => reads.list(kind, where, page),
      countByState: (kind, where) => reads.countByState(kind, where),
      scan: (kind) => reads.scan(kind),
      leave: (name) => writes.leave(name),
      async watch(handlers) {
        node.stream.handlers = handlers;
        beat();
        return async () => {
          node.stream.handlers = undefined;
        };

        function beat() {
          handlers.onHeartbeat();
          timeline.after(500, beat, node.process);
        }
      },
      close: async () => {},
    };
  }

  function command(send: Send, index: number) {
    const { engine, process } = nodes[index] as SmallNode;
    const { by, id, command, commandId } = send;
    const done = calls.begin({
      ...{ actor: id, client: by.id, at: instant, does: command.type, commandId },
    });
    note(nodes[index] as SmallNode, `send ${commandId}`, '');
    engine.send({ kind: kindOf(id), id, by, command, commandId }).then(
      ({ seq, result }) => {
        answered = intern(`${answered} ${commandId} ${process.name} #${seq}`);
        judge.onAnswered({ kind: kindOf(id), id, commandId, seq, result });
        done({ at: instant, outcome: 'ok', seq });
        open.delete(send);
      },
      (error) => {
        answered = intern(`${answered} ${commandId} ${process.name} ${error}`);
        if (!isAppError(error)) judge.onError(process.name, error);
        done({ at: instant, outcome: 'fail' });
        open.delete(send);
      },
    );
  }

  function choices(): Choice[] {
    const found: Choice[] = [];
    operations.forEach((operation) => {
      const { node, label, answer } = operation;
      const isDead = node.process.dead;
      if (!answer && (!isDead || operation.isChange)) {
        found.push({
          label: `${node.process.name}: ${label} arrives`,
          act: () => apply(operation),
        });
      } else if (answer && !isDead) {
        found.push({ label: `${node.process.name}: ${label} answers`, act: () => give(operation) });
      }
    });
    for (const node of nodes) {
      const [commit] = node.stream.waiting;
      if (!commit || node.process.dead) continue;
      const label = `${node.process.name}: hears of ${commit.id} #${commit.seq}`;
      found.push({ label, act: () => hear(node) });
    }
    if (!hasPassed) found.push({ label: 'the deadline passes', act: () => pass() });
    if (!hasCrashed) {
      for (const node of nodes) {
        found.push({ label: `${node.process.name} is killed`, act: () => kill(node) });
      }
    }
    return found;
  }

  function apply(operation: Operation) {
    instant++;
    void operation.run().then((value) => {
      operation.answer = { value };
      if (operation.node.process.dead) remove(operation);
    });
  }

  function give(operation: Operation) {
    instant++;
    remove(operation);
    note(operation.node, operation.label, operation.answer?.value);
    operation.resolve(operation.answer?.value);
  }

  function hear(node: SmallNode) {
    instant++;
    const commit = node.stream.waiting.shift() as Commit;
    note(node, 'hears', `${commit.id} #${commit.seq}`);
    node.stream.handlers?.onCommit(commit);
  }

  function pass() {
    instant++;
    hasPassed = true;
    for (const node of nodes) if (!node.process.dead) note(node, 'time passes', '');
    passing = letTimePass(scene.deadlineAt);
  }

  function kill(node: SmallNode) {
    instant++;
    hasCrashed = true;
    node.process.dead = true;
    node.stream.waiting = [];
    for (const operation of [...operations]) {
      // What was not sent, or only asked, is gone with it. A change may be under way.
      if (operation.node === node && (operation.answer || !operation.isChange)) remove(operation);
    }
    for (const send of scene.sends) {
      const { process } = nodes[send.retryOn] as SmallNode;
      if (open.has(send) && nodes[send.node] === node && !process.dead) command(send, send.retryOn);
    }
  }

  function remove(operation: Operation) {
    operations.splice(operations.indexOf(operation), 1);
  }

  function fingerprint(): string {
    const stored = [...database.collection('order').actors.values()].map(
      ({ id, wakeAt, outbox, history }) =>
        `${id} ${wakeAt} ${outbox.map((item) => item.id)} ${history.map((entry) => `${entry.commandId}@${entry.at}`)}`,
    );
    const pending = operations.map(
      ({ node, label, answer }) =>
        `${node.process.name} ${label} ${answer ? JSON.stringify(answer.value) : '?'}`,
    );
    const local = nodes.map(
      ({ process, seen, stream }) =>
        `${process.dead ? '†' : seen} ${stream.waiting.map(({ id, seq }) => `${id}#${seq}`)}`,
    );
    const answersOf = [...open].map(({ commandId }) => commandId).join();
    return [
      stored.join('|'),
      pending.sort().join('|'),
      local.join('|'),
      hasPassed,
      hasCrashed,
      answersOf,
      answered,
    ].join('\n');
  }

  async function letTimePass(until: number): Promise<void> {
    await settled();
    while (timeline.nextAt <= until && (await timeline.step()));
    timeline.after(Math.max(0, until - timeline.now), () => {});
    await timeline.step();
  }
}

function note(node: SmallNode, what: string, value: unknown) {
  const said = typeof value === 'string' ? value : JSON.stringify(toPlain(value));
  node.seen = intern(`${node.seen} ${what} ${said}`);
}

/** A number for a text, the same for the same: exact, where a hash might take two worlds for one. */
const interned = new Map<string, number>();
function intern(text: string): number {
  const known = interned.get(text);
  if (known !== undefined) return known;
  interned.set(text, interned.size + 1);
  return interned.size;
}

const toPlain = (value: unknown): unknown => (value instanceof Map ? [...value] : (value ?? null));

const kindOf = (id: string): string => (id.startsWith('shift') ? 'shift' : 'order');
