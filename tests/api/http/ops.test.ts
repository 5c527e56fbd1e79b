import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderMachine } from '../../../machines/order-machine.ts';
import { contextOf, stateOf } from '../../../machines/order-readers.ts';
import { initialState, step } from '../../../machines/pure-step.ts';
import type { OrderRecord } from '../../../src/protocol/operators.ts';
import { type ApiServer, type Member, startApiServer } from '../../support/api-server.ts';

describe('what operators see and do', () => {
  let server: ApiServer;
  let customer: Member;
  let ann: Member;
  let bob: Member;

  beforeAll(async () => {
    server = await startApiServer();
    customer = await server.member('customer');
    ann = await server.member('operator', { name: 'Ann Alves' });
    bob = await server.member('operator', { name: 'Bob Braga' });
  });
  afterAll(() => server.close());

  const send = (who: Member, orderId: string, command: Record<string, unknown>) =>
    who.http('POST', `/v1/orders/${orderId}/commands`, { body: command });

  it('[OPS1] takes one of two commands decided on at the same step, and tells the other who was first', async () => {
    const { id, seq } = await server.place(customer);
    const cancel = { type: 'order.cancel', reason: 'store on fire', ifSeq: seq };
    const assign = { type: 'store.ready', ifSeq: seq };
    const first = await send(ann, id, { ...cancel, commandId: 'a1' });
    const second = await send(bob, id, { ...assign, commandId: 'b1' });
    expect(first.status).toBe(200);
    expect(second.status).toBe(409);
    expect(second.body.error).toMatchObject({
      ...{ code: 'moved_on', retryable: false },
      message: expect.stringContaining('Ann Alves was first'),
      details: {
        ...{ seq: seq + 1, state: 'cancelled' },
        steps: [{ type: 'order.cancel', by: { role: 'operator', name: 'Ann Alves' } }],
      },
    });
  });

  it('[OPS1] answers a retry with the first result, though the order has moved on since', async () => {
    const { id, seq } = await server.place(customer);
    const ready = { type: 'store.ready', reason: 'they rang', ifSeq: seq, commandId: 'r1' };
    const first = await send(ann, id, ready);
    await server.command(ann, id, { type: 'order.cancel', reason: 'changed their mind' });
    expect(await send(ann, id, ready)).toMatchObject({ status: 200, body: first.body });
  });

  it('[OPS1] tells a customer that the order moved on, and not who moved it', async () => {
    const { id, seq } = await server.place(customer);
    await server.command(ann, id, { type: 'store.ready' });
    const late = await send(customer, id, {
      ...{ type: 'order.cancel', reason: 'no need', ifSeq: seq, commandId: 'c1' },
    });
    expect(late.body.error).toMatchObject({ code: 'moved_on' });
    expect(JSON.stringify(late.body)).not.toContain('Ann');
  });

  it('[OPS1] takes one of two commands to a shift that were decided on at the same step', async () => {
    const driver = await server.member('driver', { name: 'Dirk Duarte' });
    await server.drive(driver);
    const { shift } = (await driver.http('GET', '/v1/shifts/current')).body;
    const path = `/v1/shifts/${shift.shiftId}/commands`;
    const at = { ifSeq: shift.seq, reason: 'they rang' };
    const rest = { ...at, type: 'shift.break', commandId: 'a1' };
    const first = await ann.http('POST', path, { body: rest });
    expect(first.status).toBe(200);
    const end = { ...at, type: 'shift.end', commandId: 'b1' };
    expect((await bob.http('POST', path, { body: end })).body.error).toMatchObject({
      ...{ code: 'moved_on', retryable: false },
      message: expect.stringContaining('Ann Alves was first'),
      details: {
        ...{ seq: shift.seq + 1, state: 'onDuty.onBreak' },
        steps: [{ type: 'shift.break', by: { role: 'operator', name: 'Ann Alves' } }],
      },
    });
    // A retry of the one that was taken is answered as it was then.
    expect(await ann.http('POST', path, { body: rest })).toMatchObject({ body: first.body });
    const own = { type: 'shift.resume', ifSeq: shift.seq, commandId: 'c1' };
    const late = await driver.http('POST', '/v1/shifts/current/commands', { body: own });
    expect(late.body.error).toMatchObject({ code: 'moved_on' });
    expect(JSON.stringify(late.body)).not.toContain('Ann');
    await driver.http('POST', '/v1/shifts/current/commands', {
      body: { ...own, ifSeq: shift.seq + 1, type: 'shift.end', commandId: 'c2' },
    });
  });

  it('[OPS2] gives whole steps from which the machine makes the stored state again, PINs masked', async () => {
    const driver = await server.member('driver', { name: 'Dora Dias' });
    await server.drive(driver);
    const order = await server.place(customer);
    const { id } = order;
    const path = `/v1/orders/${id}`;
    const { pin } = (await customer.http('GET', path)).body;
    const wrong = pin === '0000' ? '1111' : '0000';
    const driverId = driver.user._id;
    await server.command(ann, id, { type: 'order.assign', driverId, reason: 'nearest' });
    for (const type of ['order.arriveStore', 'order.pickUp', 'order.arriveDoor']) {
      await server.command(driver, id, { type });
    }
    await send(driver, id, { type: 'order.deliver', pin: wrong, commandId: 'w1' });
    await server.command(driver, id, { type: 'order.deliver', pin });

    const { body } = await ann.http('GET', `/v1/ops/orders/${id}/record`);
    const record = body as OrderRecord;
    const text = JSON.stringify(record);
    expect(text).not.toContain(`"${pin}"`);
    expect(text).not.toContain(`"${wrong}"`);
    expect(record.names[driverId]).toBe('Dora Dias');
    expect(record.names[ann.user._id]).toBe('Ann Alves');
    let state = initialState(orderMachine);
    for (const each of record.steps) {
      const next = step(orderMachine, state, each.event);
      expect(next && stateOf(next)).toBe(each.to);
      if (next) state = next;
    }
    const stored = await server.store.load('order', id);
    const { pin: _pin, ...told } = contextOf(stored?.snapshot as never);
    expect(contextOf(state)).toMatchObject(JSON.parse(JSON.stringify(told)));
  });

  it('[OPS3] names people by their ids, for operators', async () => {
    const ids = [ann.user._id, bob.user._id, 'nobody'].join(',');
    const answer = await ann.http('GET', `/v1/ops/names?ids=${ids}`);
    expect(answer.body.names).toEqual({
      [ann.user._id]: 'Ann Alves',
      [bob.user._id]: 'Bob Braga',
    });
    const tooMany = Array.from({ length: 101 }, (_, n) => `u${n}`).join(',');
    expect((await ann.http('GET', `/v1/ops/names?ids=${tooMany}`)).status).toBe(400);
    expect((await customer.http('GET', `/v1/ops/names?ids=${ids}`)).status).toBe(403);
  });

  it('[OPS2] keeps records from everyone else', async () => {
    const { id } = await server.place(customer);
    const answer = await customer.http('GET', `/v1/ops/orders/${id}/record`);
    expect(answer.status).toBe(403);
  });
});
