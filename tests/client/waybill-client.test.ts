import { describe, expect, it } from '@jest/globals';
import { connect, type WaybillClient } from '../../src/client/waybill-client.ts';
import { AUTH, createFakeServer, type FakeServer, handTimers, refused } from './fake-server.ts';

async function signedIn(
  run: (t: {
    client: WaybillClient;
    server: FakeServer;
    timers: ReturnType<typeof handTimers>;
  }) => Promise<void>,
) {
  const server = createFakeServer();
  const timers = handTimers();
  const client = await connect({
    url: 'http://waybill.test',
    start: { email: 'dee@demo.example', password: 'secret' },
    timers,
    fetch: server.fetch,
    transport: server.transport,
  });
  try {
    await run({ client, server, timers });
  } finally {
    client.close();
  }
}
const taken = (seq: number) => ({ ok: true, id: 'o1', seq, commandId: 'c', state: 's' });
const idsOf = (server: FakeServer, name: string, key: string) =>
  server.sent.filter((sent) => sent.name === name).map((sent) => sent.payload[key]);

describe('commands', () => {
  it('[CLT7] keep their commandId through no answer, a refusal to come again, and a lost connection', () =>
    signedIn(async ({ client, server, timers }) => {
      const answers = [undefined, refused('overloaded', true, { retryAfterMs: 900 }), taken(4)];
      server.answer = () => answers.shift();
      const done = client.command('o1', { type: 'order.pickUp' });
      await timers.pass(200);
      server.drop();
      await timers.pass(3_000);
      server.restore();
      await timers.pass(10_000);
      await expect(done).resolves.toMatchObject({ seq: 4 });
      const ids = idsOf(server, 'order:command', 'commandId');
      expect(ids).toHaveLength(3);
      expect(new Set(ids).size).toBe(1);
    }));

  it('[CLT7] of different calls carry different ids', () =>
    signedIn(async ({ client, server }) => {
      server.answer = () => taken(1);
      await client.command('o1', { type: 'order.pickUp' });
      await client.command('o1', { type: 'order.pickUp' });
      expect(new Set(idsOf(server, 'order:command', 'commandId')).size).toBe(2);
    }));

  it('[CLT7] placing keeps its idempotency key, and a final refusal is told', () =>
    signedIn(async ({ client, server, timers }) => {
      const answers = [undefined, refused('out_of_area', false)];
      server.answer = () => answers.shift();
      const placed = client.place({
        storeId: 's1',
        items: [],
        dropoff: { lat: 0, lng: 0 },
        address: 'a',
      });
      const told = expect(placed).rejects.toMatchObject({ code: 'out_of_area' });
      await timers.pass(1_000);
      await told;
      const keys = idsOf(server, 'order:place', 'idempotencyKey');
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    }));

  it('[CLT7] under way when the client closes are told that it is closed', () =>
    signedIn(async ({ client, server, timers }) => {
      server.answer = () => undefined;
      const told = expect(client.command('o1', { type: 'order.pickUp' })).rejects.toMatchObject({
        code: 'closed',
      });
      await timers.pass(10);
      client.close();
      await timers.pass(10);
      await told;
    }));
});

describe('the session', () => {
  it('[CLT8] is renewed before the token expires, and told to the socket', () =>
    signedIn(async ({ server, timers }) => {
      server.answerHttp = () =>
        Response.json({ ...AUTH, accessToken: 'access-2', refreshToken: 'refresh-2' });
      await timers.pass(0.8 * AUTH.expiresInMs + 1);
      expect(server.httpCalls.at(-1)).toMatchObject({
        path: '/v1/auth/refresh',
        body: { refreshToken: 'refresh-1' },
      });
      expect(server.sent.at(-1)).toEqual({
        name: 'session:refresh',
        payload: { token: 'access-2' },
      });
      await timers.pass(0.8 * AUTH.expiresInMs + 1);
      expect(server.httpCalls.at(-1)?.body).toEqual({ refreshToken: 'refresh-2' });
    }));

  it('[CLT8] is renewed once for all who meet the expired token at the same time', () =>
    signedIn(async ({ client, server, timers }) => {
      let stale = true;
      server.answer = (name) => {
        if (name === 'session:refresh') stale = false;
        return stale ? refused('token_expired', false) : taken(1);
      };
      const all = Promise.all([1, 2, 3].map(() => client.command('o1', { type: 'order.pickUp' })));
      await timers.pass(1_000);
      await all;
      expect(server.httpCalls.filter(({ path }) => path === '/v1/auth/refresh')).toHaveLength(1);
    }));

  it('[CLT8] that was ended by signing out is not told as lost, nor begun anew', async () => {
    for (const start of [AUTH, { email: 'dee@demo.example', password: 'secret' }]) {
      const server = createFakeServer();
      const timers = handTimers();
      const refusals: string[] = [];
      let answerRefresh = () => {};
      const client = await connect({
        ...{ url: 'http://waybill.test', start, timers, transport: server.transport },
        onRefused: ({ code }) => refusals.push(code),
        async fetch(input, init) {
          const answer = await server.fetch(input, init);
          if (!String(input).endsWith('/refresh')) return answer;
          await new Promise<void>((resolve) => {
            answerRefresh = resolve;
          });
          const error = { code: 'unauthenticated', message: 'it has ended', retryable: false };
          return Response.json({ error }, { status: 401 });
        },
      });
      await timers.pass(0.8 * AUTH.expiresInMs + 1);
      await client.logout();
      const before = server.httpCalls.length;
      answerRefresh();
      await timers.pass(10);
      expect(refusals).toEqual([]);
      expect(server.httpCalls).toHaveLength(before);
    }
  });

  it('[CLT8] ends where another tab of the browser has signed somebody else in', async () => {
    const server = createFakeServer();
    const timers = handTimers();
    const refusals: string[] = [];
    const { refreshToken: _, ...inCookie } = AUTH;
    const client = await connect({
      ...{ url: 'http://waybill.test', start: inCookie, timers },
      ...{ fetch: server.fetch, transport: server.transport },
      onRefused: ({ code }) => refusals.push(code),
    });
    const user = { ...AUTH.user, userId: 'd2', name: 'Eve' };
    server.answerHttp = () => Response.json({ ...inCookie, accessToken: 'of-eve', user });
    await timers.pass(0.8 * AUTH.expiresInMs + 1);
    expect(refusals).toEqual(['unauthenticated']);
    expect(client.user()).toEqual(AUTH.user);
    expect(server.sent.filter(({ name }) => name === 'session:refresh')).toEqual([]);
    client.close();
  });

  it('[CLT8] begins anew with the password when the refresh token is refused', () =>
    signedIn(async ({ server, timers }) => {
      server.answerHttp = (path) =>
        path === '/v1/auth/refresh'
          ? Response.json(
              { error: { code: 'unauthenticated', message: 'reused', retryable: false } },
              { status: 401 },
            )
          : Response.json({ ...AUTH, accessToken: 'access-9' });
      await timers.pass(0.8 * AUTH.expiresInMs + 1);
      expect(server.sent.at(-1)?.payload).toEqual({ token: 'access-9' });
    }));
});

describe('what is made over HTTP', () => {
  const lostOnce = (server: FakeServer) => {
    let lost = false;
    server.answerHttp = () => {
      if (lost) return Response.json(AUTH);
      lost = true;
      throw new TypeError('connection reset');
    };
  };
  const keysOf = (server: FakeServer, path: string) =>
    server.httpCalls
      .filter((call) => call.path === path)
      .map(({ headers }) => headers.get('idempotency-key'));

  it('[CLT7] carries one key for all attempts of a request, and another for the next', () =>
    signedIn(async ({ client, server, timers }) => {
      for (const _ of [1, 2]) {
        lostOnce(server);
        const made = client.http('POST', '/v1/users', { role: 'driver' });
        await timers.pass(1_000);
        await made;
      }
      const keys = keysOf(server, '/v1/users');
      expect([keys[0], keys[2]]).toEqual([keys[1], keys[3]]);
      expect(new Set(keys).size).toBe(2);
    }));

  it('[CLT7] is one account, however often the registration has to be sent', async () => {
    const server = createFakeServer();
    const timers = handTimers();
    lostOnce(server);
    const connecting = connect({
      url: 'http://waybill.test',
      start: { email: 'cleo@demo.example', password: 'long enough', name: 'Cleo' },
      ...{ timers, fetch: server.fetch, transport: server.transport },
    });
    await timers.pass(1_000);
    const client = await connecting;
    const keys = keysOf(server, '/v1/auth/register');
    expect(keys).toEqual([keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[\w-]{36}$/);
    client.close();
  });
});

describe('watching through the client', () => {
  const order = (seq: number) => ({ orderId: 'o1', seq, state: 'pending.searching' });

  it('[CLT5] reads again after its last seq when the connection is back or the server says so', () =>
    signedIn(async ({ client, server, timers }) => {
      let seq = 2;
      server.answer = (name) =>
        name === 'order:watch' ? { ok: true, snapshot: order(seq), events: [] } : { ok: true };
      client.watchOrder('o1', {});
      await timers.pass(0);
      expect(client.behind()).toBe(false);

      server.drop();
      expect(client.behind()).toBe(true);
      seq = 5;
      server.restore();
      await timers.pass(0);
      server.push('stale', { since: 0 });
      expect(client.behind()).toBe(true);
      seq = 6;
      server.push('resync', {});
      await timers.pass(0);
      expect(client.behind()).toBe(false);
      expect(idsOf(server, 'order:watch', 'sinceSeq')).toEqual([undefined, 2, 5]);
      expect(client.watching()).toEqual({ stale: 0, repairs: 2 });
    }));

  it('[CLT5] is not lost to a mistake of the server’s, and knows that it is behind until it has passed', () =>
    signedIn(async ({ client, server, timers }) => {
      const lost: unknown[] = [];
      let isBroken = true;
      server.answer = (name) => {
        if (name !== 'order:watch') return { ok: true };
        return isBroken
          ? refused('internal_error', false)
          : { ok: true, snapshot: order(2), events: [] };
      };
      client.watchOrder('o1', { onLost: (error) => lost.push(error) });
      await timers.pass(20_000);
      expect(client.behind()).toBe(true);
      isBroken = false;
      await timers.pass(5_000);
      expect(client.behind()).toBe(false);
      expect(lost).toEqual([]);
      server.answer = () => refused('not_found', false);
      server.push('resync', {});
      await timers.pass(0);
      expect(lost).toMatchObject([{ code: 'not_found' }]);
    }));

  it('[CLT4] reads again when the step that its own command made is not heard of', () =>
    signedIn(async ({ client, server, timers }) => {
      let seq = 2;
      server.answer = (name) =>
        name === 'order:watch' ? { ok: true, snapshot: order(seq), events: [] } : taken(seq);
      client.watchOrder('o1', {});
      await timers.pass(0);
      seq = 3;
      await client.command('o1', { type: 'order.pickUp' });
      server.push('order:event', { orderId: 'o1', seq: 3, type: 'order.pickUp' });
      await timers.pass(2_000);
      expect(idsOf(server, 'order:watch', 'sinceSeq')).toEqual([undefined]);
      seq = 4;
      await client.command('o1', { type: 'order.arriveDoor' });
      await timers.pass(2_000);
      expect(idsOf(server, 'order:watch', 'sinceSeq')).toEqual([undefined, 3]);
    }));

  it('[CLT4] leaves an order that was asked for without a line and is wanted no more', () =>
    signedIn(async ({ client, server, timers }) => {
      server.answer = () => ({ ok: true, snapshot: order(1), events: [] });
      server.drop();
      const stop = client.watchOrder('o1', {});
      await timers.pass(10);
      stop();
      server.restore();
      await timers.pass(10_000);
      expect(server.sent.map(({ name }) => name)).toEqual(['order:watch', 'order:unwatch']);
    }));

  it('[CLT4] leaves the order with the last of its watchers', () =>
    signedIn(async ({ client, server, timers }) => {
      server.answer = () => ({ ok: true, snapshot: order(1), events: [] });
      const stops = [client.watchOrder('o1', {}), client.watchOrder('o1', {})];
      await timers.pass(0);
      stops[0]?.();
      expect(idsOf(server, 'order:unwatch', 'orderId')).toEqual([]);
      stops[1]?.();
      await timers.pass(0);
      expect(idsOf(server, 'order:unwatch', 'orderId')).toEqual(['o1']);
    }));
});

describe('offers', () => {
  const offer = (now: number) => ({
    offerId: 'f1',
    orderId: 'o1',
    offeredAt: now,
    expiresAt: now + 20_000,
    serverNow: now,
    storeId: 's1',
    pickup: { lat: 0, lng: 0 },
    dropoff: { lat: 0, lng: 0 },
    itemCount: 1,
  });

  it("[CLT9] count down by the server's clock, whatever the device's says", () =>
    signedIn(async ({ client, server, timers }) => {
      const hourAhead = timers.now() + 3_600_000;
      server.push('offer:opened', offer(hourAhead));
      expect(client.offers.open()[0]?.leftMs()).toBe(20_000);
      await timers.pass(12_000);
      expect(client.offers.open()[0]?.leftMs()).toBe(8_000);
      await timers.pass(8_000);
      expect(client.offers.open()).toEqual([]);
    }));

  it('[CLT9] are met once though told twice, acknowledged once, and gone when closed', () =>
    signedIn(async ({ client, server, timers }) => {
      let met = 0;
      client.offers.onOpened((opened) => {
        met += 1;
        opened.seen();
        opened.seen();
      });
      const view = offer(timers.now());
      server.push('offer:opened', view);
      server.push('offer:opened', view);
      await timers.pass(0);
      expect(met).toBe(1);
      expect(idsOf(server, 'offer:seen', 'offerId')).toEqual(['f1']);
      server.push('offer:closed', { offerId: 'f1', orderId: 'o1', outcome: 'withdrawn' });
      expect(client.offers.open()).toEqual([]);
    }));
});

describe('an offer that was closed while the phone had no signal', () => {
  it('[CLT9] is found out on coming back, and told once', () =>
    signedIn(async ({ client, server, timers }) => {
      const closed: unknown[] = [];
      client.offers.onOpened((opened) => opened.seen());
      client.offers.onClosed((end) => closed.push(end));
      const now = timers.now();
      const opened = { offerId: 'f1', orderId: 'o1', offeredAt: now, serverNow: now };
      server.push('offer:opened', { ...opened, expiresAt: now + 20_000 });
      await timers.pass(0);
      // Open yet: to acknowledge it again is refused, and that is all.
      server.answer = () => refused('illegal_transition', false);
      server.drop();
      server.restore();
      await timers.pass(0);
      expect(client.offers.open()).toHaveLength(1);

      const end = { offerId: 'f1', outcome: 'withdrawn', reason: 'taken', takenBy: 'Bob' };
      server.answer = () => refused('offer_closed', false, end);
      server.drop();
      server.restore();
      await timers.pass(0);
      expect(client.offers.open()).toEqual([]);
      server.push('offer:closed', { orderId: 'o1', ...end });
      expect(closed).toEqual([{ orderId: 'o1', ...end }]);
      server.push('resync', {});
      await timers.pass(0);
      expect(idsOf(server, 'offer:seen', 'offerId')).toEqual(['f1', 'f1', 'f1']);
    }));
});

describe('positions', () => {
  it('[CLT6] wait for each other, and only the latest does', () =>
    signedIn(async ({ client, server, timers }) => {
      for (let lat = 1; lat <= 5; lat++) client.report({ lat, lng: 0 });
      await timers.pass(0);
      expect(idsOf(server, 'driver:position', 'lat')).toEqual([1, 5]);
    }));
});
