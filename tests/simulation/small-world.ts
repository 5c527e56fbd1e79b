import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Command, Commit, Principal } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import { checkCalls, createCallLog } from '../../src/verify/check-calls.ts';
import { createSimulatedDatabase, EPOCH } from './database.ts';
import { createJudge, type Violation } from './judge.ts';
import { createSideCollections } from './side-collections.ts';
import { connectTo, intern, note, type Operation, type SmallNode, textOf } from './small-node.ts';
import { createProcess, createTimeline, endProcess, settled } from './timeline.ts';

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
  /** Sent to the first node one after the other, each with all that follows, before the second one starts. */
  setting: readonly { by: Principal; id: string; command: Command }[];
  sends: readonly Send[];
  /** Until when time passes before the choices begin, and up to when it passes by choice. Virtual ms. */
  beginsAt: number;
  deadlineAt: number;
}

/** What a scene ends in: by then offers must be closed, and whoever lives has taken over. */
const AFTERMATH_MS = 9_000;

/** When a node hears of another's step: at once, once all choices are made, or whenever it is chosen. */
export type FeedTiming = 'prompt' | 'late' | 'any';

export async function createSmallWorld(scene: Scene, feed: FeedTiming): Promise<SmallWorld> {
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
    for (const node of nodes) {
      const { process, stream } = node;
      if (process.dead) continue;
      // Its own steps come back to a node at once: before they are acknowledged, which is the odd way.
      const isPrompt = feed === 'prompt' || commit.node === process.name;
      if (isFree || isPrompt) hearNow(node, commit);
      else stream.waiting.push(commit);
    }
  });

  const first = createSmallNode('A');
  await Promise.all([first.engine.start(), letTimePass(1)]);
  for (const { by, id, command } of scene.setting) {
    const sent = first.engine.send({ kind: kindOf(id), id, by, command });
    await Promise.all([sent, letTimePass(timeline.now + 1)]);
  }
  // It comes later, and finds in the database what there is to wait for.
  const second = createSmallNode('B');
  await Promise.all([second.engine.start(), letTimePass(timeline.now + 1)]);
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
    const process = createProcess(name);
    const stream: SmallNode['stream'] = { handlers: undefined, waiting: [] };
    const node = { process, stream, seen: 0, half: undefined } as SmallNode;
    nodes.push(node);
    let nextId = 0;
    node.engine = createEngine({
      store: connectTo(node, { database, timeline, operations, isFree: () => isFree }),
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
      if (!commit || node.process.dead || feed !== 'any') continue;
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
      else if (!operation.isSlow) give(operation);
    });
  }

  function give(operation: Operation) {
    const { node, label, answer, resolve } = operation;
    instant++;
    remove(operation);
    // The two reads of an activation are waited for together: which came first makes no difference.
    const isHalf = label.startsWith('load');
    if (!isHalf) note(node, label, answer?.value);
    else if (node.half === undefined) node.half = textOf(label, answer?.value);
    else {
      node.seen = intern(
        [String(node.seen), ...[node.half, textOf(label, answer?.value)].sort()].join(' '),
      );
      node.half = undefined;
    }
    resolve(answer?.value);
  }

  function hear(node: SmallNode) {
    instant++;
    hearNow(node, node.stream.waiting.shift() as Commit);
  }

  function hearNow(node: SmallNode, commit: Commit) {
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
    endProcess(node.process);
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
      ({ process, seen, half, stream }) =>
        `${process.dead ? '†' : `${seen} ${half}`} ${stream.waiting.map(({ id, seq }) => `${id}#${seq}`)}`,
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
    await timeline.run(() => timeline.nextAt > until);
    let isThere = false;
    timeline.after(Math.max(0, until - timeline.now), () => {
      isThere = true;
    });
    await timeline.run(() => isThere);
  }
}

const kindOf = (id: string): string => (id.startsWith('shift') ? 'shift' : 'order');
