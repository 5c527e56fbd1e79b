import { expect, it } from '@jest/globals';
import { toCount } from '../../web/src/kit/format.ts';

it('[WEB16] a count and its noun agree', () => {
  expect([0, 1, 2].map((count) => toCount(count, 'live order'))).toEqual([
    ...['0 live orders', '1 live order', '2 live orders'],
  ]);
  expect([1, 4].map((count) => toCount(count, 'try', 'tries'))).toEqual(['1 try', '4 tries']);
});
