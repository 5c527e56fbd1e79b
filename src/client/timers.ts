/** The client's only source of time, timers and chance, so that a test can own them. */
export interface Timers {
  /** Epoch ms by this device; must never step back. */
  now(): number;
  /** Runs `fn` once, `delayMs` (≥ 0) from now; returns a cancel. */
  after(delayMs: number, fn: () => void): () => void;
  /** Uniform in [0, 1). */
  random(): number;
}

/** Longest delay a platform timer takes; anything above fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The device's own: the monotonic clock, so that someone setting the wall clock moves no deadline. */
export const systemTimers: Timers = {
  now: () => performance.timeOrigin + performance.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, Math.min(Math.max(delayMs, 0), LONGEST_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** Resolves after `delayMs`, or as soon as `signal` aborts. */
export function pause(timers: Timers, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = timers.after(delayMs, finish);
    signal?.addEventListener('abort', finish);
  });
}
