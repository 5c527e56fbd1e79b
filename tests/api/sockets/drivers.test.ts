import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OfferView } from '../../../src/protocol/orders.ts';
import {
  type ApiServer,
  DOOR,
  type Member,
  STORE,
  startApiServer,
} from '../../support/api-server.ts';
import { connectLive, type LiveSocket } from '../../support/live-socket.ts';

describe('drivers', () => {
  let server: ApiServer;
  let customer: Member;
  let operator: Member;
  let ann: Member;
  let bea: Member;

  const enter = (who: Member): Promise<LiveSocket> =>
    connectLive(server.url, { auth: { token: who.token } });
  const give = (type: 'order.offer' | 'order.assign', orderId: string, to: Member) =>
    server.command(operator, orderId, { type, driverId: to.user._id, reason: 'near' });
  const about = (orderId: string) => (told: { orderId: string }) => told.orderId === orderId;

  beforeEach(async () => {
    server = await startApiServer();
    [customer, operator, ann, bea] = await Promise.all([
      server.member('customer'),
      server.member('operator'),
      server.member('driver', { capacity: 2, name: 'Ann Archer' }),
      server.member('driver', { capacity: 2, name: 'Bea Baker' }),
    ]);
    await server.drive(ann);
    await server.drive(bea);
  });
  afterEach(() => server.close());

  it('[SOC10] tells an offer and its end to all devices of the driver who was asked, and to nobody else', async () => {
    const [phone, tablet, other, waiting] = (await Promise.all([
      ...[enter(ann), enter(ann), enter(bea), enter(customer)],
    ])) as [LiveSocket, LiveSocket, LiveSocket, LiveSocket];
    const { id } = await server.place(customer);
    await give('order.offer', id, ann);
    const offer = await phone.when('offer:opened', about(id));
    expect(await tablet.when('offer:opened', about(id))).toEqual(offer);
    expect(offer).toMatchObject({ serverNow: server.clock.now(), storeId: STORE.storeId });
    expect(offer.expiresAt).toBeGreaterThan(offer.serverNow);
    expect(offer.dropoff).not.toEqual(DOOR);
    expect(JSON.stringify(offer)).not.toContain('Augusta');

    const { offerId } = offer;
    const rejected = await phone.ask('offer:reject', {
      ...{ orderId: id, offerId, reason: 'too_far', commandId: 'r1' },
    });
    expect(rejected).toMatchObject({ ok: true, id });
    for (const device of [phone, tablet]) {
      expect(await device.when('offer:closed', about(id))).toMatchObject({
        ...{ offerId, outcome: 'rejected' },
      });
    }
    // The customer's own answer came over the same wire later than any of it would have.
    for (const stranger of [other, waiting]) {
      await stranger.ask('order:unwatch', { orderId: id });
      const offers = [...stranger.all('offer:opened'), ...stranger.all('offer:closed')];
      expect(offers.filter(({ offerId: told }) => told === offerId)).toEqual([]);
    }
    expect(
      await phone.ask('offer:accept', { orderId: id, offerId, commandId: 'a1' }),
    ).toMatchObject({ ok: false, error: { code: 'offer_closed' } });
  });

  it('[SOC11] tells a driver who connects his shift, his open offer and the orders he carries', async () => {
    const [carried, asked] = [await server.place(customer), await server.place(customer)];
    await give('order.assign', carried.id, ann);
    await give('order.offer', asked.id, ann);
    const socket = await enter(ann);
    expect(await socket.when('shift:state')).toMatchObject({ driverId: ann.user._id });
    const offer: OfferView = await socket.when('offer:opened');
    expect(offer.orderId).toBe(asked.id);
    const order = await socket.when('order:snapshot');
    expect(order).toMatchObject({ orderId: carried.id, dropoff: DOOR });
    expect(order.pin).toBeUndefined();
    expect(socket.all('order:snapshot')).toHaveLength(1);

    const other = await enter(bea);
    await other.when('shift:state');
    await other.ask('shift:break', { commandId: 'b1' });
    expect(other.all('offer:opened')).toEqual([]);
    expect(other.all('order:snapshot')).toEqual([]);
  });

  it('[SOC11] does not bring back an offer that is closed while the driver is being told', async () => {
    const { id } = await server.place(customer);
    await give('order.offer', id, ann);
    const first = await enter(ann);
    const { offerId } = await first.when('offer:opened');
    let release = () => {};
    let hasRead = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reading = new Promise<void>((resolve) => {
      hasRead = resolve;
    });
    const { findByHolds } = server.store;
    server.store.findByHolds = async (kind, holds) => {
      const found = await findByHolds(kind, holds);
      if (kind !== 'order' || !holds.includes(`${ann.user._id}#offer`)) return found;
      server.store.findByHolds = findByHolds;
      hasRead();
      await held;
      return found;
    };
    const second = await enter(ann);
    await reading;
    await first.ask('offer:reject', {
      ...{ orderId: id, offerId, reason: 'too_far', commandId: 'r1' },
    });
    await second.when('offer:closed', about(id));
    release();
    await second.when('shift:state');
    await second.ask('order:unwatch', { orderId: id });
    expect(second.all('offer:opened')).toEqual([]);
  });

  it('[SOC11] tells shifts to their own driver alone', async () => {
    const [hers, others] = await Promise.all([enter(ann), enter(bea)]);
    const { id } = await hers.ask('shift:break', { commandId: 'b1' });
    expect(await hers.when('shift:state', ({ state }) => state !== 'onDuty')).toMatchObject({
      shiftId: id,
    });
    await others.when('shift:state');
    await others.ask('order:unwatch', { orderId: 'none' });
    expect(others.all('shift:state').map(({ driverId }) => driverId)).toEqual([bea.user._id]);
  });

  it('[SOC12] takes any message and any position as a sign of life', async () => {
    const socket = await enter(ann);
    const seen = async () => (await server.fleet.get([ann.user._id])).get(ann.user._id);
    await server.clock.advance(60_000);
    const before = await seen();
    await socket.ask('no:such', {});
    await server.clock.advance(2_000);
    expect((await seen())?.seenAt).toBeGreaterThan(before?.seenAt ?? 0);
    const point = { lat: 38.71, lng: -9.14 };
    expect(await socket.ask('driver:position', point)).toMatchObject({ ok: true });
    await server.clock.advance(2_000);
    expect((await seen())?.point).toEqual(point);
    expect(await socket.ask('driver:position', { lat: 91, lng: 0 })).toMatchObject({
      error: { code: 'malformed' },
    });
  });

  it('[CAT9] shows the customer where the driver is, and when that means the order comes', async () => {
    const { id } = await server.place(customer);
    await give('order.assign', id, ann);
    for (const type of ['order.arriveStore', 'order.pickUp']) {
      await server.command(ann, id, { type });
    }
    const phone = await enter(customer);
    await phone.ask('order:watch', { orderId: id });
    await server.clock.advance(2_000);
    const atStore = await phone.when('driver:position');
    expect(atStore).toMatchObject({ orderId: id, lat: STORE.lat, lng: STORE.lng });

    server.fleet.report(ann.user._id, { point: DOOR });
    await server.clock.advance(2_000);
    const atDoor = await phone.when('driver:position', ({ lat }) => lat === DOOR.lat);
    expect(atDoor.etaAt).toBeLessThan(atStore.etaAt as number);
    const { body } = await customer.http('GET', `/v1/orders/${id}`);
    expect(Math.abs(body.etaAt - server.engine.clock.now())).toBeLessThan(5_000);
  });

  it('[SOC23] shows who begins to watch, an operator too, where the driver was last heard to be', async () => {
    const { id } = await server.place(customer);
    await give('order.assign', id, ann);
    const phone = await enter(customer);
    await phone.ask('order:watch', { orderId: id });
    await server.clock.advance(1_000);
    const first = await phone.when('driver:position');
    // The driver stands still: nothing new is told to whoever knows it.
    await server.clock.advance(3_000);
    expect(phone.all('driver:position')).toHaveLength(1);

    const [reloaded, console, own] = await Promise.all([
      ...[enter(customer), enter(operator), enter(ann)],
    ]);
    for (const each of [reloaded, console, own]) await each?.ask('order:watch', { orderId: id });
    await server.clock.advance(1_000);
    for (const each of [reloaded, console]) {
      expect(await each?.when('driver:position')).toMatchObject({ lat: first.lat, at: first.at });
    }
    expect(own?.all('driver:position')).toHaveLength(0);
    // The same page watches again: it may have forgotten.
    await phone.ask('order:unwatch', { orderId: id });
    await phone.ask('order:watch', { orderId: id });
    await server.clock.advance(1_000);
    await phone.ask('order:unwatch', { orderId: id });
    expect(phone.all('driver:position')).toHaveLength(2);
  });
});
