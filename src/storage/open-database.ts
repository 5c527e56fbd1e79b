import { setTimeout } from 'node:timers/promises';
import mongoose, { type Connection, mongo } from 'mongoose';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { DataFolderError, type FolderRole, isRunning, takeFolder } from './data-folder.ts';
import {
  keepServing,
  type MongodRecord,
  readRecord,
  type Serving,
  urlOf,
} from './embedded-mongod.ts';
import { OLDEST_MAJOR } from './mongod-binary.ts';

/** The data folder, and how its mongod was come by. */
type Embedded = Pick<MongodRecord, 'route'> & { folder: string };

export interface OpenedDatabase {
  connection: Connection;
  describe: {
    serverVersion: string;
    /** Where it listens, without credentials. */
    address: string;
    via: 'MONGO_URL' | 'joined' | 'started';
    /** Absent with MONGO_URL. */
    embedded?: Embedded;
  };
  /** Closes the connection and, if this process started the mongod, stops it: last of all. */
  close(): Promise<void>;
}

/** A database that is there and cannot be used as it is; the message says what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** First patches without CVE-2025-14847, a hole that a reachable server must not have. */
const SECURITY_FLOOR: Readonly<Record<string, number>> = {
  ...{ '6.0': 27, '7.0': 28, '8.0': 17, '8.2': 3 },
};
const RETRY_MS = 2_000;
const JOIN_WITHIN_MS = 30_000;

/**
 * Opens the database as design has it: MONGO_URL, else the mongod that already serves the data
 * folder, else one of our own for as long as this process runs.
 * With MONGO_URL a server waits until somebody answers, and logs why; a command fails.
 * @param signal ends the waiting
 * @throws {DatabaseError} when waiting cannot help: a URL that means nothing, a standalone, a server
 *   that is too old
 * @throws {DataFolderError | NoMongodError}
 */
export async function openDatabase(
  config: Pick<Config, 'mongoUrl' | 'dataDir' | 'mongodBinary'>,
  log: Log,
  { role, signal }: { role: FolderRole; signal?: AbortSignal },
): Promise<OpenedDatabase> {
  if (config.mongoUrl) {
    const connection = await connectPatiently(config.mongoUrl, log, role, signal);
    return describe(connection, 'MONGO_URL', log, async () => {});
  }
  const folder = config.dataDir;
  const until = performance.now() + JOIN_WITHIN_MS;
  for (;;) {
    const taken = await takeFolder(folder, role);
    if ('release' in taken) {
      return serveOwn(folder, config.mongodBinary, taken.release, log, signal);
    }
    const { heldBy } = taken;
    if (heldBy.role === 'server') {
      if (role === 'server') {
        throw new DataFolderError(
          `${folder} is in use by another Waybill server (pid ${heldBy.pid}); stop it, or give this one a folder of its own: DATA_DIR=…`,
        );
      }
      const record = await readRecord(folder);
      if (record && isRunning(record)) return join(record, folder, log);
    }
    if (performance.now() > until) {
      throw new DataFolderError(
        `${folder} is held by pid ${heldBy.pid}, which does not serve it; wait for it or stop it`,
      );
    }
    await pause(200, signal);
  }
}

async function serveOwn(
  folder: string,
  named: string | undefined,
  release: () => Promise<void>,
  log: Log,
  signal: AbortSignal | undefined,
): Promise<OpenedDatabase> {
  let serving: Serving;
  try {
    serving = await keepServing(folder, named, log, signal);
  } catch (error) {
    await release();
    throw error;
  }
  const { first } = serving;
  const end = async () => {
    await serving.end();
    await release();
  };
  try {
    const connection = await connect(urlOf(first), 10_000, signal);
    return await describe(connection, 'started', log, end, { folder, route: first.route });
  } catch (error) {
    await end();
    throw error;
  }
}

async function join(record: MongodRecord, folder: string, log: Log): Promise<OpenedDatabase> {
  const connection = await connect(urlOf(record), 10_000);
  return describe(connection, 'joined', log, async () => {}, { folder, route: record.route });
}

async function connectPatiently(
  url: string,
  log: Log,
  role: FolderRole,
  signal: AbortSignal | undefined,
): Promise<Connection> {
  const { hosts, replicaSet } = placesOf(url);
  for (;;) {
    try {
      return await connect(url, 5_000, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const old = incompatibility(error);
      if (old) throw tooOld(hosts.join(','), old);
      const said: string[] = [];
      for (const host of hosts) said.push(...(await complaintsOf(host, replicaSet)));
      const why =
        said.join('\n') ||
        `MongoDB at ${hosts.join(',')} cannot be reached: ${(error as Error).message}`;
      if (role === 'command')
        throw new DatabaseError(
          `${why}\nCheck MONGO_URL, or unset it to use a database in DATA_DIR.`,
        );
      log.warn(`${why}; trying again`);
      await pause(RETRY_MS, signal);
    }
  }
}

/** Where a URL points, without its credentials. @throws {DatabaseError} when it points nowhere */
function placesOf(url: string): { hosts: string[]; replicaSet: string | undefined } {
  try {
    const { srvHost, hosts, replicaSet } = new mongo.MongoClient(url).options;
    return { hosts: srvHost ? [srvHost] : hosts.map(String), replicaSet };
  } catch (error) {
    const why = (error as Error).message.replace(/\/\/[^@/]*@/g, '//…@');
    throw new DatabaseError(
      `MONGO_URL cannot be used: ${why}\nIt should look like mongodb://user:password@host:27017/waybill?replicaSet=rs0`,
    );
  }
}

/**
 * What is wrong with a server that answers, of which the driver says only that time ran out.
 * @throws {DatabaseError} when it is a standalone
 */
async function complaintsOf(host: string, wanted: string | undefined): Promise<string[]> {
  const client = new mongo.MongoClient(`mongodb://${host}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1_000,
    connectTimeoutMS: 1_000,
  });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    const { setName, isreplicaset, isWritablePrimary, primary } = hello;
    const waits = `MongoDB at ${host} answers, but`;
    if (!setName && !isreplicaset) throw standalone(host);
    if (!setName) return [`${waits} its set has yet to be initiated, once: ${initiation(host)}`];
    if (wanted && setName !== wanted)
      return [`${waits} its set is ${setName}; MONGO_URL has replicaSet=${wanted}`];
    if (!isWritablePrimary && !primary) return [`${waits} its set ${setName} has no primary`];
    return [];
  } catch (error) {
    // Anything else is what the caller has found out already.
    if (error instanceof DatabaseError) throw error;
    return [];
  } finally {
    await client.close();
  }
}

/** @param signal ends the attempt */
async function connect(
  url: string,
  serverSelectionTimeoutMS: number,
  signal?: AbortSignal,
): Promise<Connection> {
  const connection = mongoose.createConnection(url, {
    autoIndex: false,
    autoCreate: false,
    // What the URL says goes first.
    ...(/[?&]serverSelectionTimeoutMS=/i.test(url) ? {} : { serverSelectionTimeoutMS }),
    connectTimeoutMS: 5_000,
    // Bounds how long a write may still be on its way: settling an unknown outcome relies on it.
    socketTimeoutMS: 20_000,
    maxPoolSize: 50,
  });
  try {
    return await unlessAborted(signal, connection.asPromise());
  } catch (error) {
    // One that failed goes on trying in the background, beside the next one; to end one that is
    // under way takes as long as the attempt.
    const destroyed = connection.destroy().catch(() => {});
    if (!signal?.aborted) await destroyed;
    throw error;
  }
}

/** As the work ends, or rejects as soon as the signal comes. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (!signal) return work;
  let giveUp = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** What the driver says of a server that it cannot speak with any more, if that is the matter. */
function incompatibility(error: unknown): string | undefined {
  const { reason } = error as { reason?: { servers?: Map<string, { error?: Error | null }> } };
  for (const server of reason?.servers?.values() ?? []) {
    if (server.error instanceof mongo.MongoCompatibilityError) return server.error.message;
  }
  return undefined;
}

async function describe(
  connection: Connection,
  via: OpenedDatabase['describe']['via'],
  log: Log,
  end: () => Promise<void>,
  embedded?: Embedded,
): Promise<OpenedDatabase> {
  try {
    const serverVersion = await mustServe(connection, via, log);
    const { host, port } = connection;
    return {
      connection,
      describe: {
        serverVersion,
        address: `${host}:${port}/${connection.name}`,
        via,
        ...(embedded ? { embedded } : {}),
      },
      async close() {
        await connection.close();
        await end();
      },
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** @throws {DatabaseError} when it cannot keep what we promise */
async function mustServe(
  connection: Connection,
  via: OpenedDatabase['describe']['via'],
  log: Log,
): Promise<string> {
  const admin = connection.getClient().db('admin');
  const [{ version }, hello] = await Promise.all([
    admin.command({ buildInfo: 1 }) as Promise<{ version: string }>,
    admin.command({ hello: 1 }),
  ]);
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const host = `${connection.host}:${connection.port}`;
  if (major < OLDEST_MAJOR) throw tooOld(host, `it is ${version}`);
  if (!hello.setName) throw standalone(host);
  const floor = SECURITY_FLOOR[`${major}.${minor}`];
  // The embedded one listens on loopback alone, with compression off.
  if (via === 'MONGO_URL' && floor !== undefined && patch < floor) {
    log.warn(
      `MongoDB ${version} has a known hole (CVE-2025-14847); ${major}.${minor}.${floor} or newer has it mended`,
    );
  }
  return version;
}

const tooOld = (host: string, why: string): DatabaseError =>
  new DatabaseError(
    `MongoDB at ${host} is too old: ${why}\nMongoDB ${OLDEST_MAJOR}.0 or newer is needed: upgrade it, or point MONGO_URL at another.`,
  );

const initiation = (host: string) => `mongosh --port ${portOf(host)} --eval 'rs.initiate()'`;

const portOf = (host: string) => host.split(':').at(-1);

function standalone(host: string): DatabaseError {
  const name = host.slice(0, host.lastIndexOf(':'));
  // A set remembers the address that it was initiated at.
  const bound = /^(127\.0\.0\.1|localhost)$/.test(name) ? '127.0.0.1' : `127.0.0.1,${name}`;
  return new DatabaseError(
    `MongoDB at ${host} is a standalone; change streams and majority writes need a replica set, and one member is enough. Stop it, start it again with a set name, and initiate it once:\n` +
      `  mongod --replSet rs0 --dbpath <its data> --port ${portOf(host)} --bind_ip ${bound}\n` +
      `  ${initiation(host)}\n` +
      'then add ?replicaSet=rs0 to MONGO_URL',
  );
}

/** Rejects as soon as the signal comes. */
const pause = (ms: number, signal?: AbortSignal) =>
  setTimeout(ms, undefined, signal ? { signal } : {});
