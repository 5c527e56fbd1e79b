import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';

/** The server that jest's global set-up started: one per run. */
export function testMongoUrl(): string {
  const url = process.env.WAYBILL_TEST_MONGO_URL;
  if (!url) throw new Error('no MongoDB for the tests: start them with `npm test`');
  return url;
}

/** A connection to a fresh database of its own; whoever asked drops it. */
export function testConnection(name: string): Promise<Connection> {
  return mongoose
    .createConnection(testMongoUrl(), {
      dbName: `${name}-${randomUUID().slice(0, 8)}`,
      autoIndex: false,
      autoCreate: false,
    })
    .asPromise();
}
