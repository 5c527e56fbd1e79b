import { orderKind } from '../../machines/order-kind.ts';
import { contextOf } from '../../machines/order-readers.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createDispatch, type Dispatch } from '../../src/dispatch/create-dispatch.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import type { Clock } from '../../src/engine/clock.ts';
import {
  createEngine,
  type EngineAlarm,
  type RunningEngine,
} from '../../src/engine/create-engine.ts';
import type { Chance } from './chance.ts';
import { type Connection, connect, type Network } from './connection.ts';
import { EPOCH } from './database.ts';
import {
  createSimulatedFleet,
  openSimulatedDocuments,
  type SideCollections,
} from './side-collections.ts';
import type { Process, Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** Durations of the simulated zone are short enough without it; only the lost-driver sweep needs it. */
const TIME_SCALE = 60;

export interface SimulatedNode {
  process: Process;
  connection: Connection;
  engine: RunningEngine;
  dispatch: Dispatch;
  /** Virtual ms at which it began to serve; undefined: not yet. */
  servesSince: number | undefined;
}

export interface NodeDeps {
  network: Network;
  side: SideCollections;
  process: Process;
  chance: Chance;
  /** Local clock minus true time, ms. */
  skewMs: number;
  /** Orders whose deadlines throw: what a bug of ours would do. */
  poisoned: ReadonlySet<string>;
  onAlarm(alarm: EngineAlarm): void;
  onError(error: unknown): void;
}

/** One node: the real engine, dispatch and machines on a simulated connection and a local clock of its own. */
export function createNode(deps: NodeDeps): SimulatedNode {
  const { network, process, chance, side } = deps;
  const connection = connect(network, process);
  const localClock = createLocalClock(network.timeline, process, deps.skewMs);
  const random = () => chance.next();
  let nextId = 0;
  const ids = { next: () => `${process.name}-${++nextId}` };
  const onError = (error: unknown) => {
    if (error instanceof PoisonError) network.witness.onDueFailed(process.name, error.orderId);
    deps.onError(error);
  };
  const engine = watched(
    createEngine({
      ...{ store: connection.store, localClock, ids, random, node: process.name },
      kinds: [withPoison(orderKind, deps.poisoned), shiftKind],
      onAlarm: deps.onAlarm,
      onError,
      // So few that actors leave the cache in the middle of things, or so many that they never do.
      maxHotActors: chance.isTrue(0.5) ? 4 : 40,
      checkLive: true,
    }),
    process.name,
    network.witness,
  );
  const fleet = createSimulatedFleet(side, connection, { clock: engine.clock, onError });
  const dispatch = createDispatch({
    ...{
      engine,
      store: connection.store,
      clock: engine.clock,
      ids,
      random,
      fleet,
      onError,
    },
    open: openSimulatedDocuments(side, connection),
    timeScale: TIME_SCALE,
  });
  return { process, connection, engine, dispatch, servesSince: undefined };
}

/** Starts it; a node that cannot reach the database at once tries again, as `serve` does. */
export async function startNode(node: SimulatedNode, timeline: Timeline): Promise<void> {
  await node.engine.start();
  node.dispatch.start();
  node.servesSince = timeline.now;
}

function createLocalClock(timeline: Timeline, process: Process, skewMs: number): Clock {
  const after = (delayMs: number, fn: () => void) => timeline.after(delayMs, fn, process);
  return {
    now: () => EPOCH + timeline.now + skewMs,
    after,
    sleep: (delayMs) => new Promise((resolve) => void after(delayMs, resolve)),
  };
}

/** The same kind, but time does not do these orders any good. */
const withPoison = (kind: ActorKind, poisoned: ReadonlySet<string>): ActorKind => ({
  ...kind,
  dueEvent(snapshot, at) {
    const due = kind.dueEvent(snapshot, at);
    const { orderId } = contextOf(snapshot);
    if (due && poisoned.has(orderId)) throw new PoisonError(orderId);
    return due;
  },
});

/** The same engine, under the eyes of the witness. */
const watched = (engine: RunningEngine, node: string, witness: Witness): RunningEngine => ({
  ...engine,
  async send(request) {
    const onAnswer = witness.onAsked(request);
    try {
      const taken = await engine.send(request);
      onAnswer({ seq: taken.seq });
      return taken;
    } catch (error) {
      onAnswer({ error });
      throw error;
    }
  },
  onEffect(type, handler) {
    engine.onEffect(type, (effect) => {
      witness.onEffectRun(node, effect);
      return handler(effect);
    });
  },
});

export class PoisonError extends Error {
  readonly orderId: string;
  constructor(orderId: string) {
    super(`${orderId} is poisoned`);
    this.orderId = orderId;
  }
}
