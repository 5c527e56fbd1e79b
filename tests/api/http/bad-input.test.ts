import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { ERROR_CODES } from '../../../src/errors.ts';
import {
  type ApiServer,
  buildPlaceOrder,
  type Member,
  startApiServer,
} from '../../support/api-server.ts';

/** As the server of these tests has it. */
const SECRET = 'x'.repeat(48);
const OURS = { issuer: 'waybill', audience: 'waybill-api' };

describe('bad input over HTTP', () => {
  let server: ApiServer;
  let customer: Member;
  let stranger: Member;
  let operator: Member;
  let orderId: string;

  beforeAll(async () => {
    server = await startApiServer();
    [customer, stranger, operator] = await Promise.all([
      server.member('customer'),
      server.member('customer'),
      server.member('operator'),
    ]);
    orderId = (await server.place(customer)).id;
  });
  afterAll(() => server.close());

  const login = (body: unknown) => server.anyone('POST', '/v1/auth/login', { body });
  const raw = (sent: string, headers = {}) =>
    server.anyone('POST', '/v1/auth/login', { raw: sent, headers });
  const place = (more: object, headers: Record<string, string> = { 'idempotency-key': 'k' }) =>
    customer.http('POST', '/v1/orders', { body: { ...buildPlaceOrder(), ...more }, headers });
  const command = (who: Member, body: object) =>
    who.http('POST', `/v1/orders/${orderId}/commands`, { body: { commandId: 'c', ...body } });
  const read = (path: string, who = customer) => who.http('GET', path);

  it.each<[string, string, () => Promise<{ status: number; body: unknown }>]>([
    ['malformed', 'broken JSON', () => raw('{"a":')],
    ['malformed', 'null', () => raw('null')],
    ['malformed', 'an array', () => raw('[]')],
    ['malformed', 'nothing', () => raw('')],
    ['malformed', 'text', () => raw('x', { 'content-type': 'text/plain' })],
    ['malformed', 'an unknown encoding', () => raw('{}', { 'content-encoding': 'wat' })],
    ['malformed', 'gzip that is none', () => raw('{}', { 'content-encoding': 'gzip' })],
    ['malformed', '__proto__', () => raw('{"__proto__":{"role":"operator"}}')],
    ['payload_too_large', 'too much', () => login({ email: 'x'.repeat(20_000) })],
    ['malformed', 'an unknown field', () => login({ email: 'a@b.cc', password: 'x', role: 'x' })],
    ['malformed', 'an operator for a value', () => login({ email: { $ne: '' }, password: 'x' })],
    ['malformed', 'a long text', () => login({ email: `${'a'.repeat(300)}@b.cc`, password: 'x' })],
    ['bad_credentials', 'nobody', () => login({ email: 'a@b.cc', password: 'x' })],
    ['not_found', 'an unknown path', () => read('/v1/nope')],
    ['not_found', 'a broken escape', () => read('/v1/orders/%E0%A4%A')],
    ['not_found', 'a NUL', () => read('/v1/orders/%00')],
    ['method_not_allowed', 'an unknown method', () => customer.http('DELETE', '/v1/orders')],
    ['malformed', 'a foreign cursor', () => read('/v1/orders?cursor=%7B')],
    ['malformed', 'a huge page', () => read('/v1/orders?limit=1e9')],
    ['malformed', 'an unknown query', () => read('/v1/orders?foo=1')],
    ['malformed', 'a query that is said twice', () => read('/v1/orders?limit=1&limit=2')],
    ['idempotency_key_required', 'an order without a key', () => place({}, {})],
    ['malformed', 'a key with a space', () => place({}, { 'idempotency-key': 'a b' })],
    ['malformed', 'an order of nothing', () => place({ items: [] })],
    ['malformed', 'a price of the customer’s own', () => place({ totalCents: 1 })],
    [
      'malformed',
      'a fraction',
      () => place({ items: [{ productId: 'baixa-1-p1', quantity: 1.5 }] }),
    ],
    ['malformed', 'a far future', () => place({ searchAt: server.clock.now() + 31 * 86_400_000 })],
    ['out_of_area', 'a door far away', () => place({ dropoff: { lat: 0, lng: 0 } })],
    ['not_found', 'an unknown store', () => place({ storeId: 'x' })],
    [
      'unavailable_item',
      'unknown goods',
      () => place({ items: [{ productId: 'x', quantity: 1 }] }),
    ],
    [
      'malformed',
      'a command without its reason',
      () => command(customer, { type: 'order.cancel' }),
    ],
    ['unknown_event', 'an unknown command', () => command(customer, { type: '__proto__' })],
    ['unknown_event', 'a command of the system', () => command(operator, { type: 'search.fail' })],
    ['not_found', 'another role’s command', () => command(customer, { type: 'order.pickUp' })],
    [
      'illegal_transition',
      'a command too early',
      () => command(operator, { type: 'order.deliver', reason: 'x' }),
    ],
    ['forbidden', 'an operators’ page', () => read('/v1/ops/board')],
    ['unauthenticated', 'nobody', () => server.anyone('GET', '/v1/orders')],
  ])('[HTTP1] %s: %s', async (code, _what, ask) => {
    const { status, body } = await ask();
    expect(body).toMatchObject({ error: { code, requestId: expect.any(String) } });
    expect(ERROR_CODES).toContain(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(JSON.stringify(body)).not.toMatch(/node_modules|\bat \//);
  });

  it('[HTTP1] has changed nothing', async () => {
    expect((await read('/v1/orders')).body.orders).toHaveLength(1);
    expect((await read(`/v1/orders/${orderId}`)).body).toMatchObject({ seq: 1 });
    expect(server.errors).toEqual([]);
  });

  it('[HTTP2] does not tell another’s order from one that does not exist', async () => {
    for (const id of [orderId, 'no-such-order']) {
      const answers = [
        await read(`/v1/orders/${id}`, stranger),
        await read(`/v1/orders/${id}/history`, stranger),
        await stranger.http('POST', `/v1/orders/${id}/commands`, {
          body: { commandId: 'x', type: 'order.cancel', reason: 'x' },
        }),
      ];
      for (const { status, body } of answers) {
        expect([status, body.error.code, body.error.message]).toEqual([
          ...[404, 'not_found', `no order ${id}`],
        ]);
      }
    }
  });

  it('[ACC5] takes no token but its own, over HTTP and sockets alike', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const claims = { sub: customer.user._id, role: 'customer', name: 'x', sid: 's', iat: now };
    const lasting = { ...claims, exp: now + 900 };
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `${part({ alg: 'none' })}.${part({ ...lasting, iss: 'waybill', aud: 'waybill-api' })}.`;
    const forged: [string, string][] = [
      ['unauthenticated', unsigned],
      ['unauthenticated', jwt.sign(lasting, 'y'.repeat(48), OURS)],
      ['unauthenticated', jwt.sign(lasting, SECRET, { ...OURS, algorithm: 'HS512' })],
      ['unauthenticated', jwt.sign(lasting, SECRET, { ...OURS, audience: 'another' })],
      ['unauthenticated', jwt.sign(lasting, SECRET, { ...OURS, issuer: 'another' })],
      ['unauthenticated', jwt.sign(claims, SECRET, OURS)],
      ['unauthenticated', jwt.sign({ ...lasting, role: 'system' }, SECRET, OURS)],
      ['unauthenticated', 'a.b.c'],
      ['token_expired', jwt.sign({ ...claims, exp: now - 1 }, SECRET, OURS)],
    ];
    for (const [code, token] of forged) {
      const { status, body } = await server.anyone('GET', '/v1/orders', {
        headers: { authorization: `Bearer ${token}` },
      });
      expect([status, body.error.code]).toEqual([401, code]);
    }
    const good = jwt.sign(lasting, SECRET, OURS);
    const { status } = await server.anyone('GET', '/v1/orders', {
      headers: { authorization: `Bearer ${good}` },
    });
    expect(status).toBe(200);
  });

  it('[HTTP1] answers what is hardly HTTP, and goes on', async () => {
    const { port, hostname } = new URL(server.url);
    const said = async (request: string) => {
      const socket = connect(Number(port), hostname);
      socket.end(request);
      return (await text(socket)).split('\r\n')[0];
    };
    expect(await said('\u0000\u0001 garbage\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request');
    expect(await said('GET http://[ HTTP/1.0\r\n\r\n')).toBe('HTTP/1.1 400 Bad Request');
    expect(await said(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(
      /431/,
    );
    expect((await server.anyone('GET', '/healthz')).status).toBe(200);
  });
});
