import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createConnection } from 'mongoose';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { ACTOR_STORAGE } from '../../src/cli/actor-storage.ts';
import { type Server, serve } from '../../src/cli/serve.ts';
import { connect, type WaybillClient } from '../../src/client/waybill-client.ts';
import { type Config, loadConfig } from '../../src/config.ts';
import { openMongoStore } from '../../src/engine/mongo-store.ts';
import { createLog } from '../../src/log.ts';
import type { AuthAnswer } from '../../src/protocol/accounts.ts';
import type { DriverView } from '../../src/protocol/operators.ts';
import type { OrderEventView } from '../../src/protocol/orders.ts';
import { createCallLog } from '../../src/verify/check-calls.ts';
import { verify } from '../../src/verify/verify.ts';
import { testMongoUrl } from '../support/mongo.ts';

const STORE = { lat: 38.7075, lng: -9.138 };
const DOOR = { lat: 38.709, lng: -9.139 };
const PASSWORD = 'a long enough password';
/** Real time for the people and the machine to answer in, five seconds of it at this TIME_SCALE. */
const UNHURRIED = { offerMs: 100_000, seenMs: 100_000, searchMs: 3_600_000 };

describe('an order, end to end', () => {
  let config: Config;
  let server: Server;
  let port: number;
  const clients: WaybillClient[] = [];
  const told = createCallLog();
  const dbName = `e2e-${process.pid}-${Date.now()}`;

  beforeAll(async () => {
    config = loadConfig({
      MONGO_URL: testMongoUrl().replace('/waybill?', `/${dbName}?`),
      DATA_DIR: await mkdtemp(join(tmpdir(), 'waybill-e2e-')),
      ...{ PORT: '0', TIME_SCALE: '20', LOG_LEVEL: 'silent' },
    });
    server = await start(0);
    const connection = await createConnection(config.mongoUrl as string).asPromise();
    await connection
      .collection<{ _id: string }>('zones')
      .updateOne({ _id: 'baixa' }, { $set: { policy: UNHURRIED } });
    await connection.close();
    port = Number(new URL(server.url).port);
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await server.close();
    await rm(config.dataDir, { recursive: true, force: true });
    const connection = await createConnection(config.mongoUrl as string).asPromise();
    await connection.dropDatabase();
    await connection.close();
  });

  const start = (at: number) =>
    serve({ ...config, port: at }, createLog(config), new AbortController().signal);
  const join_ = async (start: { email: string; password: string } | AuthAnswer) => {
    const client = await connect({ url: server.url, start, record: told.begin });
    clients.push(client);
    return client;
  };

  it('is offered, rejected, lapses, is accepted, carried and delivered, through a restart of the server', async () => {
    const operator = await join_(server.firstOperator as { email: string; password: string });
    const customer = await join_(
      await operator.http<AuthAnswer>('POST', '/v1/auth/register', {
        ...{ email: 'ann@e2e.example', password: PASSWORD, name: 'Ann' },
      }),
    );
    const drivers: WaybillClient[] = [];
    for (const name of ['Bea', 'Carl', 'Dora']) {
      const email = `${name}@e2e.example`;
      await operator.http('POST', '/v1/users', {
        ...{ email, password: PASSWORD, name, role: 'driver', capacity: 1 },
      });
      const driver = await join_({ email, password: PASSWORD });
      await driver.shift('shift:start', { zone: 'baixa', capacity: 1 });
      const lat = STORE.lat + drivers.length * 0.003;
      driver.report({ lat, lng: STORE.lng });
      drivers.push(driver);
    }
    const [bea, carl, dora] = drivers as [WaybillClient, WaybillClient, WaybillClient];
    const closings: string[] = [];
    for (const [driver, name] of [
      [bea, 'Bea'],
      [carl, 'Carl'],
      [dora, 'Dora'],
    ] as const) {
      driver.offers.onClosed(({ outcome }) => closings.push(`${name}: ${outcome}`));
    }
    // Bea rejects, Carl sees it and lets it lapse, Dora takes it.
    bea.offers.onOpened((offer) => {
      offer.seen();
      const { orderId, offerId } = offer;
      void bea.command(orderId, { type: 'offer.reject', offerId, reason: 'too_far' });
    });
    carl.offers.onOpened((offer) => offer.seen());
    const won = new Promise<string>((resolve) => {
      dora.offers.onOpened((offer) => {
        offer.seen();
        const { orderId, offerId } = offer;
        void dora.command(orderId, { type: 'offer.accept', offerId }).then(() => resolve(orderId));
      });
    });
    await expectEventually(async () => {
      const fleet = await operator.http<{ drivers: DriverView[] }>('GET', '/v1/ops/fleet');
      return fleet.drivers.filter(({ point }) => point).length === 3;
    });

    const request = {
      ...{ storeId: 'baixa-1', dropoff: DOOR, address: 'Rua da Prata 1' },
      items: [{ productId: 'baixa-1-p1', quantity: 2 }],
    };
    const commandId = 'placed-once';
    const [placed, again] = await Promise.all([
      customer.place(request, { commandId }),
      customer.place(request, { commandId }),
    ]);
    expect(again.id).toBe(placed.id);
    const pin = placed.order.pin as string;
    expect(pin).toMatch(/^\d{4}$/);

    const seen: OrderEventView[] = [];
    const all: OrderEventView[] = [];
    customer.watchOrder(placed.id, { onEvent: (event) => seen.push(event) }, 0);
    operator.watchOrder(placed.id, { onEvent: (event) => all.push(event) }, 0);
    expect(await won).toBe(placed.id);
    await expectEventually(() => closings.length === 3);
    expect(closings).toEqual(['Bea: rejected', 'Carl: expired', 'Dora: accepted']);

    // The server goes and comes back; nobody signs in or watches anew.
    await server.close();
    server = await start(port);

    await dora.command(placed.id, { type: 'order.arriveStore' });
    await dora.command(placed.id, { type: 'order.pickUp' });
    await dora.command(placed.id, { type: 'order.arriveDoor' });
    const wrong = pin === '0000' ? '1111' : '0000';
    await expect(
      dora.command(placed.id, { type: 'order.deliver', pin: wrong }),
    ).rejects.toMatchObject({ code: 'wrong_pin' });
    await dora.command(placed.id, { type: 'order.deliver', pin });

    await expectEventually(() => seen.at(-1)?.to === 'delivered' && all.at(-1)?.to === 'delivered');
    expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
    expect(all.map(({ type }) => type)).toEqual([
      ...['order.place', 'offer.open', 'offer.seen', 'offer.reject'],
      ...['offer.open', 'offer.seen', 'offer.expire'],
      ...['offer.open', 'offer.seen', 'offer.accept'],
      ...[
        'order.arriveStore',
        'order.pickUp',
        'order.arriveDoor',
        'order.deliver',
        'order.deliver',
      ],
    ]);
    // Ids and instants may have the same digits in them.
    expect(JSON.stringify([seen, all])).not.toMatch(new RegExp(`(?<![\\w-])${pin}(?![\\w-])`));
    for (const stranger of [bea, carl]) {
      await expect(stranger.http('GET', `/v1/orders/${placed.id}`)).rejects.toMatchObject({
        code: 'not_found',
      });
    }
  });

  it('[CMD4] is explained by what the database has, as is everything its people were told of it', async () => {
    const does = (outcome: string) =>
      new Set(told.calls.filter((call) => call.outcome === outcome).map((call) => call.does));
    for (const each of ['order.place', 'read', 'shift.start', 'offer.seen', 'offer.accept'])
      expect(does('ok')).toContain(each);
    expect(does('fail')).toContain('order.deliver');

    const connection = await createConnection(config.mongoUrl as string).asPromise();
    const store = await openMongoStore(connection, { kinds: ACTOR_STORAGE, onError: () => {} });
    const check = (calls = told.calls) =>
      verify({
        ...{ store, calls, order: orderKind, shift: shiftKind },
        hasOpenAlarm: async () => false,
      });
    expect(await check()).toMatchObject({ orders: 1, shifts: 3, violations: [] });
    // The same, had the accept been lost.
    const lost = told.calls.map((call) =>
      call.does === 'offer.accept' ? { ...call, commandId: 'lost' } : call,
    );
    expect((await check(lost)).counts).toEqual({ I4: 1 });
    await store.close();
    await connection.close();
  });

  async function expectEventually(isMet: () => boolean | Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 1_500 && !(await isMet()); turn++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await isMet()).toBe(true);
  }
});
