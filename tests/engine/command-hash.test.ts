import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashCommand } from '../../src/engine/command-hash.ts';
import type { JsonObject } from '../../src/engine/types.ts';

describe('command hash', () => {
  it('[ENG3] is the same for the same content in any key order, and another for any other', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
    fc.assert(
      fc.property(object, object, (a, b) => {
        const shuffled = Object.fromEntries(Object.entries(a).reverse());
        expect(hashCommand(shuffled)).toBe(hashCommand(a));
        const isSame = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
        expect(hashCommand(a) === hashCommand(b)).toBe(isSame);
      }),
    );
  });

  it('[ENG3] does not tell an absent field from one that is undefined', () => {
    expect(hashCommand({ a: 1, b: undefined })).toBe(hashCommand({ a: 1 }));
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)]);
}
