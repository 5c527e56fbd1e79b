import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';

const WITHIN_MS = 30_000;
const AGAIN_MS = 50;

/** Reads again until it is as expected; fails with what it is instead when it does not become so. */
export async function expectSoon<T>(read: () => Promise<T>, expected: T): Promise<void> {
  const until = performance.now() + WITHIN_MS;
  while (performance.now() < until) {
    if (isDeepStrictEqual(await read(), expected)) return;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  expect(await read()).toEqual(expected);
}
