import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Actor, State } from '../../machines/common.ts';
import { ORDER_EVENT_TYPES } from '../../machines/order-events.ts';
import { exampleOf } from '../../machines/order-example.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { contextOf, type OrderResult } from '../../machines/order-readers.ts';
import type { OrderEvent } from '../../machines/order-types.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { buildPlaced, customer, driver, operator, POLICY, store, system, T0 } from './journey.ts';

const SECOND = 1_000;
const clock: Actor = { role: 'system', id: 'clock' };

/** What happens next: time passes, a deadline is taken late or not, or someone tries something. */
const move = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('due' as const), lateMs: late() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('event' as const),
      type: fc.constantFrom(...ORDER_EVENT_TYPES),
      who: fc.constantFrom(customer, store, operator, system, clock),
      driverId: fc.constantFrom('d1', 'd2', 'd3'),
      asDriver: fc.boolean(),
      pin: fc.constantFrom('4711', '0000', undefined),
      afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 40 * SECOND })),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('onward' as const),
      pick: fc.nat(),
      afterMs: fc.integer({ min: 0, max: 4 * SECOND }),
    }),
  },
);
function late() {
  return fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 3_600 * SECOND }));
}

const placed = fc.record({
  mode: fc.constantFrom('sequential' as const, 'broadcast' as const, 'manual' as const),
  searchInMs: fc.constantFrom(0, 600 * SECOND),
  promisedInMs: fc.constantFrom(-SECOND, 0, 900 * SECOND, 3_600 * SECOND),
  pin: fc.constantFrom('4711', null),
});

interface Taken {
  before: State;
  event: OrderEvent;
  after: State;
}

/** Plays the moves on the bare machine; those that are not taken are left out. */
function play(order: typeof placed extends fc.Arbitrary<infer T> ? T : never, moves: Move[]) {
  const steps: Taken[] = [];
  let state = initialState(orderMachine);
  let at = T0;
  let offers = 0;
  const take = (event: OrderEvent) => {
    const after = step(orderMachine, state, event);
    if (!after) return;
    steps.push({ before: state, event, after });
    state = after;
    at = Math.max(at, event.at);
  };
  take({
    type: 'order.place',
    ...buildPlaced({
      searchAt: T0 + order.searchInMs,
      promisedAt: T0 + order.promisedInMs,
      pin: order.pin,
      policy: { ...POLICY, mode: order.mode },
    }),
    at,
    by: customer,
  });
  for (const next of moves) {
    if (next.kind === 'due') {
      const now = Math.max(at, orderKind.nextWakeAt(state) ?? at) + next.lateMs;
      const due = orderKind.dueEvent(state, now);
      if (due) take({ ...due.event, at: now, by: clock } as OrderEvent);
      continue;
    }
    const by =
      next.kind === 'onward'
        ? (onwardBy(state)[next.pick % 4] as Actor)
        : next.asDriver
          ? driver(next.driverId)
          : next.who;
    const types = next.kind === 'onward' ? orderKind.legalEvents(state, by) : [next.type as string];
    const type =
      types[next.kind === 'onward' ? Math.floor(next.pick / 4) % Math.max(1, types.length) : 0];
    if (!type) continue;
    const example = exampleOf(type as OrderEvent['type'], state, by);
    const event = { ...example, at: at + next.afterMs } as OrderEvent;
    if (event.type === 'offer.open') {
      const ids = next.kind === 'event' ? [next.driverId, 'd9'] : ['d1', 'd2'];
      event.offers = ids.map((driverId) => ({
        offerId: `f${++offers}`,
        driverId,
        slot: 0,
        capacity: 1,
      }));
    }
    if (event.type === 'order.deliver' && next.kind === 'event' && next.pin !== undefined) {
      event.pin = next.pin;
    }
    if (event.type === 'order.place' || !orderKind.isEntitled(state, event)) continue;
    take(event);
  }
  return { steps, state };
}
type Move = typeof move extends fc.Arbitrary<infer T> ? T : never;

const onwardBy = (state: State): Actor[] => {
  const { assignment, offers } = contextOf(state);
  const id = assignment?.driverId ?? offers[0]?.driverId ?? 'd1';
  // Mostly the driver: it is his events that bring an order to the door.
  return [system, driver(id), driver(id), driver(id)];
};

/** Every random life of an order must satisfy this. */
const always = (check: (life: ReturnType<typeof play>) => void, how: fc.Parameters<unknown> = {}) =>
  fc.assert(
    fc.property(placed, fc.array(move, { maxLength: 40, size: 'max' }), (order, moves) => {
      check(play(order, moves));
    }),
    { numRuns: 400, ...how },
  );

const seenStates = new Set<string>();
/** Of the one walk that is asked how far it got. */
const SEED = { seed: 1 };

describe('every order, whatever happens to it', () => {
  it('[MCH2] changes with every step it takes, and takes nothing after its end', () => {
    always(({ steps, state }) => {
      for (const { before, after } of steps) {
        seenStates.add(orderKind.stateOf(after));
        expect([after.value, after.context]).not.toEqual([before.value, before.context]);
        expect(before.status).not.toBe('done');
      }
      if (state.status !== 'done') return;
      for (const type of ORDER_EVENT_TYPES) {
        for (const by of [customer, store, operator, system, driver('d1')]) {
          expect(step(orderMachine, state, exampleOf(type, state, by))).toBeUndefined();
        }
      }
    }, SEED);
    // A walk that does not get around proves nothing; by chance alone one in a hundred does not.
    expect(seenStates.size).toBeGreaterThanOrEqual(13);
  });

  it('[MCH1] is plain JSON, and goes on the same from its stored form', () => {
    always(
      ({ steps }) => {
        for (const { before, event, after } of steps) {
          expect(JSON.parse(JSON.stringify(after.context))).toStrictEqual(after.context);
          const stored = JSON.parse(
            JSON.stringify({ status: before.status, value: before.value, context: before.context }),
          );
          const again = step(orderMachine, stored, event);
          expect([again?.value, again?.context]).toStrictEqual([after.value, after.context]);
        }
      },
      { numRuns: 150 },
    );
  });

  it('[MCH3] is brought forward by what is due: later, done, or at work', () => {
    always(({ state: reached }) => {
      let state = reached;
      const { placedAt } = contextOf(state);
      const now = Math.max(placedAt, orderKind.nextWakeAt(state) ?? placedAt) + 7 * SECOND;
      for (let taken = 0; ; taken++) {
        const wakeAt = orderKind.nextWakeAt(state);
        const due = orderKind.dueEvent(state, now);
        if (!due) {
          const isQuiet = wakeAt === undefined || wakeAt > now;
          expect(isQuiet || orderKind.workFor(state, now) === 'dispatch').toBe(true);
          break;
        }
        expect(taken).toBeLessThan(8);
        expect(due.dueAt).toBeLessThanOrEqual(now);
        const event = { ...due.event, at: now, by: clock };
        expect(orderKind.isEntitled(state, event)).toBe(true);
        const after = step(orderMachine, state, event);
        expect(after).toBeDefined();
        state = after as State;
        const nextAt = orderKind.nextWakeAt(state);
        expect(nextAt === undefined || nextAt >= (wakeAt as number)).toBe(true);
      }
    });
  });

  it('[ORD19] is never stuck in silence: it has a wake, or an alarm in the rescue lane', () => {
    always(({ steps }) => {
      for (const { after } of steps) {
        const state = orderKind.stateOf(after);
        const { alarms } = contextOf(after);
        expect(alarms.includes('unassigned')).toBe(state === 'pending.unassigned');
        if (after.status === 'done') {
          expect(orderKind.nextWakeAt(after)).toBeUndefined();
        } else if (state !== 'pending.unassigned') {
          expect(orderKind.nextWakeAt(after)).toBeDefined();
        }
      }
    });
  });

  it('[ORD18] ends each offer exactly once', () => {
    always(({ steps, state }) => {
      const open = new Set<string>();
      for (const { before, event, after } of steps) {
        const result = orderKind.resultOf(before, event, after) as unknown as OrderResult;
        for (const { offerId } of result.closed ?? []) expect(open.delete(offerId)).toBe(true);
        for (const { offerId } of result.opened ?? []) open.add(offerId);
        expect([...open].sort()).toEqual(
          contextOf(after)
            .offers.map((offer) => offer.offerId)
            .sort(),
        );
      }
      if (orderKind.stateOf(state) !== 'pending.offered') expect(open.size).toBe(0);
    });
  });

  it('[ORD17] holds each thing once, and nothing when it is over', () => {
    always(({ steps }) => {
      for (const { after } of steps) {
        const holds = orderKind.holdsOf(after);
        expect(new Set(holds).size).toBe(holds.length);
        if (after.status === 'done') expect(holds).toEqual([]);
      }
    });
  });

  it('[ORD20] raises and clears its alarms in turn, and has none left at its end', () => {
    always(({ steps, state }) => {
      const raised = new Set<string>();
      for (const { before, event, after } of steps) {
        for (const { type, payload } of orderKind.effectsOf(before, event, after)) {
          const alarm = String(payload.alarm);
          if (type === 'alarm.raise') expect(raised.has(alarm)).toBe(false);
          if (type === 'alarm.raise') raised.add(alarm);
          if (type === 'alarm.clear') expect(raised.delete(alarm)).toBe(true);
        }
      }
      expect([...raised].sort()).toEqual([...contextOf(state).alarms].sort());
      if (state.status === 'done') expect(raised.size).toBe(0);
    });
  });

  it('[ORD5] is not offered by the system to a driver who turned it down or let it lapse', () => {
    always(({ steps }) => {
      const out = new Set<string>();
      for (const { before, event, after } of steps) {
        if (event.type === 'search.start' && event.clearExcluded) out.clear();
        if (event.type === 'offer.open' && event.by.role === 'system') {
          for (const offer of event.offers) expect(out.has(offer.driverId)).toBe(false);
        }
        const result = orderKind.resultOf(before, event, after) as unknown as OrderResult;
        for (const { driverId, outcome } of result.closed ?? []) {
          if (outcome === 'rejected' || outcome === 'expired') out.add(driverId);
        }
      }
    });
  });
});
