import { describe, expect, it } from '@jest/globals';
import { lookAgainAt } from '../../machines/order-deadlines.ts';
import { orderKind } from '../../machines/order-kind.ts';
import {
  buildJourney,
  context,
  customer,
  driver,
  journeyTo,
  operator,
  POLICY,
  request,
  stateOf,
  system,
  T0,
} from './journey.ts';

const SEARCH_AT = T0 + 3_600_000;
const scheduled = () => buildJourney({ searchAt: SEARCH_AT, promisedAt: SEARCH_AT + 7_200_000 });
const unassigned = (placed = {}) => buildJourney(placed).due();
const work = (journey: ReturnType<typeof buildJourney>, afterMs = 0) =>
  orderKind.workFor(journey.state, journey.at + afterMs);

describe('placing', () => {
  it('[ORD1] searches at once when no later instant is asked for', () => {
    const journey = buildJourney({ searchAt: T0 });
    expect(stateOf(journey)).toBe('pending.searching');
    expect(context(journey)).toMatchObject({
      orderId: 'o1',
      itemCount: 3,
      placedAt: T0,
      searchAt: T0,
      search: { startedAt: T0, readyAt: T0, giveUpAt: T0 + POLICY.searchMs, misses: 0 },
    });
    expect(work(journey)).toBe('dispatch');
  });

  it('[ORD1] waits for the instant it is scheduled for, unless an operator starts it', () => {
    const journey = scheduled();
    expect(stateOf(journey)).toBe('scheduled');
    expect(orderKind.nextWakeAt(journey.state)).toBe(SEARCH_AT);
    expect(journey.takes(system, { type: 'search.start' })).toBe(false);
    expect(journey.takes(operator, { type: 'search.start' })).toBe(true);
    const searching = journey.due();
    expect(stateOf(searching)).toBe('pending.searching');
    expect(context(searching).search?.startedAt).toBe(SEARCH_AT);
  });

  it('[ORD1] stores neither items nor address in the state: they never change', () => {
    const text = JSON.stringify(buildJourney({ note: 'third floor' }).state.context);
    expect(text).not.toMatch(/Milk|Any Street|third floor/);
  });
});

describe('searching', () => {
  it('[ORD2] asks for no automatic work in manual mode, and still gives up', () => {
    const journey = buildJourney({ policy: { ...POLICY, mode: 'manual' } });
    expect(work(journey)).toBeUndefined();
    expect(orderKind.nextWakeAt(journey.state)).toBe(T0 + POLICY.searchMs);
    expect(stateOf(journey.due())).toBe('pending.unassigned');
  });

  it('[ORD2] ends in the rescue lane with an alarm, never in a silent cancel', () => {
    const searching = buildJourney();
    expect(searching.takes(system, { type: 'search.fail' }, POLICY.searchMs - 1)).toBe(false);
    const journey = searching.send(system, { type: 'search.fail' }, POLICY.searchMs);
    expect(stateOf(journey)).toBe('pending.unassigned');
    expect(journey.effects).toEqual(['alarm.raise unassigned']);
    expect(context(journey)).toMatchObject({ alarms: ['unassigned'], search: null });
  });

  it('[ORD2] cuts no open offer: gives up when the last one has run out', () => {
    const offered = buildJourney()
      .send(system, { type: 'offer.open', offers: [request('d1')] }, POLICY.searchMs - 1_000)
      .send(driver('d1'), { type: 'offer.seen', offerId: 'f-d1' }, 0);
    const [offer] = context(offered).offers;
    expect(orderKind.nextWakeAt(offered.state)).toBe(offer?.closesAt);
    const searching = offered.due();
    expect(orderKind.dueEvent(searching.state, searching.at)).toEqual({
      event: { type: 'search.fail' },
      dueAt: searching.at,
    });
    expect(work(searching)).toBeUndefined();
    expect(stateOf(searching.due())).toBe('pending.unassigned');
  });

  it('[ORD2] is looked at again after a pause, and in time to give up', () => {
    const journey = buildJourney();
    expect(lookAgainAt(journey.state, T0)).toBe(T0 + POLICY.retryMs);
    const giveUpAt = T0 + POLICY.searchMs;
    expect(lookAgainAt(journey.state, giveUpAt - 1_000)).toBe(giveUpAt);
  });

  it('[ORD7] gives back what it overslept, so that the search goes on, once', () => {
    const extended = buildJourney().due(30_000);
    expect(extended.steps.at(-1)?.event).toMatchObject({ type: 'search.extend', byMs: 30_000 });
    expect(context(extended).search?.giveUpAt).toBe(extended.at + 30_000);
    expect(work(extended)).toBe('dispatch');
    const again = orderKind.dueEvent(extended.state, extended.at + 90_000);
    expect(again?.event.type).toBe('search.fail');
  });

  it('[ORD7] gives back no more than one search, however long the outage', () => {
    const extended = buildJourney({ promisedAt: T0 + 1e9 }).due(80_000_000);
    expect(context(extended).search?.giveUpAt).toBe(extended.at + POLICY.searchMs);
  });

  it('[ORD7] simply gives up when it is at most 5 s late', () => {
    expect(stateOf(buildJourney().due(5_000))).toBe('pending.unassigned');
  });
});

describe('the rescue lane', () => {
  it('[ORD8] searches again, wider and with everyone asked anew, when an operator says so', () => {
    const lane = journeyTo('offered')
      .send(driver('d1'), { type: 'offer.reject', offerId: 'f-d1', reason: 'busy' })
      .due();
    expect(stateOf(lane)).toBe('pending.unassigned');
    expect(lane.takes(system, { type: 'search.start' })).toBe(false);
    const again = lane.send(operator, {
      type: 'search.start',
      widenMeters: 2_000,
      clearExcluded: true,
    });
    expect(context(again)).toMatchObject({
      excluded: [],
      search: { widenMeters: 2_000, startedAt: again.at },
      alarms: [],
    });
    expect(again.effects).toEqual(['alarm.clear unassigned']);
    const narrow = lane.send(operator, { type: 'search.start' });
    expect(context(narrow)).toMatchObject({ excluded: ['d1'], search: { widenMeters: 0 } });
  });

  it('[ORD8] is left by an offer, an assignment or a cancellation, each clearing the alarm', () => {
    const offer = unassigned().send(operator, { type: 'offer.open', offers: [request('d1')] });
    expect(stateOf(offer)).toBe('pending.offered');
    expect(context(offer).search?.giveUpAt).toBe(offer.at + POLICY.searchMs);
    const assigned = unassigned().send(operator, {
      type: 'order.assign',
      driverId: 'd1',
      slot: 0,
      capacity: 1,
      reason: 'agreed by phone',
    });
    expect(stateOf(assigned)).toBe('preparing.toStore');
    const cancelled = unassigned().send(customer, { type: 'order.cancel', reason: 'too long' });
    expect(stateOf(cancelled)).toBe('cancelled');
    for (const journey of [offer, assigned, cancelled]) {
      expect(journey.effects).toContain('alarm.clear unassigned');
    }
    expect(unassigned().takes(system, { type: 'offer.open', offers: [request('d1')] })).toBe(false);
  });
});
