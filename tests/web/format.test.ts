import { expect, it } from '@jest/globals';
import { toCount, toDistance, toDuration } from '../../web/src/kit/format.ts';

it('[WEB16] a count and its noun agree', () => {
  expect([0, 1, 2].map((count) => toCount(count, 'live order'))).toEqual([
    ...['0 live orders', '1 live order', '2 live orders'],
  ]);
  expect([1, 4].map((count) => toCount(count, 'try', 'tries'))).toEqual(['1 try', '4 tries']);
});

it('[WEB16] a number is never parted from its unit, and a kilometre is not a thousand metres', () => {
  expect([4_000, 240_000, 7_500_000].map(toDuration)).toEqual([
    ...['4\u00a0s', '4\u00a0min', '2\u00a0h 5\u00a0min'],
  ]);
  expect([870, 994, 996, 2_400].map(toDistance)).toEqual([
    ...['870\u00a0m', '990\u00a0m', '1.0\u00a0km', '2.4\u00a0km'],
  ]);
});
