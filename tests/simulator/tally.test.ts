import { describe, expect, it } from '@jest/globals';
import type { OrderEventView } from '../../src/protocol/orders.ts';
import { createTally } from '../../src/simulator/tally.ts';

let seq = 0;
const step = (
  type: OrderEventView['type'],
  from: string,
  to: string,
  rest: Partial<OrderEventView> = {},
): OrderEventView => ({
  orderId: 'o1',
  seq: ++seq,
  type,
  at: seq * 100,
  from,
  to,
  by: { role: 'system', id: 'clock' },
  ...rest,
});
const offer = (offerId: string) => ({ offerId, driverId: `of-${offerId}`, expiresAt: 0 });

function told(...steps: OrderEventView[]) {
  const tally = createTally(30);
  tally.expect('o1');
  for (const event of steps) tally.onEvent(event);
  return tally;
}

describe('tally', () => {
  it('[SIM5] counts how each offer ended, and the time to the first acceptance in unscaled ms', () => {
    const tally = told(
      step('order.place', 'new', 'pending.searching', { at: 1_000 }),
      step('offer.open', 'pending.searching', 'pending.offered', { opened: [offer('a')] }),
      step('offer.expire', 'pending.offered', 'pending.searching', {
        at: 2_000,
        closed: [{ offerId: 'a', driverId: 'd', outcome: 'expired' }],
      }),
      step('offer.open', 'pending.searching', 'pending.offered', {
        opened: [offer('b'), offer('c')],
      }),
    );
    expect(tally.figures().openOffers).toBe(2);
    tally.onEvent(
      step('offer.accept', 'pending.offered', 'preparing.toStore', {
        at: 3_000,
        closed: [
          { offerId: 'b', driverId: 'd', outcome: 'accepted' },
          { offerId: 'c', driverId: 'e', outcome: 'withdrawn' },
        ],
      }),
    );
    expect(tally.figures()).toMatchObject({
      openOffers: 0,
      states: { 'preparing.toStore': 1 },
      assignMs: { p50: 60_000, p95: 60_000, orders: 1 },
      counts: { offered: 3, expired: 1, accepted: 1, withdrawn: 1 },
    });
  });

  it('[SIM5] takes leaving the rescue lane for a rescue, but not being cancelled there', () => {
    const lane = step('search.fail', 'pending.searching', 'pending.unassigned');
    const rescued = told(lane, step('order.assign', 'pending.unassigned', 'preparing.toStore'));
    const cancelled = told(lane, step('order.cancel', 'pending.unassigned', 'cancelled'));
    expect(rescued.figures().counts).toMatchObject({ rescued: 1, cancelled: 0 });
    expect(cancelled.figures().counts).toMatchObject({ rescued: 0, cancelled: 1 });
  });

  it('[SIM5] calls every order unfinished that is neither over nor in the lane', () => {
    expect(told().unfinished()).toHaveLength(1);
    expect(
      told(step('search.fail', 'pending.searching', 'pending.unassigned')).unfinished(),
    ).toEqual([]);
    expect(
      told(step('order.release', 'preparing.toStore', 'pending.searching')).unfinished(),
    ).toEqual([{ orderId: 'o1', state: 'pending.searching' }]);
  });

  it('[SIM5] leaves other days alone', () => {
    const tally = createTally(1);
    tally.onEvent(step('order.release', 'preparing.toStore', 'pending.searching'));
    expect(tally.figures()).toMatchObject({ placed: 0, counts: { released: 0 } });
  });
});
