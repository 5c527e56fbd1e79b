import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '../../../src/errors.ts';
import { type ApiServer, startApiServer } from '../../support/api-server.ts';

describe('what the server says of itself', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer();
  });
  afterAll(() => server.close());
  const get = async (path: string) => (await server.anyone('GET', path)).body;

  it('[HTTP6] describes every route that is written down in the code', async () => {
    const { paths, components } = await get('/openapi.json');
    const described = Object.keys(paths).map((path) => path.replace(/\{(\w+)\}/g, ':$1'));
    const folder = 'src/api/http';
    const written = readdirSync(folder)
      .filter((file) => file.endsWith('-routes.ts'))
      .flatMap((file) => [
        ...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^ *path: '([^']+)'/gm),
      ])
      .map(([, path]) => path as string);
    expect(described.sort()).toEqual([...new Set(written)].sort());
    const { code } = components.schemas.Error.properties.error.properties;
    expect(code.enum).toEqual(ERROR_CODES);
    for (const operations of Object.values(paths)) {
      for (const operation of Object.values(operations as object)) {
        expect(operation).toMatchObject({ summary: expect.any(String) });
        expect(Object.keys(operation.responses)).toContain('default');
      }
    }
    expect(paths['/v1/orders'].post.requestBody.content['application/json'].schema).toMatchObject({
      additionalProperties: false,
      required: expect.arrayContaining(['storeId', 'items', 'dropoff', 'address']),
    });
  });

  it('[HTTP7] tells what the engine is doing', async () => {
    await server.place(await server.member('customer'));
    const { status, body } = await server.anyone('GET', '/metrics');
    expect(status).toBe(200);
    for (const name of [
      ...['hot_actors', 'mailbox_messages', 'deadlines_armed', 'backlog_seconds'],
      ...['clock_offset_seconds', 'feed_stale', 'sockets', 'commits_total', 'http_seconds'],
    ]) {
      expect(body).toMatch(new RegExp(`^waybill_${name}`, 'm'));
    }
    expect(body).toContain('waybill_commits_total{kind="order",event="order.place"} 1');
    expect(body).toContain('waybill_nodes 1');
    expect(body).toContain('waybill_failures_total{kind="retried"} 0');
  });

  it('[HTTP7] counts what was refused, by its code', async () => {
    await server.anyone('GET', '/v1/orders');
    expect(await get('/metrics')).toMatch(/^waybill_refusals_total\{code="unauthenticated"\} 1$/m);
  });

  it('[HTTP7] is ready or says why not', async () => {
    expect(await server.anyone('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { ready: true, durable: false, store: 'memory', timeScale: 1 },
    });
    server.setReadiness({ ready: false, why: 'nothing heard', durable: true, store: 'mongo' });
    expect(await server.anyone('GET', '/readyz')).toMatchObject({
      status: 503,
      body: { ready: false, why: 'nothing heard', durable: true },
    });
    server.setReadiness({ ready: true, durable: false, store: 'memory' });
  });

  it('[HTTP5] pages through a list without repeats or holes', async () => {
    const customer = await server.member('customer');
    const placed: string[] = [];
    for (let n = 0; n < 7; n++) placed.unshift((await server.place(customer)).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { body } = await customer.http('GET', `/v1/orders?limit=3${query}`);
      seen.push(...body.orders.map(({ orderId }: { orderId: string }) => orderId));
      cursor = body.nextCursor;
    } while (cursor !== undefined);
    expect([...seen].sort()).toEqual([...placed].sort());
  });
});
