import { LRUCache } from 'lru-cache';
import type { ActorKind } from './actor-kind.ts';
import type { Clock } from './clock.ts';
import type { Feed, FeedListener } from './feed.ts';
import { replay } from './replay.ts';
import type { Store } from './store.ts';
import type { Commit } from './types.ts';

/** Silence of the database that makes a screen stale. */
const STALE_AFTER_MS = 2_000;
const CHECK_EVERY_MS = 500;
export interface CommittedFeed extends Feed {
  /**
   * This node is about to commit the step after `seq`: from now on a later step of another node is
   * known to have one before it, even if nothing of the actor was heard so far.
   */
  expect(kind: string, id: string, seq: number): void;
  /** Puts one of this node's own commits into the feed. */
  publish(commit: Commit): void;
  /** Opens the store's stream. */
  start(): Promise<() => Promise<void>>;
}

/**
 * Joins this node's commits with the store's stream of everyone's into one feed, each actor's steps
 * in seq order, each once: a repeated seq is dropped, a gap is filled from the history first.
 */
export function createCommittedFeed(deps: {
  store: Store;
  clock: Clock;
  kinds: ReadonlyMap<string, ActorKind>;
  node: string;
  /** Actors whose last seq is remembered: beyond these a repeated step may pass, never a missing one. */
  remembered: number;
  /** Called before a step of another node is published: what is in memory of this actor is old. */
  onForeign(commit: Commit): void;
  onError(error: unknown, commit: Commit): void;
  /** Another server of the database leads, with a clock of its own. */
  onNewPrimary(): void;
}): CommittedFeed {
  const listeners = new Set<FeedListener>();
  const lastSeen = new LRUCache<string, number>({ max: deps.remembered });
  /** Of actors not heard of: the step that is known to exist, and may yet come. */
  const expected = new LRUCache<string, number>({
    // Bounded by size: room for `max` entries would be taken at once, and few are ever needed.
    ...{ maxSize: deps.remembered, sizeCalculation: () => 1 },
  });
  /** Actors whose gap is being filled, with the steps that wait for it. */
  const filling = new Map<string, Commit[]>();
  let heardAt = 0;
  let stale = false;

  function take(commit: Commit) {
    const key = `${commit.kind}/${commit.id}`;
    const waiting = filling.get(key);
    if (waiting) {
      waiting.push(commit);
      return;
    }
    const last = lastSeen.get(key);
    if (last !== undefined && commit.seq <= last) return;
    const before = last ?? expected.get(key);
    if (before !== undefined && commit.seq > before + 1) {
      filling.set(key, [commit]);
      void fill(key, commit, before);
      return;
    }
    emit(key, commit);
  }

  async function fill(key: string, commit: Commit, last: number) {
    let missed: Commit[] = [];
    try {
      missed = await readCommits(commit, last);
    } catch (error) {
      // The steps cannot be had now; whoever watches must not believe that there were none.
      deps.onError(error, commit);
      lastSeen.delete(key);
      expected.delete(key);
      for (const listener of listeners) listener.onResync?.();
    }
    const waiting = filling.get(key) ?? [];
    filling.delete(key);
    // Among those that waited there may be another gap.
    for (const each of [...missed, ...waiting].sort((a, b) => a.seq - b.seq)) take(each);
  }

  /** Steps after `last` and before `commit`, rebuilt by replaying the history up to it. */
  async function readCommits(commit: Commit, last: number): Promise<Commit[]> {
    const { kind: name, id } = commit;
    const kind = deps.kinds.get(name);
    const stored = await deps.store.load(name, id);
    if (!kind || !stored) throw new Error(`no ${name} ${id}`);
    const history = await deps.store.history(name, id, 0);
    const missed: Commit[] = [];
    for (const { entry, before, after } of replay(kind, id, stored.machineVersion, history)) {
      if (entry.seq >= commit.seq) break;
      if (entry.seq <= last) continue;
      const audience = kind.audienceOf(before, entry.event, after);
      missed.push({
        kind: name,
        id,
        seq: entry.seq,
        entry,
        node: '',
        audience,
        snapshot: after,
      });
    }
    if (missed.length < commit.seq - last - 1) {
      throw new Error(
        `${name} ${id}: steps between #${last} and #${commit.seq} are not in its history`,
      );
    }
    return missed;
  }

  function emit(key: string, commit: Commit) {
    lastSeen.set(key, commit.seq);
    expected.delete(key);
    // Not when it arrives: while a gap before it is filled, an actor may be read that is older still.
    if (commit.node !== deps.node) deps.onForeign(commit);
    for (const listener of listeners) listener.onCommit(commit);
  }

  function setStale(value: boolean) {
    if (stale === value) return;
    stale = value;
    for (const listener of listeners) listener.onStale?.(value);
    // What happened during the silence may never come: everyone reads again.
    if (!value) for (const listener of listeners) listener.onResync?.();
  }

  function hear() {
    heardAt = deps.clock.now();
    setStale(false);
  }

  return {
    expect(kind, id, seq) {
      const key = `${kind}/${id}`;
      if (!lastSeen.has(key)) expected.set(key, seq);
    },
    publish: take,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get stale() {
      return stale;
    },
    async start() {
      const close = await deps.store.watch({
        onCommit(commit) {
          hear();
          take(commit);
        },
        onHeartbeat: hear,
        onNewPrimary: deps.onNewPrimary,
        onResync() {
          lastSeen.clear();
          expected.clear();
          for (const listener of listeners) listener.onResync?.();
        },
      });
      hear();
      let cancel = deps.clock.after(CHECK_EVERY_MS, check);
      return async () => {
        cancel();
        await close();
      };

      function check() {
        if (deps.clock.now() - heardAt > STALE_AFTER_MS) setStale(true);
        cancel = deps.clock.after(CHECK_EVERY_MS, check);
      }
    },
  };
}
