import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { OrderContext } from '../../machines/order-types.ts';
import { type Candidate, choose, radiusOf } from '../../src/dispatch/policy.ts';

const order = (more: Partial<OrderContext> = {}, misses = 0, mode = 'sequential') =>
  ({
    excluded: [],
    unreached: {},
    search: { startedAt: 0, giveUpAt: 1, readyAt: 0, misses, widenMeters: 0 },
    policy: { mode, escalateAfter: 3, batchSize: 3, radiiMeters: [3_000, 5_000, 7_000] },
    ...more,
  }) as unknown as OrderContext;

const candidates: fc.Arbitrary<Candidate[]> = fc.uniqueArray(
  fc.record(
    {
      driverId: fc.stringMatching(/^d[0-9]{1,2}$/),
      distanceMeters: fc.nat(7_000),
      seenAt: fc.nat(100),
      lastOfferAt: fc.nat(100),
      shift: fc.constantFrom(
        'onDuty.available',
        'onDuty.available',
        'onDuty.paused',
        'onDuty.onBreak',
      ),
      capacity: fc.constantFrom(1, 2),
      freeSlot: fc.constantFrom(0, 1),
      isOffered: fc.boolean(),
    },
    { requiredKeys: ['driverId', 'distanceMeters', 'seenAt', 'capacity', 'isOffered'] },
  ),
  { selector: ({ driverId }) => driverId, maxLength: 40 },
);

describe('policy', () => {
  it('[DSP1] [DSP5] chooses only who may be asked, the nearest first, alike in any order', () => {
    fc.assert(
      fc.property(candidates, fc.nat(12), fc.infiniteStream(fc.nat()), (all, misses, noise) => {
        const excluded = all.slice(0, 2).map(({ driverId }) => driverId);
        const unreached = Object.fromEntries(all.slice(2, 4).map((each) => [each.driverId, 50]));
        const of = order({ excluded, unreached }, misses);
        const { chosen, considered } = choose(of, all);
        const noised = all.map((each) => [noise.next().value, each] as const);
        const shuffled = [...noised].sort(([a], [b]) => a - b).map(([, each]) => each);
        expect(choose(of, shuffled).chosen).toEqual(chosen);

        const eligible = all.filter(
          (each) =>
            each.shift === 'onDuty.available' &&
            !each.isOffered &&
            each.freeSlot !== undefined &&
            !excluded.includes(each.driverId) &&
            each.seenAt > (unreached[each.driverId] ?? -1),
        );
        expect(chosen).toHaveLength(Math.min(eligible.length, misses >= 3 ? 3 : 1));
        const nearest = Math.min(...eligible.map(({ distanceMeters }) => distanceMeters));
        if (chosen[0]) expect(chosen[0].distanceMeters - nearest).toBeLessThan(200);
        expect(considered.length).toBe(Math.min(20, all.length));
        expect(
          considered.every((row) => (row.rank === undefined) !== (row.leftOut === undefined)),
        ).toBe(true);
      }),
    );
  });

  it('[DSP1] prefers, among the equally near, whoever has waited longest', () => {
    const base = {
      shift: 'onDuty.available',
      capacity: 1,
      freeSlot: 0,
      isOffered: false,
      seenAt: 9,
    };
    const { chosen } = choose(order(), [
      { ...base, driverId: 'busy', distanceMeters: 410, lastOfferAt: 90 },
      { ...base, driverId: 'rested', distanceMeters: 550, lastOfferAt: 10 },
    ]);
    expect(chosen.map(({ driverId }) => driverId)).toEqual(['rested']);
  });

  it('[DSP3] reaches further with every escalation, and as far as an operator says', () => {
    expect([0, 2, 3, 6, 99].map((misses) => radiusOf(order({}, misses)))).toEqual([
      3_000, 3_000, 5_000, 7_000, 7_000,
    ]);
    const widened = order();
    if (widened.search) widened.search.widenMeters = 4_000;
    expect(radiusOf(widened)).toBe(7_000);
  });

  it('[DSP4] leaves a manual order to operators', () => {
    const base = {
      shift: 'onDuty.available',
      capacity: 1,
      freeSlot: 0,
      isOffered: false,
      seenAt: 9,
    };
    const all = [{ ...base, driverId: 'd1', distanceMeters: 1 }];
    expect(choose(order({}, 0, 'manual'), all).chosen).toEqual([]);
    expect(choose(order({}, 0, 'broadcast'), all).chosen).toHaveLength(1);
  });
});
