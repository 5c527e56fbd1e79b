import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Storage } from '../../src/cli/open-storage.ts';
import { withStorage } from '../../src/cli/with-storage.ts';
import { testMongoUrl } from '../support/mongo.ts';

describe('a command', () => {
  const before = process.env.MONGO_URL;
  beforeAll(() => {
    process.env.MONGO_URL = testMongoUrl();
  });
  afterAll(() => {
    if (before === undefined) delete process.env.MONGO_URL;
    else process.env.MONGO_URL = before;
  });

  it('[CMD2] closes the database when it is done, fails, or is interrupted', async () => {
    const opened: Storage[] = [];
    const isClosed = () => opened.at(-1)?.connection?.readyState === 0;

    expect(await withStorage(async (storage) => opened.push(storage))).toBe(1);
    expect(isClosed()).toBe(true);

    const failing = withStorage(async (storage) => {
      opened.push(storage);
      throw new Error('it failed');
    });
    await expect(failing).rejects.toThrow('it failed');
    expect(isClosed()).toBe(true);

    const listeners = process.listenerCount('SIGHUP');
    const interrupted = withStorage((storage) => {
      opened.push(storage);
      process.emit('SIGHUP', 'SIGHUP');
      return new Promise<never>(() => {});
    });
    await expect(interrupted).rejects.toThrow('stopped by SIGHUP');
    expect(isClosed()).toBe(true);
    expect(process.listenerCount('SIGHUP')).toBe(listeners);
  });
});
