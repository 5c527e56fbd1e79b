import { computed, type ReadonlySignal } from '@preact/signals';
import type { OrderView } from '../../../../src/protocol.ts';
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
    const found: OrderView[] = [];
    for (const order of live.orders.values()) if (isAskedFor(order)) found.push(order);
    found.sort((a, b) => rankOf(a) - rankOf(b) || (a.orderId < b.orderId ? -1 : 1));
    return { ids: found.map(({ orderId }) => orderId), total: live.orders.size };
  });

/** A view never changes: a newer one takes its place. */
const ranks = new WeakMap<OrderView, number>();
const UNNAMED = { of: () => '' };

function rankOf(order: OrderView): number {
  const known = ranks.get(order);
  if (known !== undefined) return known;
  const rank = urgencyOf(order, waitsOf(order, UNNAMED));
  ranks.set(order, rank);
  return rank;
}
