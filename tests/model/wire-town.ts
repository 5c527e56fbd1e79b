import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import { PRODUCTS, STORES, ZONES, type ZonePolicy } from '../../src/catalog/collections.ts';
import { ACTOR_STORAGE } from '../../src/cli/actor-storage.ts';
import { type Server, serve } from '../../src/cli/serve.ts';
import {
  type ConnectOptions,
  connect,
  type WaybillClient,
} from '../../src/client/waybill-client.ts';
import { loadConfig } from '../../src/config.ts';
import { openMongoStore } from '../../src/engine/mongo-store.ts';
import type { Store } from '../../src/engine/store.ts';
import { createLog } from '../../src/log.ts';
import type { PlaceOrder } from '../../src/protocol/orders.ts';
import { openMongooseDocuments } from '../../src/storage/mongoose-documents.ts';

/** A minute of a zone's durations is a second. */
export const TIME_SCALE = 60;
const PASSWORD = 'a long enough password';

/** A zone with one store, far from every other. */
export interface Quarter {
  policy: ZonePolicy;
  promiseMs: number;
}

/** Those who walk one path after the other. */
export interface Crew {
  /** One of several, in turn: nobody may place more than ten orders a minute. */
  readonly customer: WaybillClient;
  drivers: Record<'d1' | 'd2', WaybillClient>;
  operator: WaybillClient;
}

/** A real server on a real MongoDB, a zone for every path, and people who speak the public API only. */
export interface Town {
  /** What is stored: to be read, not to be asked for anything. */
  store: Store;
  crew(): Promise<Crew>;
  zoneOf(quarter: number): string;
  /** Where the quarter's store is. */
  pointOf(quarter: number): { lat: number; lng: number };
  /** An order at the quarter's store. */
  orderAt(quarter: number): PlaceOrder;
  /** Nobody serves until the promise is kept. */
  outage(until: Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

/** @param quarters known before the server starts, since it reads zones and stores once in a while */
export async function openTown(mongoUrl: string, quarters: readonly Quarter[]): Promise<Town> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waybill-model-'));
  const url = new URL(mongoUrl);
  url.pathname = `/model-${randomUUID().slice(0, 8)}`;
  const config = loadConfig({
    ...{ MONGO_URL: url.href, DATA_DIR: dataDir, PORT: '0' },
    ...{ TIME_SCALE: String(TIME_SCALE), LOG_LEVEL: 'silent' },
  });
  const connection = await createConnection(url.href, { autoIndex: false }).asPromise();
  await furnish(openMongooseDocuments(connection), quarters);
  const start = (port: number): Promise<Server> =>
    serve({ ...config, port }, createLog(config), new AbortController().signal);
  let server = await start(0);
  const { url: address, firstOperator } = server;
  if (!firstOperator) throw new Error('this database is not new');
  const store = await openMongoStore(connection, {
    kinds: ACTOR_STORAGE,
    onError: () => {},
  });

  const clients: WaybillClient[] = [];
  const join_ = async (start: ConnectOptions['start']) => {
    const client = await connect({ url: address, start });
    clients.push(client);
    return client;
  };
  const chief = await join_(firstOperator);
  const newAccount = () => ({ email: `${randomUUID()}@model.example`, password: PASSWORD });
  const employ = async (role: 'driver' | 'operator') => {
    const account = newAccount();
    await chief.http('POST', '/v1/users', { ...account, name: 'Ann', role });
    return join_(account);
  };
  const register = () => join_({ ...newAccount(), name: 'Cleo' });
  const assemble = async (): Promise<Crew> => {
    const customers = [await register(), await register()];
    const drivers = { d1: await employ('driver'), d2: await employ('driver') };
    const operator = await employ('operator');
    let turn = 0;
    return {
      ...{ drivers, operator },
      get customer() {
        return customers[turn++ % customers.length] as WaybillClient;
      },
    };
  };
  // One crew after the other: passwords are slow to hash, and the first may walk meanwhile.
  let assembled: Promise<unknown> = Promise.resolve();

  return {
    store,
    crew() {
      const next = assembled.then(assemble);
      assembled = next.catch(() => {});
      return next;
    },
    zoneOf: (quarter) => `q${quarter}`,
    pointOf,
    orderAt: (quarter) => ({
      ...{ storeId: `q${quarter}-store`, dropoff: pointOf(quarter), address: 'Any Street 1' },
      items: [{ productId: `q${quarter}-milk`, quantity: 1 }],
    }),
    async outage(until) {
      await server.close();
      await until;
      server = await start(Number(new URL(address).port));
    },
    async close() {
      for (const client of clients) client.close();
      await server.close();
      await store.close();
      await connection.dropDatabase();
      await connection.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function furnish(
  open: ReturnType<typeof openMongooseDocuments>,
  quarters: readonly Quarter[],
): Promise<void> {
  const zones = open(ZONES);
  const stores = open(STORES);
  const products = open(PRODUCTS);
  await open.ensureIndexes();
  const furnished = quarters.map(async ({ policy, promiseMs }, quarter) => {
    const { lat, lng } = pointOf(quarter);
    const _id = `q${quarter}`;
    const corner = (north: number, east: number) => ({
      lat: lat + north * 0.02,
      lng: lng + east * 0.02,
    });
    await Promise.all([
      zones.insert({
        ...{ _id, name: _id, policy, promiseMs, currency: 'EUR', feeCents: 0 },
        polygon: [corner(-1, -1), corner(-1, 1), corner(1, 1), corner(1, -1)],
        speedMetersPerMinute: 300,
      }),
      stores.insert({ _id: `${_id}-store`, name: _id, zone: _id, lat, lng, handlingMs: 0 }),
      products.insert({
        ...{ _id: `${_id}-milk`, storeId: `${_id}-store`, name: 'Milk' },
        ...{ unitCents: 100, available: true },
      }),
    ]);
  });
  await Promise.all(furnished);
}

/** Some fifty kilometres from one quarter to the next: nobody is found who belongs to another. */
const pointOf = (quarter: number) => ({
  lat: -40 + Math.floor(quarter / 100) * 0.5,
  lng: -100 + (quarter % 100) * 0.7,
});
