import { describe, expect, it } from '@jest/globals';
import { contextOf } from '../../../machines/order-readers.ts';
import { presentOrder } from '../../../src/api/presenters/present-order.ts';
import { type Standing, standingOf, type Viewer } from '../../../src/api/presenters/viewer.ts';
import type { OrderView } from '../../../src/protocol/orders.ts';
import {
  buildJourney,
  buildPlaced,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  request,
  store,
  system,
} from '../../machines/journey.ts';
import { actorOf } from './commits.ts';

const PLACED = buildPlaced({
  dropoff: { lat: 52.512345, lng: 13.414567 },
  note: 'ring twice',
});
const placed = { address: PLACED.address, note: 'ring twice', items: PLACED.items };
const details = { placed, driverName: 'Ann' };

function view(journey: Journey, viewer: Viewer): OrderView {
  const actor = actorOf(journey);
  const standing = standingOf(actor.snapshot, viewer) as Standing;
  return presentOrder(actor, standing, viewer.id, details);
}

const has = (of: OrderView, ...fields: (keyof OrderView)[]) =>
  fields.filter((field) => of[field] !== undefined);

describe('an order, by role', () => {
  const carried = journeyTo('enRoute', PLACED);
  const asked = buildJourney(PLACED).send(system, {
    type: 'offer.open',
    offers: [request('d1'), request('d2')],
  });
  const PRIVATE = [
    ...(['pin', 'address', 'note', 'items', 'customerId', 'driverId', 'driverName'] as const),
    'offers' as const,
  ];

  it('[WIR9] shows each role the fields it may see and no others', () => {
    expect(has(view(carried, customer), ...PRIVATE)).toEqual([
      ...['pin', 'address', 'note', 'items', 'customerId', 'driverName'],
    ]);
    expect(has(view(carried, store), ...PRIVATE)).toEqual(['items', 'driverName']);
    expect(has(view(carried, operator), ...PRIVATE)).toEqual([
      ...['address', 'note', 'items', 'customerId', 'driverId', 'driverName', 'offers'],
    ]);
    expect(has(view(carried, driver('d1')), ...PRIVATE).filter((f) => f !== 'driverName')).toEqual([
      ...['address', 'note', 'items', 'driverId', 'offers'],
    ]);
    expect(has(view(asked, driver('d1')), ...PRIVATE)).toEqual(['offers']);
  });

  it('[WIR9] tells operators alone what the order waits for, and until when', () => {
    const { search } = view(asked, operator);
    expect(search).toMatchObject({ misses: 0, manual: false });
    expect(search?.giveUpAt).toBeGreaterThan(search?.startedAt ?? Number.NaN);
    expect(has(view(carried, operator), 'search', 'stallAt')).toEqual(['stallAt']);
    for (const viewer of [customer, store, driver('d1')]) {
      for (const journey of [asked, carried]) {
        const standing = standingOf(actorOf(journey).snapshot, viewer);
        if (!standing) continue;
        expect(has(view(journey, viewer), 'search', 'releaseAt', 'stallAt')).toEqual([]);
      }
    }
  });

  it('[WIR5] shows the PIN to the customer who placed the order alone', () => {
    expect(view(carried, customer).pin).toBe('4711');
    for (const viewer of [store, operator, driver('d1')]) {
      expect(JSON.stringify(view(carried, viewer))).not.toContain('4711');
    }
  });

  it('[WIR10] shows the door to whom it concerns, and its neighbourhood to others', () => {
    for (const viewer of [customer, operator, driver('d1')]) {
      expect(view(carried, viewer).dropoff).toEqual(PLACED.dropoff);
    }
    for (const rough of [view(carried, store).dropoff, view(asked, driver('d1')).dropoff]) {
      expect(rough).not.toEqual(PLACED.dropoff);
      expect(Math.abs(rough.lat - PLACED.dropoff.lat)).toBeLessThan(0.006);
      expect(String(rough.lat).length).toBeLessThanOrEqual('52.512'.length);
    }
    expect(view(asked, driver('d1')).offers?.[0]?.dropoff).toEqual(
      view(asked, driver('d1')).dropoff,
    );
  });

  it('[WIR11] shows a driver his own offer, operators all, others none', () => {
    expect(view(asked, driver('d2')).offers).toMatchObject([{ driverId: 'd2', orderId: 'o1' }]);
    expect(view(asked, operator).offers).toMatchObject([{ driverId: 'd1' }, { driverId: 'd2' }]);
    expect(view(asked, customer).offers).toBeUndefined();
    expect(view(asked, store).offers).toBeUndefined();
  });

  it('[CAT8] shows the driver’s pay to drivers and operators', () => {
    const paid = journeyTo('enRoute', { ...PLACED, payCents: 480 });
    for (const viewer of [driver('d1'), operator]) expect(view(paid, viewer).payCents).toBe(480);
    for (const viewer of [customer, store]) expect(view(paid, viewer).payCents).toBeUndefined();
    expect(view(carried, driver('d1')).payCents).toBeUndefined();
  });

  it('[WIR12] is nobody’s business who has nothing to do with it', () => {
    const { snapshot } = actorOf(carried);
    for (const role of ['customer', 'driver', 'store'] as const) {
      expect(standingOf(snapshot, { role, id: 'stranger' })).toBeUndefined();
    }
    const released = carried; // d2 was never asked
    expect(standingOf(actorOf(released).snapshot, driver('d2'))).toBeUndefined();
    const rejected = asked.send(driver('d1'), {
      ...{ type: 'offer.reject', offerId: 'f-d1', reason: 'busy' },
    });
    expect(standingOf(actorOf(rejected).snapshot, driver('d1'))).toBeUndefined();
    expect(standingOf(actorOf(rejected).snapshot, driver('d2'))).toBe('offered');
  });

  it('[WIR12] stays its people’s after the end', () => {
    const done = carried
      .send(driver('d1'), { type: 'order.arriveDoor' })
      .send(driver('d1'), { type: 'order.deliver', pin: '4711' });
    expect(standingOf(actorOf(done).snapshot, driver('d1'))).toBe('assigned');
    expect(view(done, customer)).toMatchObject({ state: 'delivered', orderId: 'o1' });
    // But for the door, which is the driver's only while there is something to bring there.
    const { dropoff } = contextOf(actorOf(carried).snapshot);
    expect(view(carried, driver('d1'))).toMatchObject({ dropoff, address: expect.any(String) });
    expect(view(done, driver('d1'))).not.toMatchObject({ dropoff });
    expect(view(done, driver('d1'))).not.toHaveProperty('address');
    expect(view(done, driver('d1'))).not.toHaveProperty('note');
  });
});
