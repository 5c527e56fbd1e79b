import type { Clock } from './clock.ts';
import type { FeedHandlers, NodeInfo, StoredActor } from './store.ts';
import type { Commit, HistoryEntry } from './types.ts';

/** An actor as the memory store keeps it: frozen plain JSON, replaced whole by every write. */
export interface MemoryActor extends StoredActor {
  holds: readonly string[];
  history: readonly HistoryEntry[];
}

export interface MemoryCollection {
  actors: Map<string, MemoryActor>;
  /** Hold → the actor that has it. */
  holds: Map<string, string>;
}

/** What several nodes share when there is no MongoDB: for tests, simulation and a first look. */
export interface MemoryDatabase {
  /** The database's clock. */
  readonly clock: Clock;
  collection(kind: string): MemoryCollection;
  readonly nodes: Map<string, NodeInfo>;
  /** Tells every watcher, in order, after the present turn. */
  publish(commit: Commit): void;
  watch(handlers: FeedHandlers): () => void;
}

/** As often as an idle change stream gives a sign of life. */
const HEARTBEAT_EVERY_MS = 500;

/** A database in memory: nothing in it survives the process. */
export function createMemoryDatabase({ clock }: { clock: Clock }): MemoryDatabase {
  const collections = new Map<string, MemoryCollection>();
  const watchers = new Set<FeedHandlers>();

  return {
    clock,
    nodes: new Map(),
    collection(kind) {
      const collection = collections.get(kind) ?? { actors: new Map(), holds: new Map() };
      collections.set(kind, collection);
      return collection;
    },
    publish(commit) {
      for (const handlers of watchers) {
        queueMicrotask(() => {
          if (watchers.has(handlers)) handlers.onCommit(commit);
        });
      }
    },
    watch(handlers) {
      watchers.add(handlers);
      let cancel = clock.after(HEARTBEAT_EVERY_MS, beat);
      return () => {
        cancel();
        watchers.delete(handlers);
      };

      function beat() {
        handlers.onHeartbeat();
        cancel = clock.after(HEARTBEAT_EVERY_MS, beat);
      }
    },
  };
}

/** What a database would give back: plain JSON that shares nothing with what went in. */
export function stored<T>(value: T): T {
  return deepFreeze(JSON.parse(JSON.stringify(value)) as T);
}

function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  for (const key in value) deepFreeze(value[key]);
  return Object.freeze(value);
}
