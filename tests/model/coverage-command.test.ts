import { describe, expect, it } from '@jest/globals';
import { walkLevels } from './coverage-command.ts';
import { walkMachines } from './levels.ts';
import { Astray, failureOf } from './walk.ts';

describe('model coverage', () => {
  it('[MOD11] keeps what other levels showed when one cannot be walked, and names that one', async () => {
    const { levels, failures } = await walkLevels({
      machine: walkMachines,
      api: () => Promise.reject(new Error('a login timed out')),
    });
    expect(levels.map(({ name, machine }) => [name, machine])).toEqual([
      ['machine', 'order'],
      ['machine', 'shift'],
    ]);
    expect(failures).toEqual(['not walked, the public API on MongoDB: Error: a login timed out']);
  });

  it('[MOD11] names the path on which something broke, and where', () => {
    expect(failureOf('a > b', new Astray('a > b: otherwise'))).toBe('a > b: otherwise');
    expect(failureOf('a > b', new TypeError('x is nothing'))).toMatch(
      /^a > b: TypeError: x is nothing at .*coverage-command\.test\.ts/,
    );
  });
});
