import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ApiServer,
  buildPlaceOrder,
  type Member,
  startApiServer,
} from '../../support/api-server.ts';
import type { Exchange } from '../../support/exchange.ts';

interface Write {
  by: Exchange;
  path?: string;
  body?: object;
}

describe('every write', () => {
  let server: ApiServer;
  let customer: Member;
  let driver: Member;
  let operator: Member;

  beforeAll(async () => {
    server = await startApiServer();
    customer = await server.member('customer');
    driver = await server.member('driver');
    operator = await server.member('operator');
  });
  afterAll(() => server.close());

  const orderPath = async (part: string) =>
    `/v1/orders/${(await server.place(customer)).id}/${part}`;
  const person = (email: string) => ({ email, password: 'a long enough password', name: 'Ann' });
  const credentials = () => ({ email: customer.user.email, password: server.password });
  const refreshToken = async () => {
    const { body } = await server.anyone('POST', '/v1/auth/login', { body: credentials() });
    return body.refreshToken as string;
  };
  const onAlarm = async (path: string): Promise<Pick<Write, 'path'>> => {
    await server.dispatch.alarms.raise({ subject: 'engine/a', alarm: 'due_failed' });
    return { path: path.replace('{alarmId}', encodeURIComponent('engine/a:due_failed')) };
  };

  /** By the path of the documents; a driver goes on duty before the shift is sent commands. */
  const writes: Record<string, () => Promise<Write>> = {
    '/v1/auth/register': async () => ({ by: server.anyone, body: person('new@example.org') }),
    '/v1/auth/login': async () => ({ by: server.anyone, body: credentials() }),
    '/v1/auth/refresh': async () => ({
      by: server.anyone,
      body: { refreshToken: await refreshToken() },
    }),
    '/v1/auth/logout': async () => ({
      by: server.anyone,
      body: { refreshToken: await refreshToken() },
    }),
    '/v1/orders': async () => ({ by: customer.http, body: buildPlaceOrder() }),
    '/v1/orders/{orderId}/commands': async () => ({
      by: customer.http,
      path: await orderPath('commands'),
      body: { type: 'order.cancel', reason: 'changed my mind', commandId: 'cancel' },
    }),
    '/v1/orders/{orderId}/share': async () => ({
      by: customer.http,
      path: await orderPath('share'),
    }),
    '/v1/orders/{orderId}/share/revoke': async () => {
      const path = await orderPath('share');
      const { body } = await customer.http('POST', path);
      return { by: customer.http, path: `${path}/revoke`, body: { path: body.path } };
    },
    '/v1/shifts': async () => ({
      by: driver.http,
      body: { zone: 'alvalade', commandId: 'start' },
    }),
    '/v1/shifts/current/commands': async () => ({
      by: driver.http,
      body: { type: 'shift.break', commandId: 'break' },
    }),
    '/v1/shifts/{shiftId}/commands': async () => ({
      by: operator.http,
      path: `/v1/shifts/${(await driver.http('GET', '/v1/shifts/current')).body.shift.shiftId}/commands`,
      body: { type: 'shift.end', reason: 'closing time', commandId: 'end' },
    }),
    '/v1/users': async () => ({
      by: operator.http,
      body: { ...person('dan@example.org'), role: 'driver' },
    }),
    '/v1/users/{userId}/ban': async () => ({
      by: operator.http,
      path: `/v1/users/${driver.user._id}/ban`,
      body: { banned: true },
    }),
    '/v1/ops/alarms/{alarmId}/acknowledge': async () => ({
      by: operator.http,
      ...(await onAlarm('/v1/ops/alarms/{alarmId}/acknowledge')),
    }),
    '/v1/ops/alarms/{alarmId}/snooze': async () => ({
      by: operator.http,
      ...(await onAlarm('/v1/ops/alarms/{alarmId}/snooze')),
      body: { untilAt: 4_000_000_000_000 },
    }),
    '/v1/ops/alarms/{alarmId}/claim': async () => ({
      by: operator.http,
      ...(await onAlarm('/v1/ops/alarms/{alarmId}/claim')),
    }),
    '/v1/ops/alarms/{alarmId}/give-back': async () => ({
      by: operator.http,
      ...(await onAlarm('/v1/ops/alarms/{alarmId}/give-back')),
    }),
  };

  it('[HTTP8] sent twice takes effect once, and is answered alike but for new tokens', async () => {
    for (const [documented, prepare] of Object.entries(writes)) {
      const { by, path = documented, body } = await prepare();
      const headers = { 'idempotency-key': `once for ${documented}`.replaceAll(' ', '-') };
      const send = () => by('POST', path, { ...(body && { body }), headers });
      const told = ({ status, body }: Awaited<ReturnType<Exchange>>) => {
        const { accessToken: _, refreshToken: __, ...rest } = body || {};
        return { documented, status, body: rest };
      };
      const first = told(await send());
      expect([200, 201, 204]).toContain(first.status);
      expect(told(await send())).toEqual(first);
    }
  });

  it('[HTTP8] is among those that are sent twice here', async () => {
    const { paths } = (await server.anyone('GET', '/openapi.json')).body as {
      paths: Record<string, object>;
    };
    const posts = Object.keys(paths).filter((path) => 'post' in (paths[path] ?? {}));
    expect(posts.sort()).toEqual(Object.keys(writes).sort());
  });

  it('[ACC8] of an account is one operator’s: the same key of another is another account', async () => {
    const headers = { 'idempotency-key': 'hire-eve' };
    const hire = (who: Member, body: object) =>
      who.http('POST', '/v1/users', {
        body: { ...person('eve@example.org'), role: 'driver', ...body },
        headers,
      });
    const both = await Promise.all([hire(operator, {}), hire(operator, {})]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(both[1].body).toEqual(both[0].body);
    for (const other of [{ capacity: 2 }, { password: 'another long password' }]) {
      expect((await hire(operator, other)).body.error.code).toBe('command_mismatch');
    }
    const colleague = await server.member('operator');
    expect((await hire(colleague, {})).body.error.code).toBe('email_taken');
    const elsewhere = await hire(colleague, { email: 'eve@example.com' });
    expect(elsewhere.body.userId).not.toBe(both[0].body.userId);
  });
});
