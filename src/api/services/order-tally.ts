import type { OfferOutcome, OrderEventType } from '../../../machines/order-types.ts';
import type { OrderTally } from '../../protocol/numbers.ts';

/** What is counted of an order: when it was promised, and its steps in outline. */
export interface OrderStory {
  columns: { promisedAt?: number };
  history: readonly {
    at: number;
    to: string;
    event: { type: OrderEventType };
    result?: { closed?: { outcome: OfferOutcome }[] };
  }[];
}

/** Counts orders, one after the other. */
export function createTally(): { add(story: OrderStory): void; done(): OrderTally } {
  const offers = { accepted: 0, rejected: 0, expired: 0, withdrawn: 0, undelivered: 0 };
  const waits: number[] = [];
  const counts = { placed: 0, delivered: 0, onTime: 0, cancelled: 0, searchFailures: 0 };

  return {
    add({ columns: { promisedAt = 0 }, history }) {
      counts.placed += 1;
      let searchedAt: number | undefined;
      let assignedAt: number | undefined;
      for (const { at, to, event, result } of history) {
        if (to === 'pending.searching') searchedAt ??= at;
        if (to.startsWith('preparing')) assignedAt ??= at;
        if (event.type === 'search.fail') counts.searchFailures += 1;
        if (to === 'cancelled') counts.cancelled += 1;
        if (to === 'delivered') {
          counts.delivered += 1;
          if (at <= promisedAt) counts.onTime += 1;
        }
        for (const { outcome } of result?.closed ?? []) offers[outcome] += 1;
      }
      if (assignedAt === undefined) return;
      // A scheduled order that an operator gave to someone was never searched for.
      waits.push(Math.max(0, assignedAt - (searchedAt ?? assignedAt)));
    },

    done() {
      waits.sort((a, b) => a - b);
      return {
        placed: counts.placed,
        assigned: waits.length,
        ...(waits.length > 0
          ? { assignP50Ms: quantile(waits, 0.5), assignP95Ms: quantile(waits, 0.95) }
          : {}),
        offers: { ...offers },
        delivered: counts.delivered,
        onTime: counts.onTime,
        cancelled: counts.cancelled,
        searchFailures: counts.searchFailures,
      };
    },
  };
}

/** The smallest value that at least this share does not exceed (nearest rank). @param sorted not empty */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
