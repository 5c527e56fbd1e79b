import { describe, expect, it } from '@jest/globals';
import { createScheduler } from '../../src/engine/scheduler.ts';
import type { Store } from '../../src/engine/store.ts';
import { lampKind } from '../support/lamp-kind.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('scheduler', () => {
  it('[ENG12] keeps one timer for all deadlines, also when one comes while the last is seen to', async () => {
    const clock = createManualClock();
    let timers = 0;
    const counted = {
      ...clock,
      after(delayMs: number, fn: () => void) {
        timers++;
        let isOver = false;
        const over = () => {
          if (!isOver) timers--;
          isOver = true;
        };
        const cancel = clock.after(delayMs, () => {
          over();
          fn();
        });
        return () => {
          over();
          cancel();
        };
      },
    };
    const scheduler = createScheduler({
      store: { due: async () => [] } as unknown as Store,
      ...{ clock: counted, random: () => 0.5, kinds: [lampKind], node: 'a' },
      liveNodes: () => ['a'],
      // Whoever wakes the first time stays busy.
      wake: () => new Promise(() => {}),
      onPoisoned: () => {},
      onError: () => {},
    });
    const stop = scheduler.start();
    const now = clock.now();
    for (const [id, at] of [
      ['one', 10],
      ['two', 60_000],
    ] as const) {
      scheduler.arm('lamp', id, now + at);
    }
    await clock.advance(20);
    scheduler.arm('lamp', 'one', now + 30);
    await clock.advance(200);
    // The next deadline's, and the sweep's.
    expect(timers).toBe(2);
    stop();
    expect(timers).toBe(0);
  });
});
