import { presentEvent } from '../../src/api/presenters/present-event.ts';
import { missedSteps } from '../../src/api/services/missed.ts';
import { createOrderWatch, type OrderWatch } from '../../src/client/order-watch.ts';
import type { Commit, Principal } from '../../src/engine/types.ts';
import type { OrderStep } from '../../src/protocol/orders.ts';
import type { Chance } from './chance.ts';
import { InjectedFault } from './faults.ts';
import type { SimulatedNode } from './node.ts';
import type { Timeline } from './timeline.ts';

/** Somebody who follows an order: the real client's watch, on a socket that dies with its node. */
export interface Watcher {
  readonly orderId: string;
  readonly who: string;
  /** The last step applied. */
  seq(): number;
  stale(): boolean;
}

interface Socket {
  node: SimulatedNode;
  /** What is pushed arrives in order. */
  push(message: () => void): void;
}

const READ_TIMEOUT_MS = 2_000;

export function createWatcher(deps: {
  timeline: Timeline;
  chance: Chance;
  nodes(): readonly SimulatedNode[];
  orderId: string;
  viewer: Principal;
  onWrong(what: string): void;
}): Watcher {
  const { timeline, chance, orderId, viewer } = deps;
  const sleep = (ms: number) => new Promise<void>((resolve) => void timeline.after(ms, resolve));
  let socket: Socket | undefined;
  let told = 0;

  const watch: OrderWatch<OrderStep> = createOrderWatch<{ seq: number }, OrderStep>({
    read,
    isRedacted: (step) => !('type' in step),
    handlers: {
      onEvent({ seq, orderId: of }) {
        if (seq <= told) deps.onWrong(`was told #${seq} after #${told}`);
        if (of !== orderId) deps.onWrong(`was told a step of ${of}`);
        told = seq;
      },
      onSnapshot({ seq }) {
        if (seq < told) deps.onWrong(`was shown #${seq} after #${told}`);
        told = seq;
      },
      onLost: (error) => deps.onWrong(`cannot watch any longer: ${error}`),
    },
  });

  void connect().then(() => watch.resync());
  return {
    orderId,
    who: `${viewer.role} ${viewer.id}`,
    seq: watch.seq,
    stale: watch.stale,
  };

  /** Until somebody serves; then until that node is gone. */
  async function connect(): Promise<void> {
    for (;;) {
      const serving = deps
        .nodes()
        .filter(({ servesSince, process }) => servesSince !== undefined && !process.dead);
      if (serving.length > 0) {
        socket = open(chance.pick(serving));
        socket.node.process.mourners.push(() => void reconnect());
        return;
      }
      await sleep(300);
    }
  }

  /** A line that is dead is noticed a little later. */
  async function reconnect(): Promise<void> {
    await sleep(chance.between(100, 1_200));
    watch.suspend();
    await connect();
    watch.resync();
  }

  /** The server's side: joins the feed at once, as a watch does before it reads. */
  function open(node: SimulatedNode): Socket {
    let lastAt = 0;
    const push = (message: () => void) => {
      lastAt = Math.max(lastAt, timeline.now + chance.between(1, 30));
      timeline.after(lastAt - timeline.now, message);
    };
    node.engine.feed.subscribe({
      onCommit(commit) {
        if (commit.kind !== 'order' || commit.id !== orderId) return;
        const step = presentEvent(commit, viewer);
        push(() => watch.receive(step));
      },
      onResync: () => push(() => watch.resync()),
      onStale: (stale) => push(() => (stale ? watch.suspend() : undefined)),
    });
    return { node, push };
  }

  async function read(sinceSeq: number | undefined) {
    for (;;) {
      const answer = await ask(sinceSeq);
      if (answer) return answer;
      await sleep(chance.between(100, 800));
    }
  }

  /** Undefined when nothing came back in time: a broken line, or an order that is not placed yet. */
  function ask(sinceSeq: number | undefined) {
    return new Promise<{ snapshot: { seq: number }; events: OrderStep[] } | undefined>(
      (resolve) => {
        timeline.after(READ_TIMEOUT_MS, () => resolve(undefined));
        const asked = socket;
        if (!asked) return;
        const { node, push } = asked;
        timeline.after(
          chance.between(5, 50),
          () =>
            void answer(node, sinceSeq).then(
              (found) => push(() => resolve(found)),
              (error) => {
                if (!(error instanceof InjectedFault)) deps.onWrong(`reading failed: ${error}`);
              },
            ),
          node.process,
        );
      },
    );
  }

  async function answer({ engine, connection }: SimulatedNode, sinceSeq: number | undefined) {
    const actor = await engine.read('order', orderId);
    if (!actor) return undefined;
    const missed =
      sinceSeq === undefined ? [] : await missedSteps(connection.store, actor, sinceSeq);
    return {
      snapshot: { seq: actor.seq },
      events: missed.map((commit) => presentEvent(commit as Commit, viewer)),
    };
  }
}
