import type { ActorKind } from '../../src/engine/actor-kind.ts';
import {
  createEngine,
  type EngineAlarm,
  type RunningEngine,
} from '../../src/engine/create-engine.ts';
import { createMemoryDatabase, type MemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import type { Store } from '../../src/engine/store.ts';
import type { Commit } from '../../src/engine/types.ts';
import { lampKind } from './lamp-kind.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export interface World {
  clock: ManualClock;
  database: MemoryDatabase;
  /**
   * Starts a node on the shared database; `wrap` may tamper with its store.
   * @param options.kind the lamps that this node carries; by default those of version 1
   */
  node(
    name: string,
    options?: { wrap?: (store: Store) => Store; kind?: ActorKind },
  ): Promise<WorldNode>;
}

export interface WorldNode {
  engine: RunningEngine;
  store: Store;
  /** What the node's feed published, in order. */
  commits: Commit[];
  alarms: EngineAlarm[];
  errors: unknown[];
  worked: string[];
  effects: string[];
  stop(): Promise<void>;
}

/** Several nodes, one database, one clock, and lamps: everything the engine does, with no real time. */
export function createWorld(): World {
  const clock = createManualClock();
  const database = createMemoryDatabase({ clock });
  let nextId = 0;

  return {
    clock,
    database,
    async node(name, { wrap = (store: Store) => store, kind = lampKind } = {}) {
      const store = wrap(createMemoryStore(database));
      const node = { alarms: [], errors: [], commits: [], worked: [], effects: [] } as Pick<
        WorldNode,
        'alarms' | 'errors' | 'commits' | 'worked' | 'effects'
      >;
      const engine = createEngine({
        store,
        kinds: [kind],
        localClock: clock,
        ids: { next: () => `id-${++nextId}` },
        random: () => 0.5,
        node: name,
        onAlarm: (alarm) => void node.alarms.push(alarm),
        onError: (error) => void node.errors.push(error),
        checkLive: true,
      });
      engine.onWork('electrician', async ({ id }) => {
        node.worked.push(id);
        return undefined;
      });
      engine.onEffect('sweep.up', async ({ actorId }) => {
        node.effects.push(actorId);
      });
      engine.feed.subscribe({ onCommit: (commit) => void node.commits.push(commit) });
      const stop = await engine.start();
      return { ...node, engine, store, stop };
    },
  };
}
