import { describe, expect, it } from '@jest/globals';
import { createDatabaseClock } from '../../src/engine/database-clock.ts';
import { createManualClock } from '../support/manual-clock.ts';

describe('database clock', () => {
  it('[ENG11] follows the database, by the sample with the shortest round trip', async () => {
    const local = createManualClock(1_000);
    const answers = [
      { at: 9_999, errorMs: 50 },
      { at: 6_000, errorMs: 1 },
      { at: 8_888, errorMs: 20 },
    ];
    const clock = createDatabaseClock(local, async () => answers.shift() ?? { at: 0, errorMs: 99 });
    await clock.measure();
    expect(clock.now()).toBe(6_000);
    expect(clock.offset).toEqual({ ms: 5_000, errorMs: 1 });
  });

  it('[ENG11] measures again every 30 s, keeps the last offset while it cannot, and stops', async () => {
    const local = createManualClock(0);
    let ahead = 100;
    let asked = 0;
    const clock = createDatabaseClock(local, async () => {
      asked++;
      if (ahead < 0) throw new Error('unreachable');
      return { at: local.now() + ahead, errorMs: 1 };
    });
    const stop = await clock.start();
    ahead = -1;
    await local.advance(30_000);
    expect(clock.offset.ms).toBe(100);
    ahead = 700;
    await local.advance(30_000);
    expect(clock.offset.ms).toBe(700);
    stop();
    const before = asked;
    await local.advance(90_000);
    expect(asked).toBe(before);
  });
});
