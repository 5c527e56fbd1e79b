import { pause, type Timers } from '../client/timers.ts';

/** The day as its people live it: plans are in unscaled ms, waiting is done in real ms. */
export interface DayClock {
  /** Times the day runs faster than the wall. */
  readonly speed: number;
  readonly signal: AbortSignal;
  /** Real ms. */
  now(): number;
  /** Unscaled ms since the opening. */
  elapsed(): number;
  /** Waits so much of the day; shorter when the day is called off, or `signal` aborts. */
  pass(unscaledMs: number, signal?: AbortSignal): Promise<void>;
  /** Waits until so long after the opening. */
  until(unscaledMs: number): Promise<void>;
  /** Waits real time, which no speed shortens: for what the network does. */
  passReal(ms: number): Promise<void>;
}

/** Opens the day now. @param speed ≥ 1 */
export function openDay(timers: Timers, speed: number, signal: AbortSignal): DayClock {
  const openedAt = timers.now();
  const elapsed = () => (timers.now() - openedAt) * speed;
  const pass = (unscaledMs: number, sooner?: AbortSignal) =>
    pause(
      timers,
      Math.max(0, unscaledMs) / speed,
      sooner ? AbortSignal.any([signal, sooner]) : signal,
    );
  return {
    speed,
    signal,
    now: () => timers.now(),
    elapsed,
    pass,
    until: (unscaledMs) => pass(unscaledMs - elapsed()),
    passReal: (ms) => pause(timers, ms, signal),
  };
}
