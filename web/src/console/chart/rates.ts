import { computed, type ReadonlySignal } from '@preact/signals';
import { seconds } from '../../kit/clock.ts';
import type { Flow, FlowOf } from '../state/flow.ts';
import { transitionOf } from './transitions.ts';

/** How often each transition of the chart is taken a minute; renewed each second. */
export const ratesOf = (flow: Flow): ReadonlySignal<ReadonlyMap<string, number>> =>
  computed(() => {
    flow.version.value;
    seconds.value;
    const rates = new Map<string, number>();
    for (const kind of flow.kinds.values()) {
      const id = transitionOf(kind);
      if (id !== undefined) rates.set(id, (rates.get(id) ?? 0) + flow.perMinute(kind));
    }
    return rates;
  });

/** The kinds of steps that a transition stands for: `order.cancel` of a whole family, say. */
export const kindsOf = (flow: Flow, transition: string): FlowOf[] =>
  [...flow.kinds.values()].filter((kind) => transitionOf(kind) === transition);

export const toRate = (perMinute: number): string =>
  perMinute >= 9_500
    ? `${Math.round(perMinute / 1_000)}k/m`
    : perMinute < 1
      ? '<1/m'
      : `${Math.round(perMinute)}/m`;
