import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderStep } from '../../../src/protocol/orders.ts';
import { type ApiServer, type Member, STORE, startApiServer } from '../../support/api-server.ts';
import { connectLive, type LiveSocket } from '../../support/live-socket.ts';

describe('watches', () => {
  let server: ApiServer;
  let customer: Member;
  let operator: Member;
  let driver: Member;
  const open: LiveSocket[] = [];

  const enter = async (who: Member) => {
    const socket = await connectLive(server.url, { auth: { token: who.token } });
    open.push(socket);
    return socket;
  };
  const assign = (orderId: string, to: Member) =>
    server.command(operator, orderId, {
      ...{ type: 'order.assign', driverId: to.user._id, reason: 'near' },
    });
  const upTo = (seq: number) => (step: OrderStep) => step.seq >= seq;

  beforeAll(async () => {
    server = await startApiServer();
    [customer, operator, driver] = await Promise.all([
      server.member('customer'),
      server.member('operator'),
      server.member('driver', { capacity: 2 }),
    ]);
    await server.drive(driver);
  });
  afterAll(async () => {
    for (const socket of open) socket.close();
    await server.close();
  });

  it('[SOC5] shows nobody an order that is none of theirs', async () => {
    const { id } = await server.place(customer);
    const strangers = await Promise.all([
      server.member('customer'),
      server.member('driver'),
      server.member('store', { storeId: 'baixa-2' }),
    ]);
    for (const stranger of strangers) {
      const socket = await enter(stranger);
      const answer = await socket.ask('order:watch', { orderId: id, sinceSeq: 0 });
      expect(answer).toMatchObject({ ok: false, error: { code: 'not_found' } });
      const unknown = await socket.ask('order:watch', { orderId: 'no-such-order' });
      expect(unknown.error.code).toBe(answer.error.code);
    }
    const { seq } = await server.command(customer, id, { type: 'order.cancel', reason: 'no' });
    const own = await enter(customer);
    await own.ask('order:watch', { orderId: id, sinceSeq: 0 });
    expect(seq).toBeGreaterThan(1);
    for (const socket of open) expect(socket.all('order:event')).toEqual([]);
  });

  it('[SOC7] tells a second watch of one order nothing before its own first read', async () => {
    const { id } = await server.place(customer);
    const socket = await enter(customer);
    const { read } = server.engine;
    const held: (() => void)[] = [];
    let onHeld = () => {};
    server.engine.read = async (kind, of) => {
      const found = await read(kind, of);
      await new Promise<void>((resolve) => {
        held.push(resolve);
        onHeld();
      });
      return found;
    };
    const heldAgain = () =>
      new Promise<void>((resolve) => {
        onHeld = resolve;
      });
    const both = [];
    for (const _ of [1, 2]) {
      const waits = heldAgain();
      both.push(socket.ask('order:watch', { orderId: id }));
      await waits;
    }
    server.engine.read = read;
    held[0]?.();
    await both[0];
    const { seq } = await server.command(operator, id, { type: 'store.ready', reason: 'rang' });
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('order:event')).toEqual([]);
    held[1]?.();
    expect((await both[1]).snapshot.seq).toBe(seq - 1);
    expect((await socket.when('order:event')).seq).toBe(seq);
  });

  it('[SOC7] takes no step from the first watch of an order for a second one', async () => {
    const { id, seq: born } = await server.place(customer);
    const socket = await enter(customer);
    expect((await socket.ask('order:watch', { orderId: id })).snapshot.seq).toBe(born);
    const { read } = server.engine;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let second: Promise<{ snapshot: { seq: number } }> = Promise.reject();
    second.catch(() => {});
    await new Promise<void>((asked) => {
      server.engine.read = async (kind, of) => {
        asked();
        await released;
        return read(kind, of);
      };
      second = socket.ask('order:watch', { orderId: id });
    });
    server.engine.read = read;
    const { seq } = await server.command(customer, id, { type: 'order.cancel', reason: 'no' });
    release();
    expect((await second).snapshot.seq).toBe(seq);
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('order:event').map((step) => step.seq)).toContain(seq);
  });

  it('[SOC7] goes on with the first watch where a second one fails', async () => {
    const { id } = await server.place(customer);
    const socket = await enter(customer);
    await socket.ask('order:watch', { orderId: id });
    const { read } = server.engine;
    server.engine.read = () => Promise.reject(new Error('no such luck'));
    expect(await socket.ask('order:watch', { orderId: id })).toMatchObject({ ok: false });
    server.engine.read = read;
    const { seq } = await server.command(customer, id, { type: 'order.cancel', reason: 'no' });
    await socket.ask('order:unwatch', { orderId: 'none' });
    expect(socket.all('order:event').at(-1)).toMatchObject({ seq });
  });

  it('[SOC6] tells every step live as it would tell it missed, redacted ones by their number', async () => {
    const { id } = await server.place(customer);
    const store = await server.member('store', { storeId: STORE.storeId });
    const sockets = await Promise.all([enter(customer), enter(store), enter(operator)]);
    for (const socket of sockets) {
      const answer = await socket.ask('order:watch', { orderId: id, sinceSeq: 0 });
      expect(answer.snapshot.seq).toBe(1);
      expect(answer.events.map(({ seq }: OrderStep) => seq)).toEqual([1]);
    }
    await server.command(operator, id, {
      ...{ type: 'order.offer', driverId: driver.user._id, reason: 'near' },
    });
    const { snapshot } = await server
      .member('operator')
      .then(enter)
      .then((socket) => socket.ask('order:watch', { orderId: id }));
    const [offer] = snapshot.offers;
    await server.command(driver, id, { type: 'offer.seen', offerId: offer.offerId });
    const { seq } = await server.command(driver, id, {
      ...{ type: 'offer.accept', offerId: offer.offerId },
    });

    for (const socket of sockets) {
      await socket.when('order:event', upTo(seq));
      const missed = await socket.ask('order:watch', { orderId: id, sinceSeq: 1 });
      const live = socket.all('order:event');
      expect(live).toEqual(missed.events);
      expect(live.map((step) => step.seq)).toEqual(
        Array.from({ length: seq - 1 }, (_, index) => index + 2),
      );
    }
    const [customers] = sockets;
    const redacted = customers?.all('order:event').filter((step) => !('type' in step)) ?? [];
    expect(redacted.length).toBeGreaterThan(0);
    for (const step of redacted) expect(Object.keys(step).sort()).toEqual(['orderId', 'seq']);
    expect(JSON.stringify(customers?.told)).not.toContain(driver.user._id);
  });

  it('[SOC6] repairs a gap by watching again from what was applied', async () => {
    const { id } = await server.place(customer);
    const before = await enter(customer);
    await before.ask('order:watch', { orderId: id });
    before.close();
    const { seq } = await server.command(customer, id, { type: 'order.cancel', reason: 'late' });
    const after = await enter(customer);
    const { snapshot, events } = await after.ask('order:watch', { orderId: id, sinceSeq: 1 });
    expect(snapshot).toMatchObject({ seq, state: 'cancelled' });
    expect(events.map((step: OrderStep) => step.seq)).toEqual(
      Array.from({ length: seq - 1 }, (_, index) => index + 2),
    );
  });

  it('[SOC7] loses no step that is committed while the watch is being read', async () => {
    let release = () => {};
    let hasRead = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reading = new Promise<void>((resolve) => {
      hasRead = resolve;
    });
    let isSlow = false;
    const slow = await startApiServer({
      wrap: (ctx) => ({
        ...ctx,
        engine: {
          ...ctx.engine,
          async read(kind, id) {
            const actor = await ctx.engine.read(kind, id);
            if (isSlow) {
              hasRead();
              await held;
            }
            return actor;
          },
        },
      }),
    });
    const ann = await slow.member('customer');
    const { id } = await slow.place(ann);
    const socket = await connectLive(slow.url, { auth: { token: ann.token } });
    isSlow = true;
    const answer = socket.ask('order:watch', { orderId: id });
    await reading;
    isSlow = false;
    const { seq } = await slow.command(ann, id, { type: 'order.cancel', reason: 'now' });
    expect(socket.all('order:event')).toEqual([]);
    release();
    expect((await answer).snapshot.seq).toBe(1);
    await socket.when('order:event', upTo(seq));
    expect(socket.all('order:event').map((step) => step.seq)).toEqual(
      Array.from({ length: seq - 1 }, (_, index) => index + 2),
    );
    await slow.close();
  });

  it('[SOC8] tells a driver the step that took the order away, and nothing after it', async () => {
    const { id } = await server.place(customer);
    await assign(id, driver);
    const other = await server.member('driver');
    await server.drive(other);
    const [his, theirs] = await Promise.all([enter(driver), enter(operator)]);
    await his.ask('order:watch', { orderId: id });
    await theirs.ask('order:watch', { orderId: id });
    const { seq } = await assign(id, other);
    const last = await his.when('order:event', upTo(seq));
    expect(last).toMatchObject({ type: 'order.assign', driverId: null });
    const { seq: later } = await server.command(other, id, { type: 'order.arriveStore' });
    await theirs.when('order:event', upTo(later));
    expect(await his.ask('order:watch', { orderId: id })).toMatchObject({
      error: { code: 'not_found' },
    });
    expect(his.all('order:event').at(-1)).toEqual(last);
    expect(JSON.stringify(his.told)).not.toContain(other.user._id);
  });

  it('[SOC9] lets one connection watch a hundred orders, and again once some are left', async () => {
    const ann = await server.member('customer');
    const socket = await enter(ann);
    const ids: string[] = [];
    for (let index = 0; index < 101; index++) {
      const placed = await server.engine.read('order', (await placeFor(ann, index)).id);
      ids.push(placed?.id as string);
    }
    for (const orderId of ids.slice(0, 100)) {
      expect(await socket.ask('order:watch', { orderId })).toMatchObject({ ok: true });
    }
    const orderId = ids[100];
    expect(await socket.ask('order:watch', { orderId })).toMatchObject({
      error: { code: 'overloaded' },
    });
    await socket.ask('order:unwatch', { orderId: ids[0] });
    expect(await socket.ask('order:watch', { orderId })).toMatchObject({ ok: true });
  });

  /** Past the door, where placing so many would be refused. */
  async function placeFor(who: Member, index: number): Promise<{ id: string }> {
    const id = `${who.user._id}-${index}`;
    const order = await server.ctx.catalog.preparePlacing(
      {
        storeId: STORE.storeId,
        items: [{ productId: 'baixa-1-p1', quantity: 1 }],
        dropoff: { lat: 38.7123, lng: -9.1345 },
        address: 'Rua Augusta 1',
      },
      { orderId: id, customerId: who.user._id, pin: '1234', now: server.clock.now() },
    );
    await server.engine.send({
      kind: 'order',
      id,
      by: { role: 'customer', id: who.user._id },
      command: { type: 'order.place', ...(order as object) },
    });
    return { id };
  }
});
