import { describe, expect, it } from '@jest/globals';
import { settle } from '../../src/engine/settle.ts';
import type { Change, Store } from '../../src/engine/store.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('an outcome that is not known', () => {
  it('[ENG8] is lost once the change is late when sent 5 s after its limit, and not when only its answer is', async () => {
    const clock = createManualClock();
    const limit = clock.now() + 1_000;
    const sentAt: number[] = [];
    const store = {
      async commit() {
        sentAt.push(clock.now() - limit);
        // The process stands still before it hears the answer of the second.
        if (sentAt.length === 1) await clock.sleep(1_000);
        if (sentAt.length === 2) await clock.sleep(20_000);
        return { outcome: 'late' };
      },
      readSeq: async () => 4,
    } as unknown as Store;
    const change = { kind: 'lamp', id: 'l1', expectedSeq: 4, notAfter: limit } as Change;
    const settled = settle(store, clock, change, async () => {});
    await clock.advance(30_000);
    expect(await settled).toBe('lost');
    expect(sentAt).toHaveLength(3);
    expect(sentAt[1]).toBeLessThan(5_000);
    expect(sentAt[2]).toBeGreaterThan(5_000);
  });
});
