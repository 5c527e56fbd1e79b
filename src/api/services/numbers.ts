import { LRUCache } from 'lru-cache';
import type { NumbersView } from '../../protocol/numbers.ts';
import type { ApiContext } from '../context.ts';
import { createTally, type OrderStory } from './order-tally.ts';

/** Figures of the last hours, counted from the stored histories. */
export interface Numbers {
  /**
   * Orders placed in the last hours, in a zone or in all. As old as `FRESH_MS` at most.
   * @param hours 1 to 48
   */
  of(hours: number, zone: string | undefined): Promise<NumbersView>;
}

/** Many operators look at the same figures, which do not change by the second. */
const FRESH_MS = 10_000;
/** Orders that one answer reads; of more, the newest. */
const MOST_ORDERS = 10_000;
const BUCKETS = 24;

/** All that is counted by: a tenth of what a history weighs. */
const QUERY = {
  columns: ['promisedAt'],
  entryFields: ['at', 'to', 'event.type', 'result.closed.outcome'],
  limit: MOST_ORDERS,
} as const;

export function createNumbers({ store, engine }: ApiContext): Numbers {
  const answers = new LRUCache<string, { until: number; view: Promise<NumbersView> }>({ max: 200 });

  async function count(hours: number, zone: string | undefined): Promise<NumbersView> {
    const until = engine.clock.now();
    const bucketMs = (hours * 3_600_000) / BUCKETS;
    // Buckets begin at the same instants whenever one looks: the last one grows, the others stay.
    const since = Math.floor((until - hours * 3_600_000) / bucketMs) * bucketMs;
    const total = createTally();
    const tallies = Array.from({ length: Math.floor((until - since) / bucketMs) + 1 }, createTally);
    let seen = 0;
    let oldest = until;
    const where: Record<string, string> = zone === undefined ? {} : { zone };
    for await (const born of store.bornSince('order', since, { ...QUERY, where })) {
      seen += 1;
      oldest = born.createdAt;
      const story = born as unknown as OrderStory;
      total.add(story);
      tallies[Math.floor((born.createdAt - since) / bucketMs)]?.add(story);
    }
    return {
      ...{ since, until, bucketMs },
      ...(seen === MOST_ORDERS ? { countedSince: oldest } : {}),
      total: total.done(),
      buckets: tallies.map((tally, index) => ({ at: since + index * bucketMs, ...tally.done() })),
    };
  }

  return {
    of(hours, zone) {
      const key = JSON.stringify([hours, zone]);
      const known = answers.get(key);
      if (known && known.until > engine.clock.now()) return known.view;
      const view = count(hours, zone);
      answers.set(key, { until: engine.clock.now() + FRESH_MS, view });
      // A failure is not an answer to remember.
      view.catch(() => answers.delete(key));
      return view;
    },
  };
}
