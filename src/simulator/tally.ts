import type { OrderEventView, OrderView } from '../protocol/orders.ts';
import { type Counts, isTerminal, type Progress, quantile } from './figures.ts';

/** Counts what an operator's watches tell of the day's orders. */
export interface Tally {
  /** The order is placed and watched from now on. */
  expect(orderId: string): void;
  onSnapshot(order: OrderView): void;
  onEvent(event: OrderEventView): void;
  figures(): Pick<Progress, 'placed' | 'states' | 'openOffers' | 'counts' | 'assignMs'>;
  /** Orders neither over nor in the rescue lane. */
  unfinished(): { orderId: string; state: string }[];
}

interface Known {
  state: string;
  open: Set<string>;
  searchingSince?: number;
  assigned: boolean;
}

const RESCUE_LANE = 'pending.unassigned';

/** @param speed real ms between two instants are told as unscaled ones */
export function createTally(speed: number): Tally {
  const orders = new Map<string, Known>();
  const assignTimes: number[] = [];
  const counts: Counts = {
    offered: 0,
    accepted: 0,
    rejected: 0,
    expired: 0,
    undelivered: 0,
    withdrawn: 0,
    released: 0,
    cancelled: 0,
    delivered: 0,
    returned: 0,
    rescued: 0,
    wrongPins: 0,
  };

  function countFates(order: Known, { opened = [], closed = [] }: OrderEventView): void {
    for (const { offerId } of opened) order.open.add(offerId);
    counts.offered += opened.length;
    for (const { offerId, outcome } of closed) {
      order.open.delete(offerId);
      counts[outcome] += 1;
    }
  }

  return {
    expect(orderId) {
      orders.set(orderId, { state: '', open: new Set(), assigned: false });
    },
    onSnapshot({ orderId, state }) {
      const order = orders.get(orderId);
      if (order) order.state = state;
    },
    onEvent(event) {
      const order = orders.get(event.orderId);
      if (!order) return;
      countFates(order, event);
      if (event.refused) counts.wrongPins += 1;
      if (event.type === 'order.release') counts.released += 1;
      // Out of the lane by an operator's hand, and not into the bin.
      if (event.from === RESCUE_LANE && event.to !== RESCUE_LANE && !isTerminal(event.to))
        counts.rescued += 1;
      if (event.to === 'cancelled' || event.to === 'delivered' || event.to === 'returned')
        counts[event.to] += 1;
      if (event.to === 'pending.searching') order.searchingSince ??= event.at;
      if (event.to === 'preparing.toStore' && !order.assigned && order.searchingSince) {
        order.assigned = true;
        assignTimes.push((event.at - order.searchingSince) * speed);
      }
      order.state = event.to;
    },
    figures() {
      const states: Record<string, number> = {};
      let openOffers = 0;
      for (const { state, open } of orders.values()) {
        states[state || 'placed'] = (states[state || 'placed'] ?? 0) + 1;
        openOffers += open.size;
      }
      const sorted = assignTimes.toSorted((a, b) => a - b);
      const p50 = quantile(sorted, 0.5);
      const p95 = quantile(sorted, 0.95);
      return {
        placed: orders.size,
        states,
        openOffers,
        counts: { ...counts },
        assignMs:
          p50 === undefined || p95 === undefined ? null : { p50, p95, orders: sorted.length },
      };
    },
    unfinished: () =>
      [...orders]
        .filter(([, { state }]) => !isTerminal(state) && state !== RESCUE_LANE)
        .map(([orderId, { state }]) => ({ orderId, state })),
  };
}
