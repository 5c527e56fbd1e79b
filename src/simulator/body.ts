import type { DayClock } from './day-clock.ts';
import { metersBetween, type Place, towards } from './ground.ts';

/** Somebody on the streets: at a place, or on the straight way to one. */
export interface Body {
  where(): Place;
  /** Resolves on arrival, or when `signal` aborts on the way: one then stays where one is. */
  travel(to: Place, signal: AbortSignal): Promise<void>;
}

export function createBody(day: DayClock, home: Place, metersPerSecond: number): Body {
  let from = home;
  let to = home;
  let leftAt = 0;
  const where = () => towards(from, to, ((day.elapsed() - leftAt) / 1_000) * metersPerSecond);
  return {
    where,
    async travel(target, signal) {
      from = where();
      to = target;
      leftAt = day.elapsed();
      const takesMs = (metersBetween(from, to) / metersPerSecond) * 1_000;
      await day.pass(takesMs, signal);
      from = where();
      to = from;
      if (!signal.aborted) from = to = target;
    },
  };
}
