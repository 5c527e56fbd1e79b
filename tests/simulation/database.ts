import type { Clock } from '../../src/engine/clock.ts';
import type { MemoryCollection, MemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import type { NodeInfo, Store } from '../../src/engine/store.ts';
import type { Commit } from '../../src/engine/types.ts';
import type { Timeline } from './timeline.ts';

/** Virtual ms 0 in epoch ms. */
export const EPOCH = 1_700_000_000_000;

/** A replica set: what its majority has, and for a while what only its primary has. */
export interface SimulatedDatabase {
  /** The database's clock, epoch ms: the present primary's. */
  now(): number;
  /** Whether every node is cut off. */
  isOut: boolean;
  /** Reads of the majority. */
  readonly reads: Store;
  /** Writes to the primary. */
  readonly writes: Store;
  /** What the majority has of a kind. */
  collection(kind: string): MemoryCollection;
  /** Resolves what was written while the followers are away; undefined: they are there. */
  readonly isolation: Promise<'healed' | 'lost'> | undefined;
  /** The primary loses its followers: what it takes now is of no majority. */
  isolate(): void;
  /** The followers are back, and have everything. */
  heal(): void;
  /** Another primary takes over: what the old one had alone is gone. Gives those steps. */
  failOver(clockJumpMs: number): Commit[];
  /** Called for every step in the instant in which a majority has it; `appliedAt` is when its write began. */
  onMajority(listener: (commit: Commit, appliedAt: number) => void): void;
}

interface Applied {
  commit: Commit;
  appliedAt: number;
}

type Collections = Map<string, MemoryCollection>;

export function createSimulatedDatabase(
  timeline: Timeline,
  tamper: (writes: Store) => Store = (writes) => writes,
): SimulatedDatabase {
  const nodes = new Map<string, NodeInfo>();
  const listeners: ((commit: Commit, appliedAt: number) => void)[] = [];
  let jumpedMs = 0;
  let majority: Collections = new Map();
  let alone: { collections: Collections; steps: Applied[] } | undefined;
  let isolation: Promise<'healed' | 'lost'> | undefined;
  let end: (how: 'healed' | 'lost') => void = () => {};

  const now = () => Math.floor(EPOCH + timeline.now + jumpedMs);
  const clock: Clock = { now, after: () => () => {}, sleep: async () => {} };
  const tell = ({ commit, appliedAt }: Applied) => {
    for (const listener of listeners) listener(commit, appliedAt);
  };

  const viewOf = (collections: () => Collections, publish: (commit: Commit) => void) =>
    createMemoryStore({
      clock,
      nodes,
      collection: (kind) => collectionIn(collections(), kind),
      publish,
      watch: () => () => {},
    } satisfies MemoryDatabase);

  const reads = viewOf(
    () => majority,
    () => {
      throw new Error('a read wrote');
    },
  );
  const writes = viewOf(
    () => alone?.collections ?? majority,
    (commit) => {
      const step = { commit, appliedAt: now() };
      if (alone) alone.steps.push(step);
      else tell(step);
    },
  );

  function finish(how: 'healed' | 'lost'): Applied[] {
    const steps = alone?.steps ?? [];
    if (how === 'healed' && alone) majority = alone.collections;
    alone = undefined;
    isolation = undefined;
    end(how);
    return steps;
  }

  return {
    now,
    isOut: false,
    reads,
    writes: tamper(writes),
    collection: (kind) => collectionIn(majority, kind),
    get isolation() {
      return isolation;
    },
    isolate() {
      alone ??= { collections: copy(majority), steps: [] };
      isolation ??= new Promise((resolve) => {
        end = resolve;
      });
    },
    heal() {
      // In the order in which the primary took them, one by one: each is checked as it becomes true.
      const taken = alone;
      if (!taken) return;
      const steps = finish('healed');
      for (const step of steps) tell(step);
    },
    failOver(clockJumpMs) {
      jumpedMs += clockJumpMs;
      return finish('lost').map(({ commit }) => commit);
    },
    onMajority: (listener) => void listeners.push(listener),
  };
}

function collectionIn(collections: Collections, kind: string): MemoryCollection {
  const collection = collections.get(kind) ?? { actors: new Map(), holds: new Map() };
  collections.set(kind, collection);
  return collection;
}

/** Actors are frozen and replaced whole, so a copy of the maps is a copy of the database. */
const copy = (collections: Collections): Collections =>
  new Map(
    [...collections].map(([kind, { actors, holds }]) => [
      kind,
      { actors: new Map(actors), holds: new Map(holds) },
    ]),
  );
