import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mongoose';
import { orderKind } from '../machines/order-kind.ts';
import type { OrderPolicy, PlacedOrder } from '../machines/order-types.ts';
import { shiftKind } from '../machines/shift-kind.ts';
import { ACTOR_STORAGE } from '../src/cli/actor-storage.ts';
import { createEngine, type RunningEngine } from '../src/engine/create-engine.ts';
import { openMongoStore } from '../src/engine/mongo-store.ts';
import type { Store } from '../src/engine/store.ts';
import { createSystemClock, systemIds, systemRandom } from '../src/engine/system-clock.ts';
import { serveFolder, stopMongod, urlOf } from '../src/storage/embedded-mongod.ts';

/** A mongod of the bench's own, as `npm start` would start it; gone when `run` is done. */
export async function withMongod(run: (connect: Connect) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-bench-'));
  const record = await serveFolder(folder, process.env.MONGOD_BINARY);
  const connections: Connection[] = [];
  console.log(
    `on ${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, node ${process.version}, mongod ${record.version}\n`,
  );
  try {
    await run(async (dbName) => {
      const connection = await createConnection(urlOf(record), {
        ...{ dbName, autoIndex: false, autoCreate: false },
        maxPoolSize: 250,
      }).asPromise();
      connections.push(connection);
      return connection;
    });
  } finally {
    await Promise.all(connections.map((connection) => connection.close()));
    await stopMongod(record);
    await rm(folder, { recursive: true, force: true });
  }
}
export type Connect = (dbName: string) => Promise<Connection>;

export const openStore = (connection: Connection): Promise<Store> =>
  openMongoStore(connection, {
    kinds: ACTOR_STORAGE,
    onError: (error) => console.error('store:', error),
  });

export function buildEngine(store: Store, maxHotActors = 20_000): RunningEngine {
  const engine = createEngine({
    ...{ store, ids: systemIds, random: systemRandom, maxHotActors },
    kinds: [orderKind, shiftKind],
    localClock: createSystemClock(),
    node: 'bench',
    onAlarm: (alarm) => console.error('alarm:', alarm),
    onError: (error) => console.error('error:', error),
  });
  for (const type of ['alarm.raise', 'alarm.clear', 'shift.strike', 'shift.answer']) {
    engine.onEffect(type, async () => {});
  }
  return engine;
}

/** Operators decide everything, so that nothing but the measured commands happens. */
const POLICY: OrderPolicy = {
  mode: 'manual',
  offerMs: 20_000,
  graceMs: 1_500,
  seenMs: 5_000,
  searchMs: 86_400_000,
  retryMs: 3_000,
  escalateAfter: 3,
  batchSize: 3,
  radiiMeters: [3_000, 5_000, 7_000],
  releaseMs: 60_000,
  atRiskMs: 600_000,
  stallMs: 86_400_000,
  pinTries: 5,
};

/** An order of ordinary size, for later: it waits until somebody starts its search. */
export const placing = (orderId: string, searchAt: number): { type: string } & PlacedOrder => ({
  type: 'order.place',
  orderId,
  customerId: `customer-${orderId}`,
  storeId: 'store-1',
  zone: 'zone-1',
  items: ['Milk, 1 l', 'Sourdough loaf', 'Eggs, a dozen', 'Bananas, 1 kg'].map((name, index) => ({
    ...{ productId: `p${index}`, name, quantity: 1 + index, unitCents: 199 },
  })),
  totalCents: 2_280,
  feeCents: 290,
  currency: 'EUR',
  pickup: { lat: 38.7115, lng: -9.138 },
  dropoff: { lat: 38.7145, lng: -9.141 },
  address: 'Rua das Portas de Santo Antão 110, 3.º esq.',
  note: 'the bell does not work, please call',
  pin: '4711',
  searchAt,
  promisedAt: searchAt + 86_400_000,
  etaAt: searchAt + 3_600_000,
  policy: POLICY,
});

/** Runs `work` over all items, so many at once; order of the list. */
export async function inFlight<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The middle of several measurements, and how far apart they lie. */
export const spread = (values: readonly number[], digits = 2): string =>
  `${quantile(values, 0.5).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}, ${values.length} rounds)`;

export const verdict = (value: number, isMet: boolean, target: string): string =>
  `${isMet ? 'reached' : 'MISSED '}  ${value.toFixed(2)}, to reach ${target}`;
