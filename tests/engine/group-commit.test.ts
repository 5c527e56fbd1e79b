import { describe, expect, it } from '@jest/globals';
import type { mongo } from 'mongoose';
import type { ActorDocument } from '../../src/engine/mongo-documents.ts';
import { createGroupCommit } from '../../src/engine/mongo-group-commit.ts';
import type { Change } from '../../src/engine/store.ts';

const change = (id: string, expectedSeq: number) =>
  ({
    ...{ kind: 'lamp', id, expectedSeq, machineVersion: 1, state: 'on', snapshot: {}, columns: {} },
    ...{ holds: [], entry: { seq: expectedSeq + 1, at: 0 }, entryBytes: 1 },
    ...{ audience: [], node: 'n1', effects: [] },
  }) as unknown as Change;

describe('group commit', () => {
  it('[STO21] sends steps of old actors between floods of new ones', async () => {
    const sent: string[] = [];
    const collection = {
      async bulkWrite(operations: object[]) {
        sent.push(...new Set(operations.flatMap(Object.keys)));
        return { matchedCount: operations.length, insertedCount: 0 };
      },
    } as unknown as mongo.Collection<ActorDocument>;
    const commit = createGroupCommit(collection);
    const births = Array.from({ length: 1_000 }, (_, n) => commit(change(`new-${n}`, 0)));
    const step = commit(change('old', 1));
    expect(await Promise.all([...births, step])).toHaveLength(1_001);
    expect(sent.indexOf('updateOne')).toBeLessThan(2);
    expect(sent.filter((kind) => kind === 'insertOne')).toHaveLength(10);
  });
});
