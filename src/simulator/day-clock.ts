import type { Timers } from '../client/timers.ts';

/** The day as its people live it: plans are in unscaled ms, waiting is done in real ms. */
export interface DayClock {
  /** Times the day runs faster than the wall. */
  readonly speed: number;
  /** True once it is called off or over: every wait ends at once. */
  isOver(): boolean;
  /** Runs `fn` when it is; at once if it is already. Returns a cancel. */
  onOver(fn: () => void): () => void;
  /** Real ms. */
  now(): number;
  /** Unscaled ms since the opening. */
  elapsed(): number;
  /** Waits so much of the day; shorter when it is over, or `sooner` aborts. */
  pass(unscaledMs: number, sooner?: AbortSignal): Promise<void>;
  /** Waits until so long after the opening. */
  until(unscaledMs: number): Promise<void>;
  /** Waits real time, which no speed shortens: for what the network does. */
  passReal(ms: number): Promise<void>;
}

/**
 * Opens the day now.
 * @param speed ≥ 1
 * @param signal ends it
 */
export function openDay(timers: Timers, speed: number, signal: AbortSignal): DayClock {
  const openedAt = timers.now();
  // Thousands wait for the end: one listener on the signal stands for all of them.
  const waiting = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const fn of [...waiting]) fn();
  });

  function onOver(fn: () => void): () => void {
    if (signal.aborted) fn();
    else waiting.add(fn);
    return () => void waiting.delete(fn);
  }

  const passReal = (ms: number, sooner?: AbortSignal) =>
    new Promise<void>((resolve) => {
      if (signal.aborted || sooner?.aborted) return resolve();
      const finish = () => {
        cancel();
        forget();
        sooner?.removeEventListener('abort', finish);
        resolve();
      };
      const cancel = timers.after(Math.max(0, ms), finish);
      const forget = onOver(finish);
      sooner?.addEventListener('abort', finish);
    });

  const elapsed = () => (timers.now() - openedAt) * speed;
  const pass = (unscaledMs: number, sooner?: AbortSignal) => passReal(unscaledMs / speed, sooner);
  return {
    speed,
    isOver: () => signal.aborted,
    onOver,
    now: () => timers.now(),
    elapsed,
    pass,
    until: (unscaledMs) => pass(unscaledMs - elapsed()),
    passReal: (ms) => passReal(ms),
  };
}
