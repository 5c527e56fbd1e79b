import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection, mongo } from 'mongoose';
import { openMongoStore } from '../../src/engine/mongo-store.ts';
import { testConnection } from '../support/mongo.ts';
import { storeContract } from './store-contract.ts';

const KINDS = [
  { name: 'lamp', columnIndexes: [{ name: 'owner', key: { ownerId: 1, createdAt: -1 } }] },
] as const;

describe('MongoDB store', () => {
  let connection: Connection;
  const open = async () =>
    openMongoStore(connection, {
      kinds: KINDS,
      onError: (error) => {
        throw error;
      },
    });

  beforeAll(async () => {
    connection = await testConnection('store');
  });
  afterAll(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  storeContract(async () => ({
    a: await open(),
    b: await open(),
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }));

  it('[STO16] forgets a node that was killed', async () => {
    const store = await open();
    const indexes = await connection.collection('nodes').listIndexes().toArray();
    expect(indexes).toContainEqual(
      expect.objectContaining({ key: { seenAt: 1 }, expireAfterSeconds: 86_400 }),
    );
    await store.close();
  });

  it('[STO17] says when another server leads, while it is watched', async () => {
    const store = await open();
    let told = 0;
    const close = await store.watch({
      ...{ onCommit() {}, onHeartbeat() {}, onResync() {} },
      onNewPrimary: () => void told++,
    });
    const client = connection.getClient();
    const change = (from: string, to: string) =>
      client.emit('serverDescriptionChanged', {
        ...{ previousDescription: { type: from }, newDescription: { type: to } },
      } as unknown as mongo.ServerDescriptionChangedEvent);
    change('RSPrimary', 'RSPrimary');
    change('RSPrimary', 'RSSecondary');
    expect(told).toBe(0);
    change('RSSecondary', 'RSPrimary');
    expect(told).toBe(1);
    await close();
    change('RSSecondary', 'RSPrimary');
    expect(told).toBe(1);
    await store.close();
  });

  it('[STO19] refuses to serve without an index that a promise rests on, and says how to mend it', async () => {
    const lamps = connection.collection('lamp');
    await lamps.insertOne({ state: 'left behind' });
    await lamps.dropIndex('holds');
    await expect(open()).rejects.toThrow(
      'db.getCollection("lamp").createIndex({"holds":1}, {"name":"holds","unique":true,"partialFilterExpression":{"holds":{"$exists":true}}})',
    );
    // One that is there and promises less is as bad as none.
    await lamps.createIndex({ holds: 1 }, { name: 'holds' });
    await expect(open()).rejects.toThrow('dropIndex("holds")');
    await lamps.dropIndex('holds');
    await lamps.createIndex(
      { holds: 1 },
      { name: 'holds', unique: true, partialFilterExpression: { holds: { $exists: true } } },
    );
    await (await open()).close();
  });

  it('[STO19] adds an index that is new to a database of its own, and none that forbids anything', async () => {
    const lamps = connection.collection('lamp');
    await lamps.insertOne({ state: 'left behind, too' });
    const own = { addNewIndexes: true, kinds: KINDS, onError() {} };
    const openOwn = () => openMongoStore(connection, own);
    await lamps.dropIndex('owner');
    await expect(open()).rejects.toThrow('"name":"owner"');
    await (await openOwn()).close();
    expect((await lamps.listIndexes().toArray()).map(({ name }) => name)).toContain('owner');

    // Another one of that name, and one that must be unique, are for a person to look at.
    await lamps.dropIndex('owner');
    await lamps.createIndex({ state: 1 }, { name: 'owner' });
    await expect(openOwn()).rejects.toThrow('"name":"owner"');
    await lamps.dropIndex('owner');
    await lamps.dropIndex('holds');
    await expect(openOwn()).rejects.toThrow('"name":"holds"');
  });
});
