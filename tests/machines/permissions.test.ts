import { describe, expect, it } from '@jest/globals';
import type { Actor, State } from '../../machines/common.ts';
import { ORDER_EVENT_TYPES, ORDER_EVENTS, type Relation } from '../../machines/order-events.ts';
import { exampleOf } from '../../machines/order-example.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { contextOf } from '../../machines/order-readers.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { goldenCells } from '../model/matrix-golden.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  stateOf,
  store,
  system,
  T0,
} from './journey.ts';

const golden = [...goldenCells('order')];

const d1 = driver('d1');
const lose = { type: 'driver.lose', driverId: 'd1' } as const;
const failed = journeyTo('atDoor').send(d1, { type: 'order.fail', reason: 'nobody home' });
const returning = failed.send(d1, { type: 'order.startReturn' });

/** Every state, also with its driver lost, since some events wait for that. */
const journeys: Journey[] = [
  buildJourney({ searchAt: T0 + 1_000_000 }),
  buildJourney(),
  journeyTo('offered'),
  buildJourney().due(),
  ...[journeyTo('toStore'), journeyTo('atStore'), journeyTo('enRoute'), journeyTo('atDoor')],
  ...[failed, returning],
  journeyTo('atDoor').send(d1, { type: 'order.deliver', pin: '4711' }),
  buildJourney().send(customer, { type: 'order.cancel', reason: 'no need' }),
  returning.send(store, { type: 'order.completeReturn' }),
];
const states: State[] = [
  initialState(orderMachine),
  ...journeys.flatMap((journey) =>
    journey.takes(system, lose) && contextOf(journey.state).assignment
      ? [journey.state, journey.send(system, lose).state]
      : [journey.state],
  ),
];

/** Someone of each role in each relation that he can have to this order. */
function peopleOf(state: State): [Actor, Relation][] {
  const { assignment, offers, customerId } = contextOf(state);
  return [
    [customerId === '' ? customer : { role: 'customer', id: customerId }, 'owner'],
    [{ role: 'customer', id: 'stranger' }, 'any'],
    [store, 'owner'],
    [{ role: 'store', id: 'stranger' }, 'any'],
    ...(assignment ? [[driver(assignment.driverId), 'assigned'] as [Actor, Relation]] : []),
    ...offers.map((offer): [Actor, Relation] => [driver(offer.driverId), 'offered']),
    [driver('stranger'), 'any'],
    [operator, 'any'],
    [system, 'any'],
  ];
}

/** Placing says itself whose order it is: a stranger names someone else. */
function attempt(type: (typeof ORDER_EVENT_TYPES)[number], state: State, by: Actor, as: Relation) {
  const event = exampleOf(type, state, by);
  return event.type === 'order.place' && as !== 'owner' ? { ...event, customerId: 'other' } : event;
}

const allowed = new Set<string>();
for (const state of states) {
  for (const type of ORDER_EVENT_TYPES) {
    for (const [by, relation] of peopleOf(state)) {
      const event = attempt(type, state, by, relation);
      if (!orderKind.isEntitled(state, event) || !step(orderMachine, state, event)) continue;
      allowed.add(`${orderKind.stateOf(state)} ${type} ${by.role} ${relation}`);
    }
  }
}

describe('permissions', () => {
  it('[MCH4] are what the golden file says, no more and no less', () => {
    // A cell that is meant has its line in tests/golden/permissions.txt, written by hand.
    expect([...allowed].sort()).toEqual([...golden].sort());
    expect(new Set(golden).size).toBe(golden.length);
  });

  it('[MCH4] are looked at in every state of the machine', () => {
    const all = [...orderMachine.root.transitions.keys()];
    expect(all).toEqual([]);
    const leaves = (node: typeof orderMachine.root, path: string[]): string[] =>
      Object.keys(node.states).length === 0
        ? [path.join('.')]
        : Object.entries(node.states).flatMap(([key, child]) =>
            leaves(child as typeof orderMachine.root, [...path, key]),
          );
    const seen = new Set(states.map((state) => orderKind.stateOf(state)));
    expect(leaves(orderMachine.root, []).sort()).toEqual([...seen].sort());
    expect(journeys.map(stateOf)).toContain('scheduled');
  });

  it('[MCH4] leave no event and no grant of the table unused', () => {
    const used = new Set(golden.map((line) => line.split(' ').slice(1).join(' ')));
    const granted = ORDER_EVENT_TYPES.flatMap((type) =>
      Object.entries(ORDER_EVENTS[type].grants).map(
        ([role, relation]) => `${type} ${role} ${relation}`,
      ),
    );
    // What a grant allows in no state is missing in the machine, or in tests/golden/permissions.txt.
    expect(granted.sort()).toEqual([...used].sort());
  });

  it('[MCH7] tell each person what he could do now', () => {
    const offered = journeyTo('offered').state;
    expect(orderKind.legalEvents(offered, d1)).toEqual([
      'offer.seen',
      'offer.accept',
      'offer.reject',
    ]);
    expect(orderKind.legalEvents(offered, driver('stranger'))).toEqual([]);
    expect(orderKind.legalEvents(journeyTo('atStore').state, customer)).toEqual([]);
    expect(orderKind.legalEvents(buildJourney().state, customer)).toEqual(['order.cancel']);
  });

  it('[MCH4] know no event that is not in the table', () => {
    for (const type of ['constructor', '__proto__', 'order.explode', '']) {
      const event = { type, at: T0, by: operator };
      expect(orderKind.isEntitled(buildJourney().state, event)).toBe(false);
      expect(orderKind.isClosing(type)).toBe(false);
    }
    expect(orderKind.isClosing('order.cancel')).toBe(true);
    expect(orderKind.isClosing('offer.open')).toBe(false);
  });
});
