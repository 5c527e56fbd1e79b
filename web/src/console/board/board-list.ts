import { computed, type ReadonlySignal } from '@preact/signals';
import { seconds } from '../../kit/clock.ts';
import type { LiveOrders } from '../state/live-orders.ts';
import type { Names } from '../state/names.ts';
import { urgencyOf, waitsOf } from '../state/waits.ts';
import { type BoardFilter, matcherOf } from './board-filter.ts';

export interface BoardList {
  ids: readonly string[];
  /** How many orders there were to choose from. */
  total: number;
}

/**
 * The orders asked for, the most urgent first. Renewed once a second, so that rows do not
 * change places under the eye or the finger each time that something changes.
 */
export const listOf = (
  live: LiveOrders,
  names: Names,
  filter: BoardFilter,
): ReadonlySignal<BoardList> =>
  computed(() => {
    live.loaded.value;
    const isAskedFor = matcherOf(filter, names, seconds.value);
    const found: { id: string; rank: number }[] = [];
    for (const order of live.orders.values()) {
      if (!isAskedFor(order)) continue;
      found.push({ id: order.orderId, rank: urgencyOf(order, waitsOf(order, UNNAMED)) });
    }
    found.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    return { ids: found.map(({ id }) => id), total: live.orders.size };
  });

/** How urgent it is does not hang on anybody's name. */
const UNNAMED = { of: () => '' };
