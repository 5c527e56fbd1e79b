import { describe, expect, it } from '@jest/globals';
import { runSeed } from './run-seed.ts';

describe('simulation', () => {
  it('[DST2] lives worlds of three nodes through their faults, and no invariant is broken', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const { violations, commits } = await runSeed(seed);
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      expect(commits).toBeGreaterThan(10);
    }
  });

  it('[DST1] lives the same world from the same seed, to the last line', async () => {
    const [once, again] = [await runSeed(7), await runSeed(7)];
    expect(again.story).toEqual(once.story);
    expect(again.trace).toBe(once.trace);
    expect((await runSeed(8)).trace).not.toBe(once.trace);
  });
});
