import type { DayClock } from './day-clock.ts';
import { metersBetween, type Place, towards } from './ground.ts';

/** Somebody on the streets: at a place, or on the straight way to one. */
export interface Body {
  where(): Place;
  /** Resolves on arrival, or when `signal` aborts on the way: one then stays where one is. */
  travel(to: Place, signal: AbortSignal): Promise<void>;
}

/** Whoever goes further than this at their own pace takes the motorway. Unscaled ms. */
const LONGEST_LEG_MS = 6 * 60_000;

/** @param metersPerSecond through the streets */
export function createBody(day: DayClock, home: Place, metersPerSecond: number): Body {
  let from = home;
  let to = home;
  let leftAt = 0;
  let pace = metersPerSecond;
  const where = () => towards(from, to, ((day.elapsed() - leftAt) / 1_000) * pace);
  return {
    where,
    async travel(target, signal) {
      from = where();
      to = target;
      leftAt = day.elapsed();
      const meters = metersBetween(from, to);
      pace = Math.max(metersPerSecond, meters / (LONGEST_LEG_MS / 1_000));
      await day.pass((meters / pace) * 1_000, signal);
      from = where();
      to = from;
      if (!signal.aborted) from = to = target;
    },
  };
}
