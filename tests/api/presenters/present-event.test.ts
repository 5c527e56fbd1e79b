import { describe, expect, it } from '@jest/globals';
import { presentEvent } from '../../../src/api/presenters/present-event.ts';
import type { Viewer } from '../../../src/api/presenters/viewer.ts';
import { isVisible, type OrderStep } from '../../../src/protocol/orders.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  operator,
  request,
  store,
  system,
} from '../../machines/journey.ts';
import { commitsOf } from './commits.ts';

const d1 = driver('d1');
const d2 = driver('d2');

/** Two drivers are asked, one says why not, the other takes it and drops out; a third delivers. */
const day = buildJourney({ note: 'ring twice' })
  .send(system, { type: 'offer.open', offers: [request('d1'), request('d2')] })
  .send(d1, { type: 'offer.seen', offerId: 'f-d1' })
  .send(d1, { type: 'offer.reject', offerId: 'f-d1', reason: 'vehicle_problem' })
  .send(d2, { type: 'offer.accept', offerId: 'f-d2' })
  .send(d2, { type: 'order.release', reason: 'my wheel broke' })
  .send(operator, {
    ...{ type: 'order.assign', driverId: 'd3', slot: 0, capacity: 1 },
    reason: 'he is near',
  })
  .send(driver('d3'), { type: 'order.arriveStore' })
  .send(store, { type: 'store.ready' })
  .send(driver('d3'), { type: 'order.pickUp' })
  .send(driver('d3'), { type: 'order.arriveDoor' })
  .send(driver('d3'), { type: 'order.deliver', pin: '9182' })
  .send(driver('d3'), { type: 'order.deliver', pin: '4711' });

const seen = (journey: Journey, viewer: Viewer): OrderStep[] =>
  commitsOf(journey).map((commit) => presentEvent(commit, viewer));
const typesSeen = (journey: Journey, viewer: Viewer) =>
  seen(journey, viewer).map((step) => (isVisible(step) ? step.type : '-'));

describe('an order’s steps, by role', () => {
  it('[WIR1] gives every viewer every seq, once and in order', () => {
    const numbers = day.steps.map((_, index) => index + 1);
    const viewers = [customer, store, operator, d1, d2, driver('d3'), driver('stranger')];
    for (const viewer of [...viewers, { role: 'customer', id: 'c2' } as const]) {
      expect(seen(day, viewer).map(({ seq }) => seq)).toEqual(numbers);
    }
  });

  it('[WIR2] gives a stranger of any role nothing but numbers', () => {
    for (const role of ['customer', 'store', 'driver'] as const) {
      for (const step of seen(day, { role, id: 'stranger' })) {
        expect(Object.keys(step).sort()).toEqual(['orderId', 'seq']);
      }
    }
  });

  it('[WIR3] tells a driver what concerns him, from the offer to the hand-over and no further', () => {
    expect(typesSeen(day, d1)).toEqual([
      ...['-', 'offer.open', 'offer.seen', 'offer.reject'],
      ...Array.from({ length: 9 }, () => '-'),
    ]);
    expect(typesSeen(day, d2)).toEqual([
      ...['-', 'offer.open', '-', '-', 'offer.accept', 'order.release'],
      ...Array.from({ length: 7 }, () => '-'),
    ]);
    expect(typesSeen(day, driver('d3')).slice(0, 7)).toEqual([
      ...['-', '-', '-', '-', '-', '-', 'order.assign'],
    ]);
  });

  it('[WIR4] names no driver to a customer or a store, nor why one said no', () => {
    for (const viewer of [customer, store]) {
      const told = JSON.stringify(seen(day, viewer));
      for (const secret of ['d1', 'd2', 'd3', 'vehicle_problem', 'my wheel broke', 'he is near']) {
        expect(told).not.toContain(`"${secret}"`);
      }
    }
  });

  it('[WIR4] names no other driver to a driver, nor the customer', () => {
    const told = JSON.stringify(seen(day, d2));
    expect(told).toContain('"d2"');
    for (const secret of ['d1', 'd3', 'c1', 'vehicle_problem', 'he is near']) {
      expect(told).not.toContain(`"${secret}"`);
    }
  });

  it('[WIR5] puts the PIN, the address and the note into no step, for nobody', () => {
    const viewers = [customer, store, operator, d1, d2, driver('d3')];
    const told = JSON.stringify(viewers.map((viewer) => seen(day, viewer)));
    for (const secret of ['4711', '9182', 'Any Street', 'ring twice']) {
      expect(told).not.toContain(secret);
    }
  });

  it('[WIR6] tells operators who did what, what became of every offer, and what was refused', () => {
    const [, opened, , rejected, accepted, , , , , , , wrong] = seen(day, operator);
    expect(opened).toMatchObject({
      opened: [{ driverId: 'd1' }, { driverId: 'd2' }],
      by: { role: 'system', id: 'dispatch' },
    });
    expect(rejected).toMatchObject({
      closed: [{ driverId: 'd1', outcome: 'rejected', reason: 'vehicle_problem' }],
    });
    expect(accepted).toMatchObject({ driverId: 'd2', closed: [{ outcome: 'accepted' }] });
    expect(wrong).toMatchObject({ type: 'order.deliver', refused: { code: 'wrong_pin' } });
  });

  it('[WIR7] tells the driver who was too late that his offer was taken back', () => {
    const race = buildJourney()
      .send(system, { type: 'offer.open', offers: [request('d1'), request('d2')] })
      .send(d1, { type: 'offer.accept', offerId: 'f-d1' });
    expect(seen(race, d2).at(-1)).toMatchObject({
      closed: [{ offerId: 'f-d2', driverId: 'd2', outcome: 'withdrawn' }],
      driverId: null,
    });
    expect(JSON.stringify(seen(race, d2))).not.toContain('"d1"');
  });

  it('[WIR8] gives those who wait the reason of a bad end, and who did it by role alone', () => {
    const cancelled = buildJourney().send(store, { type: 'order.cancel', reason: 'sold out' });
    expect(seen(cancelled, customer).at(-1)).toMatchObject({
      ...{ type: 'order.cancel', reason: 'sold out', to: 'cancelled' },
      by: { role: 'store' },
    });
  });
});
