import { describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import {
  buildJourney,
  context,
  customer,
  driver,
  journeyTo,
  operator,
  POLICY,
  stateOf,
  store,
  system,
  T0,
} from './journey.ts';

const MINUTE = 60_000;
const clock = { role: 'system', id: 'clock' } as const;
const d1 = driver('d1');
const d2 = driver('d2');
const assign = (driverId: string) =>
  ({ type: 'order.assign', driverId, slot: 0, capacity: 1, reason: 'by hand' }) as const;
const lose = { type: 'driver.lose', driverId: 'd1' } as const;
const find = { type: 'driver.find', driverId: 'd1' } as const;
const release = { type: 'order.release', reason: 'flat tyre' } as const;
const cancel = { type: 'order.cancel', reason: 'changed my mind' } as const;

describe('giving the order to someone else', () => {
  it('[ORD9] lets an operator assign it while it is being searched for or offered', () => {
    const searching = buildJourney().send(operator, assign('d2'));
    expect(context(searching).assignment).toMatchObject({ driverId: 'd2', forced: true });
    const offered = journeyTo('offered').send(operator, assign('d2'));
    expect(stateOf(offered)).toBe('preparing.toStore');
    expect(offered.result).toMatchObject({
      closed: [{ driverId: 'd1', outcome: 'withdrawn', reason: 'assigned' }],
    });
    expect(orderKind.holdsOf(offered.state)).toEqual(['d2#0']);
  });

  it('[ORD9] hands it over: to the store again before pick-up, on the road after it', () => {
    const atStore = journeyTo('atStore');
    expect(atStore.takes(operator, assign('d1'))).toBe(false);
    const before = atStore.send(operator, assign('d2'));
    expect(stateOf(before)).toBe('preparing.toStore');
    expect(orderKind.holdsOf(before.state)).toEqual(['d2#0']);
    const after = journeyTo('enRoute').send(operator, assign('d2'));
    expect(stateOf(after)).toBe('outForDelivery.enRoute');
    expect(context(after)).toMatchObject({ stallAt: after.at + POLICY.stallMs });
    expect(journeyTo('atDoor').takes(operator, assign('d2'))).toBe(false);
    const { before: earlier, event } = after.steps.at(-1) as (typeof after.steps)[0];
    expect(orderKind.audienceOf(earlier, event, after.state)).toEqual([
      'customer:c1',
      'store:s1',
      'driver:d1',
      'driver:d2',
      'zone:z1',
    ]);
  });

  it('[ORD10] looks for another driver when one gives it back before pick-up', () => {
    for (const [leg, by] of [
      ['toStore', d1],
      ['atStore', operator],
    ] as const) {
      const journey = journeyTo(leg).send(by, release);
      expect(stateOf(journey)).toBe('pending.searching');
      expect(context(journey)).toMatchObject({
        assignment: null,
        excluded: ['d1'],
        search: { startedAt: journey.at, misses: 0 },
        stallAt: null,
      });
      expect(orderKind.columnsOf(journey.state).driverId).toBeUndefined();
    }
    expect(journeyTo('enRoute').takes(d1, release)).toBe(false);
  });
});

describe('a driver who vanishes', () => {
  it('[ORD11] loses an open offer at once', () => {
    const journey = journeyTo('offered').send(system, lose);
    expect(journey.result).toMatchObject({ closed: [{ outcome: 'withdrawn' }] });
    expect(context(journey).excluded).toEqual([]);
  });

  it('[ORD11] loses the work before pick-up after a grace, unless he is found', () => {
    const lost = journeyTo('toStore').send(system, lose);
    expect(lost.takes(system, lose)).toBe(false);
    expect(lost.takes(system, release)).toBe(false);
    expect(orderKind.nextWakeAt(lost.state)).toBe(lost.at + POLICY.releaseMs);
    const released = lost.due();
    expect(stateOf(released)).toBe('pending.searching');
    expect(context(released).excluded).toEqual(['d1']);
    const found = lost.send(system, find);
    expect(context(found).assignment).not.toHaveProperty('releaseAt');
    expect(found.takes(system, release, POLICY.releaseMs)).toBe(false);
  });

  it('[ORD11] keeps the bags and raises an alarm after pick-up, until he is found or relieved', () => {
    const lost = journeyTo('enRoute').send(system, lose);
    expect(lost.effects).toEqual(['alarm.raise driver_lost']);
    expect(orderKind.holdsOf(lost.state)).toEqual(['d1#0']);
    expect(lost.send(system, find).effects).toEqual(['alarm.clear driver_lost']);
    expect(lost.send(operator, assign('d2')).effects).toEqual(['alarm.clear driver_lost']);
  });

  it('[ORD11] counts as found when he works on', () => {
    const before = journeyTo('toStore').send(system, lose).send(d1, { type: 'order.arriveStore' });
    expect(context(before).assignment).not.toHaveProperty('lostAt');
    const after = journeyTo('enRoute').send(system, lose).send(d1, { type: 'order.arriveDoor' });
    expect(after.effects).toEqual(['alarm.clear driver_lost']);
  });

  it('[ORD11] turns into an alarm when an operator records the pick-up of a lost driver', () => {
    const journey = journeyTo('atStore')
      .send(system, lose)
      .send(operator, { type: 'order.pickUp' });
    expect(journey.effects).toEqual(['alarm.raise driver_lost']);
    expect(context(journey).assignment).not.toHaveProperty('releaseAt');
  });

  it('[ORD11] concerns only who has the order', () => {
    expect(journeyTo('toStore').takes(system, { ...lose, driverId: 'd2' })).toBe(false);
    expect(journeyTo('toStore').takes(system, find)).toBe(false);
  });
});

describe('the store', () => {
  it('[ORD12] says once that the bags are packed, before or after a driver is found', () => {
    const ready = { type: 'store.ready' } as const;
    const early = buildJourney().send(store, ready);
    expect(context(early).storeReadyAt).toBe(early.at);
    expect(early.takes(store, ready)).toBe(false);
    expect(journeyTo('atStore').takes(store, ready)).toBe(true);
    expect(journeyTo('enRoute').takes(store, ready)).toBe(false);
  });
});

describe('the door', () => {
  const deliver = (pin?: string) =>
    ({ type: 'order.deliver', ...(pin === undefined ? {} : { pin }) }) as const;

  it('[ORD13] is passed with the PIN', () => {
    const journey = journeyTo('atDoor').send(d1, deliver('4711'));
    expect(stateOf(journey)).toBe('delivered');
    expect(journey.result).toEqual({ state: 'delivered' });
    expect(context(journey).ending).toEqual({ by: d1, reason: 'handed_over', at: journey.at });
  });

  it('[ORD13] needs no PIN where none was drawn', () => {
    expect(stateOf(journeyTo('atDoor', { pin: null }).send(d1, deliver()))).toBe('delivered');
  });

  it('[ORD13] writes down a wrong PIN as a refusal, and locks after three', () => {
    const once = journeyTo('atDoor').send(d1, deliver('0000'));
    expect(once.result).toMatchObject({
      state: 'outForDelivery.atDoor',
      refused: { code: 'wrong_pin', triesLeft: 2 },
    });
    const locked = once.send(d1, deliver('0001')).send(d1, deliver('0002'));
    expect(locked.result).toMatchObject({ refused: { triesLeft: 0 } });
    expect(locked.effects).toEqual(['alarm.raise pin_locked']);
    expect(locked.takes(d1, deliver('4711'))).toBe(false);
    const refusal = orderKind.refusalOf(
      locked.state,
      { ...deliver('4711'), at: locked.at, by: d1 },
      [],
    );
    expect(refusal).toMatchObject({ code: 'wrong_pin', details: { triesLeft: 0 } });
    const closed = locked.send(operator, { ...deliver(), reason: 'customer called' });
    expect(closed.effects).toEqual(['alarm.clear pin_locked']);
    const failed = locked.send(d1, { type: 'order.fail', reason: 'wrong person' });
    expect(failed.effects).toEqual(['alarm.clear pin_locked']);
  });

  it('[ORD13] costs no try to forget the PIN', () => {
    const journey = journeyTo('atDoor');
    expect(journey.takes(d1, deliver())).toBe(false);
    const event = { ...deliver(), at: journey.at, by: d1 };
    expect(orderKind.refusalOf(journey.state, event, [])).toMatchObject({
      code: 'wrong_pin',
      details: { triesLeft: 3 },
    });
    expect(orderKind.refusalOf(journey.state, { ...event, by: d2 }, [])).toBeUndefined();
  });

  it('[ORD13] is passed by an operator only with a reason, from the road too', () => {
    for (const leg of ['enRoute', 'atDoor'] as const) {
      const journey = journeyTo(leg);
      expect(journey.takes(operator, deliver())).toBe(false);
      expect(journey.takes(operator, { ...deliver(), reason: ' ' })).toBe(false);
      expect(journey.takes(operator, { ...deliver(), reason: 'seen by camera' })).toBe(true);
      const event = { ...deliver(), at: journey.at, by: operator };
      expect(orderKind.refusalOf(journey.state, event, [])).toMatchObject({ code: 'malformed' });
    }
    expect(journeyTo('enRoute').takes(d1, deliver('4711'))).toBe(false);
  });

  it('[ORD14] may stay shut: then the bags go back to the store', () => {
    const failed = journeyTo('atDoor').send(d1, { type: 'order.fail', reason: 'nobody home' });
    expect(stateOf(failed)).toBe('failed');
    const returning = failed.send(d1, { type: 'order.startReturn' });
    expect(orderKind.holdsOf(returning.state)).toEqual(['d1#0']);
    const returned = returning.send(store, { type: 'order.completeReturn' });
    expect(stateOf(returned)).toBe('returned');
    expect(returned.state.status).toBe('done');
    expect(context(returned).ending).toMatchObject({ by: d1, reason: 'nobody home' });
  });
});

describe('cancelling', () => {
  it('[ORD15] closes the open offers and says by whom and why', () => {
    const journey = journeyTo('offered').send(customer, cancel);
    expect(stateOf(journey)).toBe('cancelled');
    expect(journey.result).toMatchObject({ closed: [{ outcome: 'withdrawn' }] });
    expect(context(journey)).toMatchObject({
      offers: [],
      ending: { by: customer, reason: 'changed my mind' },
    });
  });

  it('[ORD15] is the customer’s until the driver is at the store, and nobody’s after pick-up', () => {
    expect(journeyTo('toStore').takes(customer, cancel)).toBe(true);
    expect(journeyTo('atStore').takes(customer, cancel)).toBe(false);
    expect(journeyTo('atStore').takes(store, cancel)).toBe(true);
    expect(journeyTo('atStore').takes(operator, cancel)).toBe(true);
    expect(journeyTo('enRoute').takes(operator, cancel)).toBe(false);
  });
});

describe('health', () => {
  it('[ORD16] turns at risk, then late with an alarm, wherever the order is', () => {
    const quiet = { ...POLICY, stallMs: 80_000_000 };
    const atRisk = journeyTo('enRoute', { policy: quiet }).due();
    expect(context(atRisk).health).toBe('atRisk');
    const late = atRisk.due();
    expect(context(late).health).toBe('late');
    expect(late.effects).toEqual(['alarm.raise late']);
    expect(late.at).toBe(context(late).promisedAt);
  });

  it('[ORD16] skips the warning when the promise is broken already', () => {
    const journey = journeyTo('enRoute', { promisedAt: 0 }).due();
    expect(context(journey).health).toBe('late');
  });

  it('[ORD16] raises an alarm when work stands still, asking ever more rarely, at least daily', () => {
    let journey = journeyTo('enRoute', { promisedAt: 0 }).due();
    const since = journey.at;
    expect(context(journey).stallAt).toBeGreaterThan(since);
    const pauses: number[] = [];
    for (let i = 0; i < 9; i++) {
      journey = journey.due();
      pauses.push(((context(journey).stallAt ?? 0) - journey.at) / POLICY.stallMs);
    }
    expect(pauses).toEqual([2, 4, 8, 16, 32, 64, 72, 72, 72]);
    expect(context(journey).alarms).toContain('stalled');
    const moved = journey.send(d1, { type: 'order.arriveDoor' });
    expect(moved.effects).toContain('alarm.clear stalled');
    expect(context(moved)).toMatchObject({ stalls: 0, stallAt: moved.at + POLICY.stallMs });
  });
});

describe('several deadlines that have passed', () => {
  it('[MCH3] are taken in the order of their instants, whatever they are', () => {
    const promisedAt = T0 + 60 * MINUTE;
    const toStore = journeyTo('toStore', { promisedAt });
    const { stallAt } = context(toStore);
    expect(stallAt).toBeLessThan(promisedAt - POLICY.atRiskMs);
    const tillLate = promisedAt - toStore.at - 1;
    // The promise is in danger after the stall: a node that was away meets both at once.
    const first = orderKind.dueEvent(toStore.state, toStore.at + tillLate);
    expect(first).toEqual({ event: { type: 'order.stall' }, dueAt: stallAt });
    const stalled = toStore.send(clock, { type: 'order.stall' }, tillLate);
    expect(orderKind.dueEvent(stalled.state, stalled.at)).toEqual({
      event: { type: 'order.atRisk' },
      dueAt: promisedAt - POLICY.atRiskMs,
    });
    // And before it, where the work began later.
    const sooner = journeyTo('toStore', { promisedAt: T0 + 15 * MINUTE });
    const both = orderKind.dueEvent(sooner.state, sooner.at + POLICY.stallMs);
    expect(both?.event.type).toBe('order.late');
  });
});
