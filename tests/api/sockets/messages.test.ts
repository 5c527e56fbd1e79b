import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTokens } from '../../../src/api/auth/tokens.ts';
import { LIMITS } from '../../../src/api/limits.ts';
import {
  type ApiServer,
  buildPlaceOrder,
  type Member,
  startApiServer,
} from '../../support/api-server.ts';
import { connectLive, type LiveSocket, type Refused } from '../../support/live-socket.ts';
import { stopTime } from '../../support/stop-time.ts';

/** Of the server that tests start. */
const TOKEN_SECRET = 'x'.repeat(48);

describe('messages', () => {
  let server: ApiServer;
  let customer: Member;
  let socket: LiveSocket;

  const enter = (who: Member) => connectLive(server.url, { auth: { token: who.token } });
  const refusalOf = (shown: Parameters<typeof connectLive>[1]) =>
    connectLive(server.url, shown).then(
      (open) => {
        open.close();
        throw new Error('it was let in');
      },
      (refused: Refused) => refused.data,
    );

  beforeAll(async () => {
    server = await startApiServer();
    customer = await server.member('customer');
    socket = await enter(customer);
  });
  afterEach(() => void jest.useRealTimers());
  afterAll(() => server.close());

  it('[SOC1] lets in who shows a good token, by auth or by query, and says the time first', async () => {
    const byQuery = await connectLive(server.url, { query: { token: customer.token } });
    const open = await byQuery.when('session:open');
    expect(open).toEqual({ serverNow: server.clock.now(), timeScale: 1 });
    expect(byQuery.told[0]?.name).toBe('session:open');
    byQuery.close();
  });

  it('[SOC1] refuses a missing, forged, expired or banned token with a WireError', async () => {
    const driver = await server.member('driver');
    await server.accounts.setBanned(driver.user._id, true);
    const [head, , signature] = customer.token.split('.');
    const claims = { sub: customer.user._id, role: 'operator', sid: 'x', exp: 9_999_999_999 };
    const forged = [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature];
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');

    expect(await refusalOf({})).toMatchObject({ code: 'unauthenticated', retryable: false });
    expect(await refusalOf({ auth: { token: forged.join('.') } })).toMatchObject({
      code: 'unauthenticated',
    });
    expect(await refusalOf({ auth: { token: `${none}.${forged[1]}.` } })).toMatchObject({
      code: 'unauthenticated',
    });
    expect(await refusalOf({ auth: { token: { $gt: '' } } })).toMatchObject({
      code: 'unauthenticated',
    });
    expect(await refusalOf({ auth: { token: driver.token } })).toMatchObject({ code: 'forbidden' });
    const anHourAgo = createTokens({
      ...{ secret: TOKEN_SECRET, expiresMs: 900_000, clock: { now: () => Date.now() - 3_600_000 } },
    });
    const { token } = anHourAgo.issue(customer.user, 'test');
    expect(await refusalOf({ auth: { token } })).toMatchObject({ code: 'token_expired' });
  });

  it('[SOC2] writes no token into the log', () => {
    expect(server.logLines.join('\n')).not.toContain(customer.token);
  });

  it('[SOC3] answers messages without payload, and lives through those without acknowledgement', async () => {
    expect(await socket.ask('order:watch')).toMatchObject({
      ok: false,
      error: { code: 'malformed' },
    });
    for (const name of ['order:watch', 'order:command', 'no:such', 'session:refresh']) {
      socket.socket.emit(name);
      socket.socket.emit(name, null);
      socket.socket.emit(name, 'text', 7, []);
    }
    for (const payload of [null, 7, 'text', [], { orderId: { $ne: '' } }, { orderId: '' }]) {
      expect(await socket.ask('order:watch', payload)).toMatchObject({
        ok: false,
        serverNow: server.clock.now(),
        error: { code: 'malformed' },
      });
    }
    expect(socket.socket.connected).toBe(true);
    expect(server.errors).toEqual([]);
  });

  it('[SOC3] answers an unknown message, also one named like a property of every object', async () => {
    for (const name of ['no:such', 'constructor', '__proto__', 'toString']) {
      expect(await socket.ask(name, {})).toMatchObject({
        ok: false,
        error: { code: 'unknown_event' },
      });
    }
  });

  it('[SOC3] refuses what the role may not send, and what the state does not take', async () => {
    expect(await socket.ask('ops:watch', {})).toMatchObject({ error: { code: 'forbidden' } });
    const { id } = await server.place(customer);
    const delivered = { orderId: id, commandId: 'c1', type: 'order.arriveDoor' };
    expect(await socket.ask('order:command', delivered)).toMatchObject({ ok: false });
    const twice = { orderId: id, type: 'order.cancel', reason: 'mistake' };
    const first = await socket.ask('order:command', { ...twice, commandId: 'c2' });
    expect(first).toMatchObject({ ok: true, id, state: 'cancelled', commandId: 'c2' });
    const again = await socket.ask('order:command', { ...twice, commandId: 'c2' });
    expect(again).toEqual({ ...first, serverNow: again.serverNow });
    expect(await socket.ask('order:command', { ...twice, commandId: 'c3' })).toMatchObject({
      ok: false,
      error: { code: 'illegal_transition', retryable: false },
    });
  });

  it('[SOC3] places an order once per key', async () => {
    const request = { ...buildPlaceOrder(), idempotencyKey: 'once-over-a-socket' };
    const [a, b] = await Promise.all([
      socket.ask('order:place', request),
      socket.ask('order:place', request),
    ]);
    expect(a).toMatchObject({ ok: true, seq: 1, order: { customerId: customer.user._id } });
    expect(b.id).toBe(a.id);
  });

  it('[SOC4] limits each user alone, and says when to come again', async () => {
    const [hasty, calm] = await Promise.all([server.member('customer'), server.member('customer')]);
    const [one, other] = await Promise.all([enter(hasty), enter(calm)]);
    const command = { orderId: 'o', commandId: 'c', type: 'order.cancel', reason: 'r' };
    stopTime();
    const sent = Array.from({ length: LIMITS.command.points + 5 }, () =>
      one.ask('order:command', command),
    );
    const refused = (await Promise.all(sent)).filter(({ error }) => error.code === 'rate_limited');
    expect(refused).toHaveLength(5);
    const { retryable, details } = refused[0].error;
    expect(retryable).toBe(true);
    expect(details.retryAfterMs).toBeGreaterThan(0);
    expect(details.retryAfterMs).toBeLessThanOrEqual(LIMITS.command.seconds * 1_000);
    expect(await other.ask('order:command', command)).toMatchObject({
      error: { code: 'not_found' },
    });
    one.close();
    other.close();
  });
});
