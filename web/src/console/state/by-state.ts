import { computed, type ReadonlySignal } from '@preact/signals';
import type { Health } from '../../../../machines/order-types.ts';
import { seconds } from '../../kit/clock.ts';
import type { LiveOrders } from './live-orders.ts';
import type { Names } from './names.ts';
import { usedUp, type Waits, waitsOf } from './waits.ts';

/** How the orders of one state are. */
export interface StateFigures {
  count: number;
  health: Record<Health, number>;
  /** Of the order whose deadline is nearest. */
  nearest?: Waits;
  /** How much of that is used up: 0 to 1. */
  used: number;
}

/** Figures of every state that has orders, and of the families around them; renewed each second. */
export const figuresByState = (
  live: LiveOrders,
  names: Names,
): ReadonlySignal<ReadonlyMap<string, StateFigures>> =>
  computed(() => {
    live.version.value;
    const now = seconds.value;
    const figures = new Map<string, StateFigures>();
    for (const order of live.orders.values()) {
      const waits = waitsOf(order, names);
      for (const path of withFamily(order.state)) {
        const of = figures.get(path) ?? empty();
        figures.set(path, of);
        of.count += 1;
        of.health[order.health] += 1;
        if (!of.nearest || waits.until < of.nearest.until) of.nearest = waits;
      }
    }
    for (const of of figures.values()) if (of.nearest) of.used = usedUp(of.nearest, now);
    return figures;
  });

/** The worst there is in it. */
export const worstOf = ({ health }: StateFigures): Health =>
  health.late > 0 ? 'late' : health.atRisk > 0 ? 'atRisk' : 'onTime';

const empty = (): StateFigures => ({
  ...{ count: 0, used: 0 },
  health: { onTime: 0, atRisk: 0, late: 0 },
});

const withFamily = (state: string): string[] => {
  const [family = state] = state.split('.');
  return family === state ? [state] : [family, state];
};
