import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { LIMITS } from '../../../src/api/limits.ts';
import {
  type ApiServer,
  DOOR,
  type Member,
  STORE,
  startApiServer,
} from '../../support/api-server.ts';
import { connectLive, Refused } from '../../support/live-socket.ts';
import { stopTime } from '../../support/stop-time.ts';

const SECRET = 'x'.repeat(48);
const DAY_MS = 24 * 3_600_000;
const WORDS = { address: 'Rua Augusta 1, left bell', note: 'the baby sleeps' };

let server: ApiServer;
let ann: Member;
let dora: Member;
let operator: Member;
beforeEach(async () => {
  server = await startApiServer();
  ann = await server.member('customer', { name: 'Ann Secret' });
  dora = await server.member('driver', { name: 'Dora Hidden' });
  operator = await server.member('operator');
});
afterEach(async () => {
  jest.useRealTimers();
  await server.close();
});

const share = async (who: Member, orderId: string) =>
  who.http('POST', `/v1/orders/${orderId}/share`, { body: {} });
const tokenOf = async (orderId: string) =>
  (await share(ann, orderId)).body.path.slice('/t/'.length) as string;
const track = (token: string, headers: Record<string, string> = {}) =>
  server.anyone('GET', `/v1/track/${token}`, { headers });

/** Placed, given to Dora, and carried on its way. */
async function carried() {
  const { order } = await server.place(ann, WORDS);
  await server.drive(dora);
  const give = { type: 'order.assign', driverId: dora.user._id, reason: 'nearest' };
  await server.command(operator, order.orderId, give);
  for (const type of ['order.arriveStore', 'order.pickUp']) {
    await server.command(dora, order.orderId, { type });
  }
  return order;
}

async function delivered() {
  const order = await carried();
  await server.command(dora, order.orderId, { type: 'order.arriveDoor' });
  await server.command(dora, order.orderId, { type: 'order.deliver', pin: order.pin });
  return order;
}

describe('tracking links', () => {
  it('[TRK1] are the customer’s to give, the same each time', async () => {
    const { order } = await server.place(ann);
    const first = await share(ann, order.orderId);
    expect(first).toMatchObject({ status: 200, body: { afterEndMs: DAY_MS } });
    expect(first.body.path).toMatch(/^\/t\/[\w.-]+$/);
    expect((await share(ann, order.orderId)).body).toEqual(first.body);
    const stranger = await server.member('customer');
    expect((await share(stranger, order.orderId)).body.error.code).toBe('not_found');
    for (const other of [dora, operator]) {
      expect((await share(other, order.orderId)).body.error.code).toBe('forbidden');
    }
    expect((await server.anyone('POST', `/v1/orders/${order.orderId}/share`)).status).toBe(401);
  });

  it('[TRK2] [I10] show how far it is, and no word, id, price or place of anybody', async () => {
    const order = await carried();
    const at = { lat: 38.71234, lng: -9.13456 };
    server.fleet.report(dora.user._id, { point: at });
    await server.clock.advance(2_000);
    const { body } = await track(await tokenOf(order.orderId));
    expect(Object.keys(body).sort()).toEqual([
      ...['driverName', 'dropoff', 'etaAt', 'health', 'isPacked', 'pickup', 'placedAt'],
      ...['position', 'promisedAt', 'searchAt', 'state', 'storeName'],
    ]);
    expect(body).toMatchObject({
      ...{ state: 'outForDelivery.enRoute', driverName: 'Dora', storeName: 'Mercado da Ribeira' },
      pickup: { lat: STORE.lat, lng: STORE.lng },
      position: { lat: 38.71, lng: -9.135 },
    });
    expect(body.dropoff).not.toEqual(DOOR);
    const text = JSON.stringify(body);
    // Instants and places may have the same digits in them.
    expect(text).not.toMatch(new RegExp(`(?<![\\w.-])${order.pin}(?![\\w.-])`));
    const secrets = [
      ...[order.orderId, ann.user._id, dora.user._id, STORE.storeId],
      ...['Secret', 'Hidden', 'Augusta', 'baby', String(at.lat), String(DOOR.lat), 'totalCents'],
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('[TRK2] [I10] say where a driver is on the way to the door only, and who until it is over', async () => {
    const { order } = await server.place(ann);
    await server.drive(dora);
    await server.clock.advance(2_000);
    const give = { type: 'order.assign', driverId: dora.user._id, reason: 'nearest' };
    await server.command(operator, order.orderId, give);
    const token = await tokenOf(order.orderId);
    const before = (await track(token)).body;
    expect(before).toMatchObject({ state: 'preparing.toStore', driverName: 'Dora' });
    expect(before.position).toBeUndefined();
    const cancel = { type: 'order.cancel', reason: 'the customer fell ill' };
    await server.command(operator, order.orderId, cancel);
    const after = (await track(token)).body;
    expect(after).toMatchObject({ state: 'cancelled', endedAt: expect.any(Number) });
    expect(after.driverName).toBeUndefined();
    expect(JSON.stringify(after)).not.toContain('ill');
  });

  it('[TRK3] end a day after the order, and not before', async () => {
    const order = await delivered();
    const token = await tokenOf(order.orderId);
    const { body } = await track(token);
    expect(body.validUntil - body.endedAt).toBe(DAY_MS);
    expect((await share(ann, order.orderId)).body.validUntil).toBe(body.validUntil);
    server.clock.jump(body.validUntil - server.clock.now() - 1_000);
    expect((await track(token)).status).toBe(200);
    server.clock.jump(1_000);
    expect((await track(token)).body.error.code).toBe('not_found');
  });

  it('[TRK3] are believed only as the server signed them', async () => {
    const { order } = await server.place(ann);
    const { order: other } = await server.place(ann);
    const token = await tokenOf(order.orderId);
    const good = { issuer: 'waybill', audience: 'waybill-track' };
    const claims = { sub: order.orderId };
    const [head, , signature] = token.split('.');
    const [, body] = (await tokenOf(other.orderId)).split('.');
    const forged = [
      ...[
        'nonsense',
        token.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A')),
        `${head}.${body}.${signature}`,
        ann.token,
      ],
      jwt.sign(claims, 'another secret of some length, really', good),
      jwt.sign(claims, SECRET, { ...good, issuer: 'other' }),
      jwt.sign(claims, SECRET, { ...good, audience: 'waybill-api' }),
      jwt.sign(claims, SECRET, { ...good, algorithm: 'HS512' }),
      jwt.sign(claims, null as never, { ...good, algorithm: 'none' }),
      jwt.sign({ sub: 'no-such-order' }, SECRET, good),
    ];
    const answers = await Promise.all(forged.map((each) => track(each)));
    // One and the same for all: it does not tell which orders there are.
    expect(
      new Set(answers.map(({ body: { error } }) => `${error.code} ${error.message}`)).size,
    ).toBe(1);
    expect(answers[0]?.status).toBe(404);
    expect((await track(token)).status).toBe(200);
  });

  it('[TRK6] are taken back by the customer, and say so; the next one is another', async () => {
    const { order } = await server.place(ann);
    const path = `/v1/orders/${order.orderId}/share`;
    const revoke = (who: Member, link: string) =>
      who.http('POST', `${path}/revoke`, { body: { path: link } });
    const first = (await share(ann, order.orderId)).body.path as string;
    const look = (link: string) => track(link.slice('/t/'.length));
    const known = { 'if-none-match': (await look(first)).headers.get('etag') ?? '' };

    const stranger = await server.member('customer');
    expect((await revoke(stranger, first)).body.error.code).toBe('not_found');
    expect((await revoke(operator, first)).body.error.code).toBe('forbidden');
    const { order: other } = await server.place(ann);
    const otherLink = (await share(ann, other.orderId)).body.path as string;
    for (const link of [otherLink, '/t/nonsense', 'nonsense']) {
      expect((await revoke(ann, link)).body.error.code).toBe('not_found');
    }
    expect((await look(first)).status).toBe(200);

    expect((await revoke(ann, first)).status).toBe(204);
    expect(await look(first)).toMatchObject({
      status: 410,
      body: { error: { code: 'link_revoked', retryable: false } },
    });
    expect((await track(first.slice('/t/'.length), known)).status).toBe(410);
    const second = (await share(ann, order.orderId)).body.path as string;
    expect(second).not.toBe(first);
    // The first request again, which was thought lost: it means the first link and no other.
    expect((await revoke(ann, first)).status).toBe(204);
    expect((await share(ann, order.orderId)).body.path).toBe(second);
    expect([(await look(second)).status, (await look(first)).status]).toEqual([200, 410]);
    expect((await revoke(ann, second)).status).toBe(204);
    expect((await look(second)).status).toBe(410);
    expect((await look(otherLink)).status).toBe(200);
  });

  it('[TRK4] open nothing else', async () => {
    const { order } = await server.place(ann);
    const token = await tokenOf(order.orderId);
    const headers = { authorization: `Bearer ${token}` };
    for (const [method, path] of [
      ['GET', '/v1/orders'],
      ['GET', `/v1/orders/${order.orderId}`],
      ['POST', `/v1/orders/${order.orderId}/commands`],
      ['POST', `/v1/orders/${order.orderId}/share`],
      ['POST', `/v1/orders/${order.orderId}/share/revoke`],
    ] as const) {
      const body = method === 'POST' ? { body: {} } : {};
      expect((await server.anyone(method, path, { headers, ...body })).status).toBe(401);
    }
    await expect(connectLive(server.url, { auth: { token } })).rejects.toBeInstanceOf(Refused);
    expect((await server.anyone('POST', `/v1/track/${token}`, { body: {} })).status).toBe(405);
  });

  it('[TRK5] are asked for anew cheaply, and not without limit', async () => {
    const { order } = await server.place(ann);
    const token = await tokenOf(order.orderId);
    const first = await track(token);
    // As a browser's cache asks; `fetch` by itself would forbid a cached answer.
    const known = {
      'if-none-match': first.headers.get('etag') ?? '',
      'cache-control': 'max-age=0',
    };
    expect(await track(token, known)).toMatchObject({ status: 304, body: '' });
    await server.command(ann, order.orderId, { type: 'order.cancel', reason: 'changed my mind' });
    expect((await track(token, known)).body.state).toBe('cancelled');
    stopTime();
    const flood = Array.from({ length: LIMITS.track.points + 1 }, () => track(token));
    expect((await Promise.all(flood)).map(({ status }) => status)).toContain(429);
  });

  it('[SOC2] stay out of the log', async () => {
    const { order } = await server.place(ann);
    const token = await tokenOf(order.orderId);
    await track(token);
    await server.anyone('GET', `/t/${token}`);
    await track(`${token}x`);
    expect(server.logLines.join('\n')).not.toContain(token.split('.')[2]);
  });
});
