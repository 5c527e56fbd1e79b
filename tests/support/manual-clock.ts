import type { Clock } from '../../src/engine/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on, running what falls due on the way, in order, each with all that follows from it. */
  advance(ms: number): Promise<void>;
  /** Jumps without running anything: a process that was suspended, a clock that was set. */
  jump(ms: number): void;
}

/** A clock that only a test moves. */
export function createManualClock(start = 1_700_000_000_000): ManualClock {
  let now = start;
  let sequence = 0;
  const timers = new Map<number, { at: number; fn: () => void }>();

  const after = (delayMs: number, fn: () => void) => {
    const key = sequence++;
    timers.set(key, { at: now + Math.max(0, delayMs), fn });
    return () => void timers.delete(key);
  };

  return {
    now: () => now,
    after,
    sleep: (delayMs) => new Promise((resolve) => void after(delayMs, resolve)),
    jump(ms) {
      now += ms;
    },
    async advance(ms) {
      const target = now + ms;
      for (;;) {
        await quiet();
        const [key, timer] =
          [...timers].filter(([, { at }]) => at <= target).sort(byInstant)[0] ?? [];
        if (key === undefined || !timer) break;
        timers.delete(key);
        now = Math.max(now, timer.at);
        timer.fn();
      }
      now = target;
    },
  };
}

type Entry = [number, { at: number }];
const byInstant = ([a, { at: atA }]: Entry, [b, { at: atB }]: Entry) => atA - atB || a - b;

/** Lets everything that waits for no timer run to its end. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}
