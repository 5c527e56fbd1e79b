import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { io } from 'socket.io-client';
import { LIMITS } from '../../../src/api/limits.ts';
import type { FeedListener } from '../../../src/engine/feed.ts';
import { type ApiServer, type Member, startApiServer } from '../../support/api-server.ts';
import { connectLive, type LiveSocket } from '../../support/live-socket.ts';
import { stopTime } from '../../support/stop-time.ts';

describe('connections', () => {
  let server: ApiServer;
  let listener: FeedListener | undefined;
  let customer: Member;
  let operator: Member;
  let isClosed = false;

  const enter = (who: Member): Promise<LiveSocket> =>
    connectLive(server.url, { auth: { token: who.token } });
  const close = async () => {
    if (!isClosed) await server.close();
    isClosed = true;
  };

  beforeEach(async () => {
    isClosed = false;
    server = await startApiServer({
      wrap: (ctx) => ({
        ...ctx,
        engine: {
          ...ctx.engine,
          feed: {
            stale: false,
            subscribe(taken) {
              listener = taken;
              return ctx.engine.feed.subscribe(taken);
            },
          },
        },
      }),
    });
    [customer, operator] = await Promise.all([
      server.member('customer'),
      server.member('operator'),
    ]);
  });
  afterEach(async () => {
    jest.useRealTimers();
    await close();
  });

  it('[SOC13] says that it is behind, to who connects meanwhile too, and to read again afterwards', async () => {
    const socket = await enter(customer);
    listener?.onStale?.(true);
    const { since } = await socket.when('stale');
    const late = await enter(customer);
    expect(await late.when('stale')).toEqual({ since });
    listener?.onStale?.(false);
    listener?.onResync?.();
    for (const each of [socket, late]) await each.when('resync');
    const after = await enter(customer);
    await after.ask('order:unwatch', { orderId: 'none' });
    expect(after.all('stale')).toEqual([]);
  });

  it('[SOC13] tells a driver again what is his once steps may have been missed', async () => {
    const driver = await server.member('driver');
    await server.drive(driver);
    const socket = await enter(driver);
    await socket.when('shift:state');
    const before = socket.told.length;
    listener?.onResync?.();
    await socket.when('resync');
    await socket.when('shift:state', () => socket.all('shift:state').length === 2);
    expect(socket.told.slice(before).map(({ name }) => name)).toEqual(['resync', 'shift:state']);
  });

  it('[SOC14] warns a minute before the token ends, goes on with a new one, and ends with the last', async () => {
    const [kept, left] = await Promise.all([enter(customer), enter(operator)]);
    const claims = server.tokens.verify(customer.token);
    const others = server.tokens.verify(operator.token);
    const to = (at: number) => server.clock.advance(at - server.clock.now());
    await to(claims.expiresAt - 61_000);
    expect(kept.all('session:expiring')).toEqual([]);
    await to(claims.expiresAt - 60_000);
    expect(await kept.when('session:expiring')).toEqual({ inMs: 60_000 });
    const stolen = await kept.ask('session:refresh', { token: operator.token });
    expect(stolen).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    const { verify } = server.tokens;
    server.tokens.verify = (token) => ({
      ...verify(token),
      expiresAt: claims.expiresAt + 900_000,
    });
    const renewed = await kept.ask('session:refresh', { token: customer.token });
    expect(renewed).toMatchObject({ ok: true });
    expect(renewed.expiresInMs).toBeGreaterThan(900_000);
    await to(Math.max(claims.expiresAt, others.expiresAt) + 1_000);
    await left.ended;
    expect(await kept.ask('order:unwatch', { orderId: 'none' })).toMatchObject({ ok: true });
    await to(claims.expiresAt + 901_000);
    await kept.ended;
  });

  it('[SOC15] puts a ban into force at once', async () => {
    const socket = await enter(customer);
    const answer = await operator.http('POST', `/v1/users/${customer.user._id}/ban`, {
      body: { banned: true },
    });
    expect(answer.status).toBeLessThan(300);
    await socket.ended;
  });

  it('[SOC15] notices within ten seconds a ban that another node took', async () => {
    const socket = await enter(customer);
    await socket.ask('order:unwatch', { orderId: 'none' });
    // Through the accounts alone: no door of this node has heard of it.
    await server.accounts.setBanned(customer.user._id, true);
    await server.clock.advance(10_000);
    await socket.ended;
  });

  it('[SOC24] refuses too many upgrades of one address before they cost a session, and pages of strangers', async () => {
    const url = new URL('/socket.io/?EIO=4&transport=websocket', server.url);
    /** A websocket that says nothing: 101 when it was opened. */
    const upgrade = (headers: Record<string, string> = {}) =>
      new Promise<number>((resolve, reject) => {
        const request = get(url, {
          headers: {
            ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
            'sec-websocket-key': Buffer.alloc(16).toString('base64'),
            ...headers,
          },
        });
        request.on('upgrade', ({ statusCode = 0 }, socket) => {
          socket.destroy();
          resolve(statusCode);
        });
        request.on('response', (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        request.on('error', reject);
      });
    expect(await upgrade({ origin: 'https://evil.example' })).toBe(400);
    // Nobody says that a proxy is in front.
    const forwarded = { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' };
    expect(await upgrade(forwarded)).toBe(400);
    stopTime();
    const { points, seconds } = LIMITS.handshake;
    const answers = await Promise.all(Array.from({ length: 2 * points }, () => upgrade()));
    for (const status of [101, 400]) {
      expect(answers.filter((answer) => answer === status)).toHaveLength(points);
    }
    // The address is let in again when its time is over.
    await expect(enter(customer)).rejects.toThrow();
    jest.advanceTimersByTime(seconds * 1_000);
    await enter(customer);
  });

  it('[SOC21] keeps one person from filling the node with connections', async () => {
    const open: LiveSocket[] = [];
    for (let n = 0; n < 32; n++) open.push(await enter(customer));
    await expect(enter(customer)).rejects.toMatchObject({ data: { code: 'overloaded' } });
    await enter(operator);
    open[0]?.close();
    await open[0]?.ended;
    // The server hears of it a moment after the client does.
    for (;;) {
      const next = await enter(customer).catch(() => undefined);
      if (next) break;
    }
  });

  /** Lets nobody in before so many tokens were shown: they wait for one answer, and are let in together. */
  function holdUntilShown(times: number): void {
    const { get } = server.accounts;
    const { verify } = server.tokens;
    let letIn = () => {};
    const shown = new Promise<void>((resolve) => {
      letIn = resolve;
    });
    let count = 0;
    server.tokens.verify = (token) => {
      count += 1;
      if (count === times) letIn();
      return verify(token);
    };
    server.accounts.get = async (userId) => {
      await shown;
      return get(userId);
    };
  }

  it('[SOC21] counts connections that are asked for at once', async () => {
    holdUntilShown(40);
    const asked = await Promise.allSettled(Array.from({ length: 40 }, () => enter(customer)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(32);
  });

  it('[SOC21] makes one session of one connection', async () => {
    holdUntilShown(2);
    const auth = { token: customer.token };
    const socket = io(server.url, { transports: ['websocket'], reconnection: false, auth });
    socket.io.on('open', () => socket.io.engine.send(`0${JSON.stringify(auth)}`));
    const refused = await new Promise<Error & { data?: unknown }>((resolve) => {
      socket.on('connect_error', resolve);
    });
    expect(refused.data).toMatchObject({ code: 'malformed' });
    socket.close();
  });

  it('[SOC21] ends a connection whose session was left', async () => {
    const { socket, ended } = await enter(customer);
    socket.io.engine.send('1');
    await ended;
  });

  it('[SOC16] shows operators what changed, conflated, with a number and a sign of life', async () => {
    const socket = await enter(operator);
    const first = await server.place(customer);
    const { orders, complete } = await socket.ask('ops:watch', {});
    expect(complete).toBe(true);
    expect(orders.map(({ orderId }: { orderId: string }) => orderId)).toEqual([first.id]);
    const elsewhere = await enter(operator);
    await elsewhere.ask('ops:watch', { zone: 'no-such-zone' });

    const second = await server.place(customer);
    await server.command(customer, second.id, { type: 'order.cancel', reason: 'no' });
    const third = await server.place(customer);
    expect(socket.all('ops:delta')).toEqual([]);
    await server.clock.advance(250);
    const delta = await socket.when('ops:delta');
    expect(delta).toMatchObject({ counter: 1, gone: [second.id] });
    expect(delta.orders.map(({ orderId }) => orderId)).toContain(third.id);
    expect(delta.orders.map(({ orderId }) => orderId)).not.toContain(second.id);

    for (const each of [socket, elsewhere]) {
      await server.clock.advance(2_000);
      const last = await each.when(
        'ops:delta',
        ({ serverNow }) => serverNow >= delta.serverNow + 900,
      );
      expect(last.counter).toBeGreaterThan(0);
      const counters = each.all('ops:delta').map(({ counter }) => counter);
      expect(counters).toEqual(counters.map((_, index) => index + 1));
    }
    expect(elsewhere.all('ops:delta').flatMap(({ orders: shown }) => shown)).toEqual([]);
    await socket.ask('ops:unwatch', {});
    const told = socket.all('ops:delta').length;
    await server.clock.advance(2_000);
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('ops:delta')).toHaveLength(told);
  });

  it('[SOC19] tells operators each transition that was taken, how often, and by which orders last', async () => {
    const socket = await enter(operator);
    await socket.ask('ops:watch', {});
    const ids: string[] = [];
    for (let count = 0; count < 6; count += 1) ids.push((await server.place(customer)).id);
    const [first] = ids as [string];
    await server.command(customer, first, { type: 'order.cancel', reason: 'no' });
    await server.clock.advance(250);
    const { taken } = await socket.when('ops:delta');
    const of = (type: string) => taken.find((each) => each.type === type);
    expect(of('order.place')).toMatchObject({ from: 'new', to: 'pending.searching', times: 6 });
    expect(of('order.place')?.latest.map(({ orderId }) => orderId)).toEqual(
      ids.toReversed().slice(0, 5),
    );
    // The order is over and took two steps in between: its way is told all the same.
    expect(of('order.cancel')).toMatchObject({ to: 'cancelled', latest: [{ orderId: first }] });
    await server.clock.advance(1_000);
    const later = await socket.when('ops:delta', ({ counter }) => counter === 2);
    expect(later.taken.map(({ type }) => type)).not.toContain('order.cancel');
    // Whoever comes later is told who went last.
    const { lately } = await (await enter(operator)).ask('ops:watch', {});
    const cancelled = lately.find(({ type }: { type: string }) => type === 'order.cancel');
    expect(cancelled).toMatchObject({ to: 'cancelled', latest: [{ orderId: first }] });
  });

  it('[SOC16] sends no change before the picture that it changes', async () => {
    const socket = await enter(operator);
    const { list } = server.store;
    let release = () => {};
    let hasRead = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reading = new Promise<void>((resolve) => {
      hasRead = resolve;
    });
    server.store.list = async (...args) => {
      const found = await list(...args);
      hasRead();
      await held;
      return found;
    };
    const answer = socket.ask('ops:watch', {});
    await reading;
    server.store.list = list;
    const { id } = await server.place(customer);
    await server.clock.advance(3_000);
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('ops:delta')).toEqual([]);
    release();
    expect((await answer).orders).toEqual([]);
    await server.clock.advance(250);
    const { orders } = await socket.when('ops:delta');
    expect(orders.map(({ orderId }) => orderId)).toEqual([id]);
  });

  /** Holds what `read` gives back, from now on, until it is let go: first come, first let go. */
  function hold<A extends unknown[], R>(read: (...args: A) => Promise<R>) {
    const letGo: (() => void)[] = [];
    const asked = new Set<() => void>();
    return {
      letGo,
      async read(...args: A): Promise<R> {
        const found = await read(...args);
        const held = new Promise<void>((resolve) => letGo.push(resolve));
        for (const tell of asked) tell();
        await held;
        return found;
      },
      /** Resolves when so many wait. */
      waiting: (count: number) =>
        new Promise<void>((resolve) => {
          const look = () => void (letGo.length >= count && resolve());
          asked.add(look);
          look();
        }),
    };
  }

  it('[SOC16] sends changes of the picture that was asked for last, and after it', async () => {
    const socket = await enter(operator);
    const { list } = server.store;
    const held = hold(list);
    server.store.list = held.read;
    const first = socket.ask('ops:watch', {});
    await held.waiting(1);
    const answer = socket.ask('ops:watch', {});
    await held.waiting(2);
    server.store.list = list;
    held.letGo[0]?.();
    await first;
    const { id } = await server.place(customer);
    await server.clock.advance(3_000);
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('ops:delta')).toEqual([]);
    held.letGo[1]?.();
    await answer;
    await server.clock.advance(250);
    const { counter, orders } = await socket.when('ops:delta');
    expect([counter, orders.map(({ orderId }) => orderId)]).toEqual([1, [id]]);
  });

  it('[OPS4] reads no alarms for a console that left before its picture came', async () => {
    const socket = await enter(operator);
    const { list } = server.store;
    const { alarms } = server.dispatch;
    const listAlarms = alarms.list;
    let reads = 0;
    alarms.list = (filter) => {
      reads += 1;
      return listAlarms(filter);
    };
    const held = hold(list);
    server.store.list = held.read;
    socket.socket.emit('ops:watch', {}, () => {});
    await held.waiting(1);
    const left = await enter(customer);
    socket.close();
    await socket.ended;
    // The server hears of it a moment after the client does.
    while ((await (await operator.http('GET', '/metrics')).body).includes('waybill_sockets 2')) {
      await left.ask('order:unwatch', { orderId: 'none' });
    }
    held.letGo[0]?.();
    await server.clock.advance(5_000);
    expect(reads).toBe(0);
  });

  it('[SOC3] takes what one connection sends in the order it came, though the account is asked for anew', async () => {
    const socket = await enter(customer);
    const { id } = await server.place(customer);
    await socket.ask('order:watch', { orderId: id });
    const { get: getAccount } = server.accounts;
    const held = hold(getAccount);
    server.accounts.get = (userId) =>
      userId === customer.user._id ? held.read(userId) : getAccount(userId);
    // Forgets what is known of the account, and asks.
    const pardon = operator.http('POST', `/v1/users/${customer.user._id}/ban`, {
      body: { banned: false },
    });
    await held.waiting(1);
    const left = socket.ask('order:unwatch', { orderId: id });
    const again = socket.ask('order:watch', { orderId: id });
    // All have arrived once a later message of somebody else was answered.
    const other = await enter(operator);
    await other.ask('order:unwatch', { orderId: 'none' });
    server.accounts.get = getAccount;
    for (const letGo of held.letGo.toReversed()) letGo();
    await Promise.all([pardon, left, again]);
    await server.command(customer, id, { type: 'order.cancel', reason: 'no need' });
    await socket.when('order:event', ({ orderId }) => orderId === id);
  });

  it('[SOC17] ends every connection when it stops, having said so, though a message is never answered', async () => {
    const socket = await enter(customer);
    let hasRead = () => {};
    const reading = new Promise<void>((resolve) => {
      hasRead = resolve;
    });
    server.store.load = () => {
      hasRead();
      return new Promise(() => {});
    };
    socket.socket.emit('order:watch', { orderId: 'o1' }, () => {});
    await reading;
    const closing = close();
    await socket.when('server:closing');
    expect(await socket.ask('order:unwatch', { orderId: 'o1' })).toMatchObject({
      error: { code: 'not_ready', retryable: true },
    });
    await server.clock.advance(2_000);
    await socket.ended;
    await closing;
  });
});
