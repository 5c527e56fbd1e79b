import { LRUCache } from 'lru-cache';
import type { ActorKind } from './actor-kind.ts';
import type { Clock, Random } from './clock.ts';
import { createDeadlineHeap } from './deadline-heap.ts';
import { ownerOf } from './share.ts';
import type { DueItem, Store } from './store.ts';

/** One sweep of the store every so often; with the share rule, period + slack + jitter ≤ 4 s. */
const SWEEP_EVERY_MS = 1_000;
const SWEEP_JITTER_MS = 250;
/** For this long an overdue actor is left to the node whose share it is; then it is anyone's. */
const SHARE_MS = 2_000;
/** The sweep looks this far ahead, so that deadlines of nodes that died fire on time, not late. */
const LOOK_AHEAD_MS = 2_000;
/** The committing node's own timer goes first. */
const HEAD_START_MS = 100;
const PAGE = 500;
/** Wakes started between two turns of the event loop, and under way at once. */
const BATCH = 50;
const MAX_WAKING = 200;
const BUSY_RETRY_MS = 50;
const MAX_BACKOFF_MS = 60_000;
/** Failing actors that are told apart; beyond them the count of one begins anew. */
const MAX_FAILING = 1_000;
/** Failures in a row that make an actor somebody's problem. */
const POISONED_AFTER = 5;

export interface Scheduler {
  /** Wakes an actor at `at`; replaces an earlier instant. Forgotten with the process: the store's `wakeAt` is what lasts. */
  arm(kind: string, id: string, at: number): void;
  start(): () => void;
  readonly armed: number;
  /** How late the oldest due actor of the last sweep was, ms; 0 when none was due. */
  readonly backlogMs: number;
}

/**
 * Brings `wakeAt` to life. What this node committed wakes by a timer; what any node left behind is
 * found by sweeping the store. Both may fire: the second finds nothing due.
 */
export function createScheduler(deps: {
  store: Store;
  clock: Clock;
  random: Random;
  kinds: readonly ActorKind[];
  node: string;
  /** Names of the nodes that serve now. */
  liveNodes(): readonly string[];
  /** Sees to an actor; must be safe to call at any time, from any node, any number of times. */
  wake(kind: ActorKind, id: string): Promise<void>;
  onPoisoned(kind: string, id: string, error: unknown): void;
  onError(error: unknown): void;
}): Scheduler {
  const { store, clock } = deps;
  const kindsByName = new Map(deps.kinds.map((kind) => [kind.name, kind]));
  const heap = createDeadlineHeap();
  const waking = new Set<string>();
  const failures = new LRUCache<string, number>({ max: MAX_FAILING });
  let cancelTimer = () => {};
  let timerAt = Number.POSITIVE_INFINITY;
  let running = false;
  let backlogMs = 0;

  function arm(kind: string, id: string, at: number) {
    heap.set(`${kind}/${id}`, at);
    setTimer();
  }

  /** One OS timer, at the earliest instant. */
  function setTimer() {
    const at = heap.peek();
    if (!running || at === undefined || at >= timerAt) return;
    cancelTimer();
    timerAt = at;
    cancelTimer = clock.after(Math.max(0, at - clock.now()), fire);
  }

  function fire() {
    timerAt = Number.POSITIVE_INFINITY;
    const room = Math.min(BATCH, MAX_WAKING - waking.size);
    const due = room > 0 ? heap.takeDue(clock.now(), room) : [];
    for (const key of due) void wake(key);
    const next = heap.peek();
    if (!running || next === undefined) return;
    // One that was still awake armed itself anew just now: that timer is replaced, not left behind.
    cancelTimer();
    // A full house or a full batch: let other work run before the rest.
    timerAt = next;
    const pauseMs = room <= 0 ? 5 : Math.max(0, next - clock.now());
    cancelTimer = clock.after(pauseMs, fire);
  }

  async function wake(key: string): Promise<void> {
    const [name = '', id = ''] = splitKey(key);
    if (waking.has(key)) {
      // Its next instant came while the last one is still being seen to.
      arm(name, id, clock.now() + BUSY_RETRY_MS);
      return;
    }
    waking.add(key);
    const kind = kindsByName.get(name);
    try {
      if (kind) await deps.wake(kind, id);
      failures.delete(key);
    } catch (error) {
      await postpone(name, id, key, error);
    } finally {
      waking.delete(key);
    }
  }

  /** One actor that fails must not stand in the way of the others: later and later, then an alarm. */
  async function postpone(kind: string, id: string, key: string, error: unknown) {
    const count = (failures.get(key) ?? 0) + 1;
    try {
      const stored = await store.load(kind, id);
      if (!stored) return;
      const at = clock.now() + Math.min(MAX_BACKOFF_MS, 500 * 2 ** count);
      if (await store.defer(kind, id, stored.seq, at)) arm(kind, id, at);
      failures.set(key, count);
      deps.onError(error);
      if (count === POISONED_AFTER) deps.onPoisoned(kind, id, error);
    } catch (cause) {
      // The store cannot be reached, so nothing is wrong with the actor: the sweep comes back to it.
      deps.onError(cause);
    }
  }

  async function sweep() {
    backlogMs = 0;
    for (const kind of deps.kinds) {
      for (let full = true; full && running; ) {
        const items = await store.due(kind.name, clock.now() + LOOK_AHEAD_MS, PAGE);
        const taken = await takePage(kind, items);
        full = items.length === PAGE && taken > 0;
      }
    }
  }

  /** Wakes what is due and whose turn it is, arms what soon will be; gives the number of the former. */
  async function takePage(kind: ActorKind, items: DueItem[]): Promise<number> {
    const nodes = deps.liveNodes();
    const under: Promise<void>[] = [];
    let taken = 0;
    for (const { id, wakeAt, machineVersion } of items) {
      const lateMs = clock.now() - wakeAt;
      backlogMs = Math.max(backlogMs, lateMs);
      const isMine = ownerOf(id, nodes) === deps.node;
      // An actor of a version that only other nodes carry is theirs.
      if (!kind.machines.has(machineVersion) || (!isMine && lateMs < SHARE_MS)) continue;
      const key = `${kind.name}/${id}`;
      if (waking.has(key)) continue;
      if (lateMs < 0) {
        // Whoever committed it has a timer too, and goes first.
        if (!heap.has(key)) arm(kind.name, id, wakeAt + HEAD_START_MS);
        continue;
      }
      taken++;
      under.push(wake(key));
      if (under.length >= BATCH) await Promise.all(under.splice(0));
    }
    await Promise.all(under);
    return taken;
  }

  return {
    arm,
    start() {
      running = true;
      setTimer();
      let cancelSweep = clock.after(0, run);
      return () => {
        running = false;
        cancelTimer();
        cancelSweep();
      };

      function run() {
        sweep()
          .catch(deps.onError)
          .finally(() => {
            if (!running) return;
            cancelSweep = clock.after(SWEEP_EVERY_MS + deps.random() * SWEEP_JITTER_MS, run);
          });
      }
    },
    get armed() {
      return heap.size;
    },
    get backlogMs() {
      return backlogMs;
    },
  };
}

/** Ids may hold any character; kind names hold no slash. */
function splitKey(key: string): [string, string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
