import type { Connection } from 'mongoose';
import type { Config } from '../config.ts';
import type { Fleet } from '../dispatch/fleet.ts';
import { createMemoryFleet } from '../dispatch/memory-fleet.ts';
import { openMongoFleet } from '../dispatch/mongo-fleet.ts';
import type { OpenDocuments } from '../documents.ts';
import type { Clock } from '../engine/clock.ts';
import { createMemoryDatabase } from '../engine/memory-database.ts';
import { createMemoryStore } from '../engine/memory-store.ts';
import { openMongoStore } from '../engine/mongo-store.ts';
import type { Store } from '../engine/store.ts';
import { createSystemClock } from '../engine/system-clock.ts';
import type { Log } from '../log.ts';
import type { FolderRole } from '../storage/data-folder.ts';
import { openMemoryDocuments } from '../storage/memory-documents.ts';
import { NoMongodError } from '../storage/mongod-binary.ts';
import { openMongooseDocuments } from '../storage/mongoose-documents.ts';
import { openDatabase } from '../storage/open-database.ts';
import { ACTOR_STORAGE } from './actor-storage.ts';
import { createFailureLog } from './failure-log.ts';

/** Where everything is kept, whichever database that is. */
export interface Storage {
  store: Store;
  open: OpenDocuments;
  /** Makes the indexes of every collection opened so far. */
  ensureIndexes(): Promise<void>;
  openFleet(clock: Clock): Promise<Fleet>;
  /** False: on memory, which the process takes along when it ends. */
  durable: boolean;
  name: 'mongo' | 'memory';
  version?: string;
  /** For the ready line. */
  says: string;
  connection?: Connection;
  close(): Promise<void>;
}

/**
 * Opens the database as docs/ARCHITECTURE.md has it. A development server that finds no mongod to
 * start, was told of none, and has nothing stored, goes on in memory and says so; a command fails.
 */
export async function openStorage(
  config: Config,
  log: Log,
  options: { role: FolderRole; signal?: AbortSignal },
): Promise<Storage> {
  try {
    return await openMongo(config, log, options);
  } catch (error) {
    const mayForget =
      options.role === 'server' && !config.production && config.mongodBinary === undefined;
    if (!(error instanceof NoMongodError) || !mayForget) throw error;
    log.warn(
      `${error.message}\n\nGOING ON IN MEMORY: EVERYTHING IS LOST WHEN THIS PROCESS ENDS.\n`,
    );
    return openMemory();
  }
}

async function openMongo(
  config: Config,
  log: Log,
  options: { role: FolderRole; signal?: AbortSignal },
): Promise<Storage> {
  const onError = createFailureLog(log, 'database');
  const { connection, describe, close } = await openDatabase(config, log, options);
  try {
    const store = await openMongoStore(connection, {
      ...{ kinds: ACTOR_STORAGE, onError },
      // Of a data folder; who runs a database of their own decides when to build an index.
      addNewIndexes: describe.embedded !== undefined,
    });
    const open = openMongooseDocuments(connection);
    const { serverVersion: version, embedded, address } = describe;
    const where = embedded ? `data in ${embedded.folder}, mongod by ${embedded.route}` : address;
    return {
      ...{ store, open, connection, version, durable: true, name: 'mongo' },
      ensureIndexes: () => open.ensureIndexes(),
      openFleet: (clock) => openMongoFleet(connection, { clock, onError }),
      says: `MongoDB ${version} (${where})`,
      async close() {
        await store.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function openMemory(): Storage {
  const clock = createSystemClock();
  return {
    store: createMemoryStore(createMemoryDatabase({ clock })),
    open: openMemoryDocuments(clock),
    ensureIndexes: async () => {},
    openFleet: async (of) => createMemoryFleet(of),
    durable: false,
    name: 'memory',
    says: 'MEMORY ONLY, nothing is kept',
    close: async () => {},
  };
}
