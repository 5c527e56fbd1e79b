import type { Clock, Random } from './clock.ts';
import type { EffectHandler } from './engine.ts';
import { ownerOf } from './share.ts';
import type { Store } from './store.ts';
import type { OutboxItem } from './types.ts';

const SWEEP_EVERY_MS = 2_000;
const SWEEP_JITTER_MS = 250;
/** For this long an overdue effect is left to the node whose share it is. */
const SHARE_MS = 2_000;
const PAGE = 100;
const MAX_RUNNING = 50;
/** Effects of this node that wait for their turn; beyond them the sweep finds what is left. */
const MAX_WAITING = 10_000;
const MAX_BACKOFF_MS = 5 * 60_000;
/** Failed attempts that make an effect somebody's problem; it is tried for ever all the same. */
const STUCK_AFTER = 20;

export interface Outbox {
  /** Runs effects that were just committed by this node. */
  enqueue(kind: string, id: string, items: readonly OutboxItem[]): void;
  start(): () => void;
  /** Resolves once nothing runs. */
  idle(): Promise<void>;
}

/**
 * Runs every effect at least once: at once by the node that committed it, by any node's sweep if
 * that one died. An effect is removed only when it is done.
 */
export function createOutbox(deps: {
  store: Store;
  clock: Clock;
  random: Random;
  kinds: readonly string[];
  node: string;
  liveNodes(): readonly string[];
  handlers: ReadonlyMap<string, EffectHandler>;
  onStuck(kind: string, id: string, item: OutboxItem, error: unknown): void;
  onError(error: unknown): void;
}): Outbox {
  const { store, clock } = deps;
  const waiting: { kind: string; id: string; item: OutboxItem }[] = [];
  const known = new Set<string>();
  let runningCount = 0;
  let onIdle: (() => void)[] = [];
  let stopped = false;

  function enqueue(kind: string, id: string, items: readonly OutboxItem[]) {
    for (const item of items) {
      if (known.has(item.id) || waiting.length >= MAX_WAITING) continue;
      known.add(item.id);
      waiting.push({ kind, id, item });
    }
    pump();
  }

  function pump() {
    while (!stopped && runningCount < MAX_RUNNING) {
      const next = waiting.shift();
      if (!next) break;
      runningCount++;
      void run(next.kind, next.id, next.item).finally(() => {
        known.delete(next.item.id);
        runningCount--;
        pump();
        if (runningCount > 0) return;
        for (const resolve of onIdle) resolve();
        onIdle = [];
      });
    }
  }

  async function run(kind: string, id: string, item: OutboxItem) {
    try {
      const handler = deps.handlers.get(item.type);
      if (!handler) throw new Error(`no handler for effect ${item.type}`);
      const { type, payload, tries } = item;
      await handler({ id: item.id, kind, actorId: id, type, payload, tries });
    } catch (error) {
      await retryLater(kind, id, item, error);
      return;
    }
    // A failure here runs the effect again, which its own id makes harmless.
    await store.pullEffect(kind, id, item.id).catch(deps.onError);
  }

  async function retryLater(kind: string, id: string, item: OutboxItem, error: unknown) {
    const tries = item.tries + 1;
    const backoffMs = Math.min(MAX_BACKOFF_MS, 500 * 2 ** Math.min(tries, 16));
    deps.onError(error);
    if (tries === STUCK_AFTER) deps.onStuck(kind, id, item, error);
    await store.retryEffect(kind, id, item.id, clock.now() + backoffMs, tries).catch(deps.onError);
  }

  async function sweep() {
    const nodes = deps.liveNodes();
    for (const kind of deps.kinds) {
      const found = await store.dueOutbox(kind, clock.now(), PAGE);
      for (const { id, items } of found) {
        const isMine = ownerOf(id, nodes) === deps.node;
        enqueue(
          kind,
          id,
          items.filter(({ dueAt }) => isMine || clock.now() - dueAt >= SHARE_MS),
        );
      }
    }
  }

  return {
    enqueue,
    start() {
      let cancel = clock.after(0, again);
      return () => {
        stopped = true;
        cancel();
      };

      function again() {
        sweep()
          .catch(deps.onError)
          .finally(() => {
            if (stopped) return;
            cancel = clock.after(SWEEP_EVERY_MS + deps.random() * SWEEP_JITTER_MS, again);
          });
      }
    },
    idle: () =>
      runningCount === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve)),
  };
}
