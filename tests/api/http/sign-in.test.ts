import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../../src/api/limits.ts';
import { type ApiServer, startApiServer } from '../../support/api-server.ts';

const PASSWORD = 'a long enough password';

describe('signing in over HTTP', () => {
  let server: ApiServer;
  beforeEach(async () => {
    server = await startApiServer({ config: { corsOrigins: ['https://pages.example'] } });
  });
  afterEach(() => server.close());

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    server.anyone('POST', `/v1/auth/${path}`, { body, headers });
  const register = (headers: Record<string, string> = {}, email = 'ann@example.org') =>
    post('register', { email, password: PASSWORD, name: 'Ann' }, headers);

  it('[HTTP4] gives a browser the refresh token in a cookie that no script reads', async () => {
    const origin = new URL(server.url).origin;
    const { body, headers } = await register({ origin });
    expect(body).not.toHaveProperty('refreshToken');
    const cookie = headers.get('set-cookie') as string;
    expect(cookie).toMatch(
      /^waybill_refresh_customer=[\w-]+; path=\/v1\/auth; .*samesite=strict; httponly/i,
    );
    const [sent = ''] = cookie.split(';');

    const other = { cookie: sent, origin: 'https://evil.example' };
    for (const headers of [{ cookie: sent }, other]) {
      const { status, body } = await post('refresh', {}, headers);
      expect([status, body.error.code]).toEqual([403, 'origin_not_allowed']);
    }
    const renewed = await post('refresh', {}, { cookie: sent, origin });
    expect(renewed.body).toMatchObject({ accessToken: expect.any(String) });
    expect(renewed.headers.get('set-cookie')).not.toBe(cookie);

    const foreign = await post('logout', {}, { origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers.get('set-cookie')]).toEqual([403, null]);
    const out = await post('logout', {}, { cookie: sent, origin });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(
      /waybill_refresh_customer=;.*expires=Thu, 01 Jan 1970/i,
    );
  });

  it('[HTTP4] lets pages of an origin it was told of sign in, and no others', async () => {
    expect((await register({ origin: 'https://pages.example' })).status).toBe(201);
    const { status, body } = await register({ origin: 'https://evil.example' }, 'bob@example.org');
    expect([status, body.error.code]).toEqual([403, 'origin_not_allowed']);
  });

  it('[HTTP4] gives other clients their refresh token, which changes with each use', async () => {
    const { body, headers } = await register();
    expect(headers.get('set-cookie')).toBeNull();
    const next = await post('refresh', { refreshToken: body.refreshToken });
    expect(next.body.refreshToken).not.toBe(body.refreshToken);
    await post('logout', { refreshToken: next.body.refreshToken });
    const after = await post('refresh', { refreshToken: next.body.refreshToken });
    expect([after.status, after.body.error.code]).toEqual([401, 'unauthenticated']);
  });

  it('[HTTP3] stops guessing at one account, and says when to come again', async () => {
    await register();
    const guess = () => post('login', { email: 'ann@example.org', password: 'wrong' });
    for (let n = 0; n < LIMITS.wrongPassword.points; n++) {
      expect((await guess()).body.error.code).toBe('bad_credentials');
    }
    const { status, headers, body } = await guess();
    expect([status, body.error.code, body.error.retryable]).toEqual([429, 'rate_limited', true]);
    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(LIMITS.wrongPassword.seconds);
    // The right password does not get past it either, and another account is not concerned.
    const right = { email: 'ann@example.org', password: PASSWORD };
    expect((await post('login', right)).status).toBe(429);
    expect((await register({}, 'bob@example.org')).status).toBe(201);
  });

  it('[ACC8] [HTTP3] counts wrong passwords of registrations under a known key like those of sign-ins', async () => {
    const key = { 'idempotency-key': 'one-of-ann-s' };
    const first = await register(key);
    expect((await register(key)).body.user).toEqual(first.body.user);
    const guess = { email: 'ann@example.org', password: 'a wrong password', name: 'Ann' };
    for (let n = 0; n < LIMITS.wrongPassword.points; n++) {
      expect((await post('register', guess, key)).body.error.code).toBe('command_mismatch');
    }
    expect((await post('register', guess, key)).body.error.code).toBe('rate_limited');
    const { name: _, ...signIn } = guess;
    expect((await post('login', signIn)).body.error.code).toBe('rate_limited');
    // What is taken is no guess: others are told so as often as they ask.
    for (let n = 0; n <= LIMITS.wrongPassword.points; n++) {
      await register({}, 'bob@example.org');
    }
    expect((await register({}, 'bob@example.org')).body.error.code).toBe('email_taken');
  });

  it('[HTTP3] limits what one customer places', async () => {
    const customer = await server.member('customer');
    for (let n = 0; n < LIMITS.place.points; n++) await server.place(customer);
    await expect(server.place(customer)).rejects.toThrow(/rate_limited.*retryAfterMs/);
    await server.place(await server.member('customer'));
  });
});
