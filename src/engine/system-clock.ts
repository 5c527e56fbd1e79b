import { performance } from 'node:perf_hooks';
import { v7 } from 'uuid';
import type { Clock, Ids, Random } from './clock.ts';

/** Longest delay a Node timer takes; beyond it, it would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** This machine's clock: epoch ms that never step back while the process lives. */
export function createSystemClock(): Clock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    after(delayMs, fn) {
      const timer = setTimeout(fn, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
      return () => clearTimeout(timer);
    },
    sleep: (delayMs) => new Promise((resolve) => setTimeout(resolve, Math.max(0, delayMs))),
  };
}

/** uuid v7: ids made later sort later. */
export const systemIds: Ids = { next: () => v7() };

export const systemRandom: Random = Math.random;
