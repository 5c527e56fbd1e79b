import { loadProcessConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStorage, type Storage } from './open-storage.ts';

/** What a command was asked cannot be done; the message says what would be. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Runs a command on the database that the server would use, and closes it whatever happens. */
export async function withStorage<T>(run: (storage: Storage) => Promise<T>): Promise<T> {
  const config = loadProcessConfig();
  const log = createLog({ ...config, logLevel: 'warn' });
  const storage = await openStorage(config, log, { role: 'command' });
  try {
    return await run(storage);
  } finally {
    await storage.close();
  }
}
