import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createClockSync } from '../../src/client/clock-sync.ts';

const delay = fc.integer({ min: 0, max: 2_000 });
const trips = fc.array(fc.record({ up: delay, down: delay }), {
  minLength: 1,
  maxLength: 30,
});
const offset = fc.integer({ min: -86_400_000, max: 86_400_000 });

describe('clock correction', () => {
  it('[CLT1] is never further off than it says, however uneven the two ways are', () => {
    fc.assert(
      fc.property(offset, trips, (truth, list) => {
        const sync = createClockSync();
        let device = 1_000_000;
        for (const { up, down } of list) {
          device += 10_000;
          sync.onAnswer(device, device + up + truth, device + up + down);
          expect(Math.abs(sync.offsetMs() - truth)).toBeLessThanOrEqual(sync.errorMs());
        }
      }),
    );
  });

  it('[CLT1] is at least as good as the quickest of the last answers, and better when delays lie on both sides', () => {
    const sync = createClockSync(4);
    const truth = 5_000;
    sync.onAnswer(0, truth + 900, 1_000); // nearly all of it on the way up
    expect(sync.errorMs()).toBe(500);
    sync.onAnswer(2_000, truth + 2_100, 3_000); // nearly all of it on the way down
    expect(sync.errorMs()).toBe(100);
    expect(sync.offsetMs()).toBe(truth);
    sync.onAnswer(4_000, truth + 4_400, 5_000);
    expect(sync.offsetMs()).toBe(truth);
  });

  it('[CLT1] is bounded from below by a push', () => {
    const sync = createClockSync();
    sync.onAnswer(0, 700, 1_000); // offset between -300 and 700
    sync.onPush(2_500, 2_000); // offset at least 500
    expect(sync.offsetMs()).toBe(600);
    expect(sync.errorMs()).toBe(100);
  });

  it('[CLT1] keeps its answers through any number of pushes that say nothing new', () => {
    const sync = createClockSync(2);
    sync.onAnswer(0, 50, 100);
    for (let at = 1_000; at < 20_000; at += 1_000) sync.onPush(at - 900, at);
    expect(sync.errorMs()).toBe(50);
  });

  it('[CLT2] follows a clock that was set', () => {
    const sync = createClockSync();
    for (let at = 0; at < 5_000; at += 1_000) sync.onAnswer(at, at + 10, at + 20);
    sync.onAnswer(6_000, 106_010, 106_020 - 100_000);
    expect(sync.offsetMs()).toBe(100_000);
    sync.onAnswer(7_000, 107_010, 7_020);
    expect(sync.offsetMs()).toBe(100_000);
  });

  it('[CLT2] follows a clock that runs a little fast: what it once knew well is forgotten', () => {
    const sync = createClockSync(4);
    sync.onAnswer(0, 5, 10);
    expect(sync.errorMs()).toBe(5);
    // Each allows the old offset as well, and is not held to it for ever.
    for (let at = 1_000; at < 5_000; at += 1_000) sync.onAnswer(at, at + 300, at + 400);
    expect([sync.offsetMs(), sync.errorMs()]).toEqual([100, 200]);
  });

  it('[CLT1] is zero, with no bound on the error, before the first message', () => {
    const sync = createClockSync();
    expect([sync.offsetMs(), sync.errorMs()]).toEqual([0, Infinity]);
  });
});
