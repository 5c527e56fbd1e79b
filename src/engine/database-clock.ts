import type { Clock } from './clock.ts';

export interface DatabaseClock extends Clock {
  /** Measures the offset again, at once: after a write that the database called early. */
  measure(): Promise<void>;
  /** Database time minus local time, ms, and how exact the last measurement was. */
  readonly offset: { ms: number; errorMs: number };
  /** Measures now and then every 30 s, until stopped. */
  start(): Promise<() => void>;
}

const MEASURE_EVERY_MS = 30_000;
/** Samples per measurement: the one with the shortest round trip counts (Cristian's algorithm). */
const SAMPLES = 3;

/**
 * The database's clock as this node knows it: local monotonic time plus an offset.
 * Two nodes may differ by their errors, so order is always `seq`; deadlines are checked again by
 * the database itself (`notBefore`, `notAfter`).
 */
export function createDatabaseClock(
  local: Clock,
  readTime: () => Promise<{ at: number; errorMs: number }>,
): DatabaseClock {
  let offset = { ms: 0, errorMs: Number.POSITIVE_INFINITY };

  async function measure() {
    let best = { ms: 0, errorMs: Number.POSITIVE_INFINITY };
    for (let i = 0; i < SAMPLES; i++) {
      const { at, errorMs } = await readTime();
      if (errorMs < best.errorMs) best = { ms: at - local.now(), errorMs };
    }
    offset = best;
  }

  return {
    now: () => Math.round(local.now() + offset.ms),
    after: (delayMs, fn) => local.after(delayMs, fn),
    sleep: (delayMs) => local.sleep(delayMs),
    measure,
    get offset() {
      return offset;
    },
    async start() {
      await measure();
      let stopped = false;
      let cancel = local.after(MEASURE_EVERY_MS, again);
      return () => {
        stopped = true;
        cancel();
      };

      function again() {
        measure()
          // A database that cannot be asked keeps its last offset; readiness says the rest.
          .catch(() => {})
          .finally(() => {
            if (!stopped) cancel = local.after(MEASURE_EVERY_MS, again);
          });
      }
    },
  };
}
