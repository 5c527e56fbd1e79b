import type { mongo } from 'mongoose';
import { orderKind } from '../machines/order-kind.ts';
import { createEngine, type RunningEngine } from '../src/engine/create-engine.ts';
import { createMemoryDatabase } from '../src/engine/memory-database.ts';
import { createMemoryStore } from '../src/engine/memory-store.ts';
import { type ActorDocument, documentOf, updateOf } from '../src/engine/mongo-documents.ts';
import type { Change } from '../src/engine/store.ts';
import { createSystemClock, systemIds, systemRandom } from '../src/engine/system-clock.ts';
import type { Command, Principal } from '../src/engine/types.ts';
import {
  buildEngine,
  inFlight,
  openStore,
  placing,
  quantile,
  spread,
  verdict,
  withMongod,
} from './support.ts';

const operator: Principal = { role: 'operator', id: 'bench' };
const commandsOf = (orderId: string): Command[] => [
  { type: 'search.start' },
  { type: 'order.assign', driverId: `driver-${orderId}`, slot: 0, capacity: 1, reason: 'bench' },
  { type: 'store.ready' },
  { type: 'order.arriveStore' },
  { type: 'order.pickUp' },
  { type: 'order.arriveDoor' },
];

/**
 * Engine commands against one `updateOne` per command that carries the same filter and the same
 * update, on fresh documents of the same size, in turns on one mongod. Both sides have the indexes
 * and an open change stream.
 */
export async function benchCommit({ short }: { short: boolean }): Promise<void> {
  const orders = short ? 400 : 1_000;
  const rounds = short ? 3 : 7;
  await withMongod(async (connect) => {
    const store = await openStore(await connect('engine'));
    const engine = buildEngine(store);
    const stop = await engine.start();
    const floorConnection = await connect('floor');
    const floorStore = await openStore(floorConnection);
    const closeFloorFeed = await floorStore.watch({
      onCommit() {},
      onHeartbeat() {},
      onResync() {},
    });
    const floor = floorConnection.getClient().db('floor').collection<ActorDocument>('order');

    const ratios: number[] = [];
    const latencies: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const name = `r${round}`;
      const both = [
        await engineRound(engine, `${name}-many`, orders, 200),
        await floorRound(floor, `${name}-many`, orders, 200),
      ];
      const alone = [
        await engineRound(engine, `${name}-one`, short ? 20 : 50, 1),
        await floorRound(floor, `${name}-one`, short ? 20 : 50, 1),
      ];
      // The first round warms up what is compiled and cached.
      if (round < 0) continue;
      const [ours, theirs] = both as [Round, Round];
      const [oursAlone, theirsAlone] = alone as [Round, Round];
      ratios.push(ours.perSecond / theirs.perSecond);
      latencies.push(oursAlone.p50 / theirsAlone.p50);
      console.log(
        `round ${round + 1}: 200 in flight ${ours.perSecond.toFixed(0)}/s against ${theirs.perSecond.toFixed(0)}/s` +
          ` (p99 ${ours.p99.toFixed(0)} ms against ${theirs.p99.toFixed(0)} ms);` +
          ` 1 in flight p50 ${oursAlone.p50.toFixed(2)} ms against ${theirsAlone.p50.toFixed(2)} ms`,
      );
    }
    const size = await largest(floor);
    console.log(`\ndocuments of the floor: largest ${size} bytes without history`);
    console.log(`200 in flight, commands per updateOne: ${spread(ratios)}`);
    console.log(`1 in flight, p50 per updateOne's p50:  ${spread(latencies)}`);
    console.log(verdict(quantile(ratios, 0.5), quantile(ratios, 0.5) >= 1.8, '≥ 1.8'));
    console.log(verdict(quantile(latencies, 0.5), quantile(latencies, 0.5) <= 1.3, '≤ 1.3'));
    await stop();
    await closeFloorFeed();
    await Promise.all([store.close(), floorStore.close()]);
  });
}

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

const idsOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

async function engineRound(
  engine: RunningEngine,
  name: string,
  count: number,
  limit: number,
): Promise<Round> {
  const ids = idsOf(name, count);
  const searchAt = Date.now() + 86_400_000;
  await inFlight(ids, 200, async (id) => {
    const by: Principal = { role: 'customer', id: `customer-${id}` };
    await engine.send({ kind: 'order', id, command: placing(id, searchAt) as never, by });
  });
  return measure(ids, limit, (id) =>
    commandsOf(id).map((command) => async () => {
      await engine.send({ kind: 'order', id, command, by: operator });
    }),
  );
}

async function floorRound(
  floor: mongo.Collection<ActorDocument>,
  name: string,
  count: number,
  limit: number,
): Promise<Round> {
  const ids = idsOf(name, count);
  const changes = await recordChanges(ids);
  const births = [...changes.values()].map(([birth]) => documentOf(birth as Change));
  await floor.insertMany(births as never, { ignoreUndefined: true });
  const options = { writeConcern: { w: 'majority', j: true }, ignoreUndefined: true } as const;
  return measure(ids, limit, (id) =>
    (changes.get(id) ?? []).slice(1).map((change) => {
      const { filter, update } = updateOf(change);
      return async () => {
        const { matchedCount } = await floor.updateOne(filter, update, options);
        if (matchedCount !== 1) throw new Error(`${id} did not match`);
      };
    }),
  );
}

/** What the engine would write: the changes of the same journey, taken on the memory store. */
async function recordChanges(ids: readonly string[]): Promise<Map<string, Change[]>> {
  const clock = createSystemClock();
  const memory = createMemoryStore(createMemoryDatabase({ clock }));
  const changes = new Map<string, Change[]>(ids.map((id) => [id, []]));
  const engine = createEngine({
    store: {
      ...memory,
      async commit(change) {
        changes.get(change.id)?.push(change);
        return memory.commit(change);
      },
    },
    kinds: [orderKind],
    ...{ localClock: clock, ids: systemIds, random: systemRandom, node: 'bench' },
    onAlarm() {},
    onError: (error) => console.error(error),
  });
  const stop = await engine.start();
  const searchAt = Date.now() + 86_400_000;
  for (const id of ids) {
    const by: Principal = { role: 'customer', id: `customer-${id}` };
    await engine.send({ kind: 'order', id, command: placing(id, searchAt) as never, by });
    for (const command of commandsOf(id)) {
      await engine.send({ kind: 'order', id, command, by: operator });
    }
  }
  await stop();
  return changes;
}

/** One order's commands one after the other, so many orders at once. */
async function measure(
  ids: readonly string[],
  limit: number,
  work: (id: string) => (() => Promise<void>)[],
): Promise<Round> {
  const prepared = ids.map(work);
  const took: number[] = [];
  const startedAt = performance.now();
  await inFlight(prepared, limit, async (commands) => {
    for (const command of commands) {
      const sentAt = performance.now();
      await command();
      took.push(performance.now() - sentAt);
    }
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    perSecond: took.length / seconds,
    p50: quantile(took, 0.5),
    p99: quantile(took, 0.99),
  };
}

async function largest(floor: mongo.Collection<ActorDocument>): Promise<number> {
  const [found] = await floor
    .aggregate<{ size: number }>([
      { $unset: 'history' },
      { $group: { _id: null, size: { $max: { $bsonSize: '$$ROOT' } } } },
    ])
    .toArray();
  return found?.size ?? 0;
}
