import { loadProcessConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { openStorage, type Storage } from './open-storage.ts';

/** What a command was asked cannot be done; the message says what would be. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** What was typed cannot be meant; the message says in one line what was expected. Exit 2. */
export class BadInput extends CommandError {}

/**
 * Runs a command on the database that the server would use, and closes it whatever happens: a mongod
 * that was started for the command must not outlive it, Ctrl-C or not.
 */
export async function withStorage<T>(run: (storage: Storage) => Promise<T>): Promise<T> {
  const config = loadProcessConfig();
  const log = createLog({ ...config, logLevel: 'warn' }, 'stderr');
  const { interrupted, ignore } = interruption();
  try {
    const storage = await openStorage(config, log, { role: 'command' });
    try {
      return await Promise.race([run(storage), interrupted]);
    } finally {
      await storage.close();
    }
  } finally {
    ignore();
  }
}

/** Rejects when the process is told to stop. */
function interruption(): { interrupted: Promise<never>; ignore(): void } {
  let stop = (_signal: string) => {};
  const interrupted = new Promise<never>((_, reject) => {
    stop = (signal) => reject(new CommandError(`stopped by ${signal}`));
  });
  // While the database is being opened nobody listens yet.
  interrupted.catch(() => {});
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    interrupted,
    ignore() {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
