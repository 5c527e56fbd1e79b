import { describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import { isOver as hasEnded } from '../../machines/order-readers.ts';
import { canCancel, isOver, tell } from '../../web/src/customer/order/order-story.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  POLICY,
  stateOf,
  system,
  T0,
} from '../machines/journey.ts';

const d1 = driver('d1');
const failed = journeyTo('atDoor').send(d1, { type: 'order.fail', reason: 'nobody_home' });
const returning = failed.send(d1, { type: 'order.startReturn' });

/** One order in each state that an order can be in. */
const JOURNEYS: Journey[] = [
  buildJourney({ searchAt: T0 + 3_600_000, promisedAt: T0 + 7_200_000 }),
  buildJourney(),
  journeyTo('offered'),
  buildJourney().send(system, { type: 'search.fail' }, POLICY.searchMs),
  journeyTo('toStore'),
  journeyTo('atStore'),
  journeyTo('enRoute'),
  journeyTo('atDoor'),
  journeyTo('atDoor').send(d1, { type: 'order.deliver', pin: '4711' }),
  journeyTo('toStore').send(operator, { type: 'order.cancel', reason: 'closed' }),
  failed,
  returning,
  returning.send(d1, { type: 'order.completeReturn' }),
];

const told = (state: string) => ({
  ...{ state, storeName: 'Mercado', driverName: 'Dora', isPacked: false },
  health: 'onTime' as const,
});

describe('the story of an order', () => {
  it('[WEB51] has words of its own for each state that the machine has', () => {
    const headlines = JOURNEYS.map((journey) => tell(told(stateOf(journey))).headline);
    expect(headlines).not.toContain('Under way');
    expect(JOURNEYS.map(stateOf).sort()).toEqual(leavesOf(orderKind.machines.get(1)?.config));
  });

  it('[WEB51] tells a state that it does not know by its first word, or plainly', () => {
    expect(tell(told('outForDelivery.byDrone'))).toMatchObject({ headline: 'Under way', step: 2 });
    expect(tell(told('teleported'))).toMatchObject({ headline: 'Under way', step: undefined });
    expect(isOver('teleported')).toBe(false);
  });

  it('[WEB53] tells an onlooker nothing that is between the others', () => {
    for (const journey of JOURNEYS) {
      const { headline, detail } = tell(told(stateOf(journey)), 'onlooker');
      expect(`${headline} ${detail}`).not.toMatch(/\byour?\b|PIN/i);
    }
  });

  it('[WEB52] offers to cancel exactly where the machine lets the customer', () => {
    for (const journey of JOURNEYS) {
      const legal = orderKind.legalEvents(journey.state, customer);
      expect([stateOf(journey), canCancel(stateOf(journey))]).toEqual([
        stateOf(journey),
        legal.includes('order.cancel'),
      ]);
      expect(isOver(stateOf(journey))).toBe(hasEnded(journey.state));
    }
  });
});

interface Node {
  states?: Record<string, Node>;
}

/** Dotted paths of the states without children, but the one before an order is placed. */
function leavesOf(config: unknown): string[] {
  const walk = (node: Node, path: string): string[] =>
    node.states
      ? Object.entries(node.states).flatMap(([name, child]) =>
          walk(child, path === '' ? name : `${path}.${name}`),
        )
      : [path];
  return walk(config as Node, '')
    .filter((path) => path !== 'new')
    .sort();
}
