import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiServer, type Member, startApiServer } from '../../support/api-server.ts';

let server: ApiServer;
let ann: Member;
let operator: Member;
beforeEach(async () => {
  server = await startApiServer();
  ann = await server.member('customer');
  operator = await server.member('operator');
});
afterEach(() => server.close());

const numbers = (query: string) => operator.http('GET', `/v1/ops/numbers?${query}`);

describe('numbers', () => {
  it('[NUM3] are of the hours and the zone asked for, in parts without holes', async () => {
    const { id } = await server.place(ann);
    await server.command(ann, id, { type: 'order.cancel', reason: 'changed my mind' });
    server.clock.jump(90 * 60_000);
    await server.place(ann);
    const { body } = await numbers('hours=2');
    expect(body.total).toMatchObject({ placed: 2, cancelled: 1, delivered: 0 });
    expect(body.bucketMs).toBe(5 * 60_000);
    expect(body.buckets.length).toBeGreaterThanOrEqual(24);
    const { buckets } = body;
    for (let index = 1; index < buckets.length; index++) {
      expect(buckets[index].at - buckets[index - 1].at).toBe(body.bucketMs);
    }
    expect(buckets.at(-1).at).toBeLessThanOrEqual(body.until);
    expect(buckets.at(-1)).toMatchObject({ placed: 1, cancelled: 0 });
    expect(buckets.reduce((sum: number, each: { placed: number }) => sum + each.placed, 0)).toBe(2);
    expect((await numbers('hours=1')).body.total.placed).toBe(1);
    expect((await numbers('hours=2&zone=alvalade')).body.total.placed).toBe(0);
  });

  it('[NUM3] are as old as ten seconds at most', async () => {
    expect((await numbers('hours=1')).body.total.placed).toBe(0);
    await server.place(ann);
    expect((await numbers('hours=1')).body.total.placed).toBe(0);
    server.clock.jump(10_001);
    expect((await numbers('hours=1')).body.total.placed).toBe(1);
  });

  it('[NUM3] are the operators’, for 1 to 48 hours', async () => {
    expect((await ann.http('GET', '/v1/ops/numbers')).status).toBe(403);
    expect((await numbers('hours=49')).body.error.code).toBe('malformed');
    expect((await numbers('')).status).toBe(200);
  });
});
