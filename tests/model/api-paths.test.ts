import { describe, expect, it } from '@jest/globals';
import { testMongoUrl } from '../support/mongo.ts';
import { recordOf } from './coverage-report.ts';
import { walkWire } from './walk-wire.ts';

describe('paths through the machines, over the public API', () => {
  it('[MOD3] take every branch of every event in every state, as the stored histories show', async () => {
    const records = (await walkWire(testMongoUrl())).map(recordOf);
    for (const { missed, astray, transitions, branches } of records) {
      expect(astray).toEqual([]);
      expect(missed).toEqual([]);
      expect(transitions.taken).toBe(transitions.of);
      expect(branches.taken).toBe(branches.of);
    }
  }, 240_000);
});
