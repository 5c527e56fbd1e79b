import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RETRY, retryDelay } from '../../src/client/retry.ts';

describe('retry pauses', () => {
  it('[CLT3] double from half the base to at most the most, by chance within the upper half', () => {
    const bounds = [1, 2, 3, 4, 5, 6, 20].map((attempt) => [
      retryDelay(DEFAULT_RETRY, attempt, 0),
      retryDelay(DEFAULT_RETRY, attempt, 0.5),
    ]);
    expect(bounds).toEqual([
      [100, 150],
      [200, 300],
      [400, 600],
      [800, 1_200],
      [1_600, 2_400],
      [2_500, 3_750],
      [2_500, 3_750],
    ]);
  });

  it('[CLT3] never end before the server allows', () => {
    expect(retryDelay(DEFAULT_RETRY, 1, 0, 60_000)).toBe(60_100);
  });
});
