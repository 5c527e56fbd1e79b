import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from 'mongoose';
import { createConnection } from 'mongoose';
import { openMongooseDocuments } from '../../src/storage/mongoose-documents.ts';
import { testMongoUrl } from '../support/mongo.ts';
import { documentsContract, note, noteSpec } from './documents-contract.ts';

describe('documents in MongoDB', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await createConnection(testMongoUrl(), {
      dbName: `documents-${process.pid}`,
      autoIndex: false,
      autoCreate: false,
    }).asPromise();
  });

  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  documentsContract(() => {
    const open = openMongooseDocuments(connection);
    return { open, ready: () => open.ensureIndexes() };
  });

  it('[DOC10] keeps instants as BSON Dates and lets MongoDB expire them', async () => {
    const open = openMongooseDocuments(connection);
    const spec = noteSpec({ expires: { field: 'dueAt', afterSeconds: 30 } });
    const notes = open(spec);
    await open.ensureIndexes();
    await notes.insert(note('a', { dueAt: 40_000 }));
    await notes.update('a', { dueAt: 50_000 });

    const stored = connection.collection(spec.name);
    expect((await stored.findOne({}))?.dueAt).toEqual(new Date(50_000));
    expect(await stored.indexes()).toContainEqual(
      expect.objectContaining({ key: { dueAt: 1 }, expireAfterSeconds: 30 }),
    );
  });

  it('[DOC11] makes indexes twice without complaint, and only when told to', async () => {
    const open = openMongooseDocuments(connection);
    const spec = noteSpec();
    open(spec);
    const stored = connection.collection(spec.name);
    expect(await stored.indexes().catch(() => [])).toEqual([]);

    await open.ensureIndexes();
    await open.ensureIndexes();

    expect(await stored.indexes()).toEqual([
      expect.objectContaining({ key: { _id: 1 } }),
      expect.objectContaining({
        key: { slug: 1 },
        unique: true,
        partialFilterExpression: { slug: { $exists: true } },
      }),
      expect.objectContaining({ key: { shelf: 1, rank: 1 }, unique: true }),
      expect.objectContaining({ key: { shelf: 1, createdAt: -1 } }),
    ]);
  });
});
