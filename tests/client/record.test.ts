import { describe, expect, it } from '@jest/globals';
import { aboutRequest } from '../../src/client/record.ts';
import { connect } from '../../src/client/waybill-client.ts';
import { type Call, createCallLog } from '../../src/verify/check-calls.ts';
import { createFakeServer, handTimers, refused } from './fake-server.ts';

/** A driver whose calls are noted, and what the server says, answer by answer. */
async function recorded(...answers: unknown[]) {
  const server = createFakeServer();
  const timers = handTimers();
  const log = createCallLog();
  const client = await connect({
    url: 'http://waybill.test',
    start: { email: 'dee@demo.example', password: 'secret' },
    ...{ timers, fetch: server.fetch, transport: server.transport, record: log.begin },
  });
  server.answer = () => answers.shift();
  const brief = ({ client: who, does, actor, outcome, seq, code }: Call) =>
    [who, does, actor, outcome, seq, code].filter((part) => part !== undefined).join(' ');
  return { client, server, timers, log, brief: () => log.calls.map(brief) };
}
const taken = (id: string, seq: number) => ({ ok: true, id, seq, commandId: 'c', state: 's' });

describe('calls that are recorded', () => {
  it('[CLT10] are told attempt by attempt under their one id, with when they began and ended', async () => {
    const t = await recorded(undefined, refused('overloaded', true), taken('o1', 4));
    const done = t.client.command('o1', { type: 'order.pickUp' }, { commandId: 'c' });
    await t.timers.pass(10_000);
    await done;
    expect(t.brief()).toEqual([
      'driver d1 order.pickUp order/o1 unknown no_answer',
      'driver d1 order.pickUp order/o1 fail overloaded',
      'driver d1 order.pickUp order/o1 ok 4',
    ]);
    expect(t.log.calls.every(({ commandId }) => commandId === 'c')).toBe(true);
    const instants = t.log.calls.flatMap(({ beganAt, endedAt }) => [beganAt, endedAt as number]);
    expect(instants).toEqual([...instants].sort((a, b) => a - b));
    t.client.close();
  });

  it('[CLT10] name what they made, and how far a read saw', async () => {
    const t = await recorded(
      { ...taken('s1', 1), shift: {} },
      { ...taken('o2', 1), order: {} },
      { ok: true, snapshot: { orderId: 'o2', seq: 3 }, events: [] },
      refused('outcome_unknown', false),
    );
    await t.client.shift('shift:start', { zone: 'z' });
    await t.client.place(
      { storeId: 's', items: [], dropoff: { lat: 0, lng: 0 }, address: 'a' },
      { commandId: 'key' },
    );
    await t.client.call('order:watch', { orderId: 'o2' });
    const lost = t.client.command('o2', { type: 'order.cancel', reason: 'r' });
    await expect(lost).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(t.brief()).toEqual([
      'driver d1 shift.start shift/s1 ok 1',
      'driver d1 order.place order/o2 ok 1',
      'driver d1 read order/o2 ok 3',
      'driver d1 order.cancel order/o2 unknown outcome_unknown',
    ]);
    expect(t.log.calls[1]?.commandId).toBe('key');
    t.client.close();
  });

  it('[CLT10] leave out what is about no order and no shift', async () => {
    const t = await recorded({ ok: true }, { ok: true });
    await t.client.call('driver:position', { lat: 0, lng: 0 });
    await t.client.call('order:unwatch', { orderId: 'o1' });
    expect(t.brief()).toEqual([]);
    t.client.close();
  });

  it('[CLT10] may go over HTTP', async () => {
    const t = await recorded();
    t.server.answerHttp = () => Response.json({ events: [{ seq: 1 }, { seq: 2 }] });
    await t.client.http('GET', '/v1/orders/o1/history');
    expect(t.brief()).toEqual(['driver d1 read order/o1 ok 2']);
    const body = { commandId: 'c', type: 'shift.pause' };
    expect(aboutRequest('POST', '/v1/shifts/s1/commands', body)).toEqual({
      ...{ kind: 'shift', actor: 'shift/s1', does: 'shift.pause', commandId: 'c' },
    });
    for (const path of ['/v1/orders?live=true', '/v1/orders/o1/share', '/v1/stores'])
      expect(aboutRequest('GET', path, undefined)).toBeUndefined();
    t.client.close();
  });
});
