import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../src/log.ts';
import { developmentSecret, isRunning, takeFolder } from '../../src/storage/data-folder.ts';
import {
  freePort,
  type MongodRecord,
  readRecord,
  serveFolder,
  stopMongod,
} from '../../src/storage/embedded-mongod.ts';
import { findMongod } from '../../src/storage/mongod-binary.ts';
import { openDatabase } from '../../src/storage/open-database.ts';
import { asNobody } from '../support/as-nobody.ts';
import { startFakeMongod } from '../support/fake-mongod.ts';
import { testMongoUrl } from '../support/mongo.ts';

const log = createLog({ logLevel: 'silent', nodeName: 'test' });
const named = process.env.MONGOD_BINARY;
const binary = named === undefined ? {} : { mongodBinary: named };

describe('the database of a data folder', () => {
  let folder: string;
  const started: MongodRecord[] = [];
  let standalone: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waybill-folder-'));
  });
  afterEach(async () => {
    for (const record of started.splice(0)) await stopMongod(record);
    await kill(standalone);
    standalone = undefined;
    await rm(folder, { recursive: true, force: true });
  });
  const open = (role: 'server' | 'command' = 'server') =>
    openDatabase({ dataDir: folder, ...binary }, log, { role });

  it('[DAT1] is started, keeps its port and its data, and is stopped last', async () => {
    const first = await open();
    expect(first.describe).toMatchObject({ via: 'started', embedded: { folder } });
    await first.connection.collection<{ _id: string }>('kept').insertOne({ _id: 'x' });
    const record = (await readRecord(folder)) as MongodRecord;
    expect(isRunning(record)).toBe(true);
    await first.close();
    expect(isRunning(record)).toBe(false);

    const second = await open();
    expect((await readRecord(folder))?.port).toBe(record.port);
    expect(await second.connection.collection('kept').countDocuments()).toBe(1);
    await second.close();
  });

  it('[DAT2] is joined by commands while a server has it, and refused to a second server', async () => {
    const server = await open();
    const command = await open('command');
    expect(command.describe.via).toBe('joined');
    await command.close();
    await server.connection.db?.command({ ping: 1 });
    // Both are this very process, so the lock says so too.
    await expect(open()).rejects.toThrow(
      `in use by another Waybill server (pid ${process.pid}); stop it, or give this one a folder of its own: DATA_DIR=…`,
    );
    await server.close();
  });

  it('[DAT3] is taken over when its server was killed, mongod and all', async () => {
    const orphan = await serveFolder(folder, named);
    started.push(orphan);
    await writeFile(
      join(folder, 'lock'),
      JSON.stringify({ pid: 2 ** 22 - 1, role: 'server', began: '1' }),
    );
    const next = await open();
    expect((await readRecord(folder))?.pid).toBe(orphan.pid);
    await next.close();
    expect(isRunning(orphan)).toBe(false);
  });

  it('[DAT16] is started again when its mongod is killed, and whoever is connected goes on', async () => {
    const server = await open();
    const kept = server.connection.collection<{ _id: string }>('kept');
    await kept.insertOne({ _id: 'x' }, { writeConcern: { w: 'majority', j: true } });
    const before = (await readRecord(folder)) as MongodRecord;
    for (let times = 0; times < 2; times++) {
      process.kill(((await readRecord(folder)) as MongodRecord).pid, 'SIGKILL');
      while (!(await kept.countDocuments().catch(() => 0))) await pause();
    }
    const after = (await readRecord(folder)) as MongodRecord;
    expect([after.port, after.pid === before.pid]).toEqual([before.port, false]);
    await server.close();
    expect(isRunning(after)).toBe(false);
  });

  it('[DAT16] says when its mongod cannot be started again, and is let go of all the same', async () => {
    const told: unknown[] = [];
    const error = (_: unknown, message: string) => void told.push(message);
    const server = await openDatabase(
      { dataDir: folder, ...binary },
      Object.assign(Object.create(log), { error }),
      { role: 'server' },
    );
    const { port, pid } = (await readRecord(folder)) as MongodRecord;
    process.kill(pid, 'SIGKILL');
    const stranger = await listenOn(port);
    while (told.length === 0) await pause();
    expect(told).toEqual(['the mongod cannot be started; it is tried again']);
    await server.close();
    expect(await takeFolder(folder, 'server')).toHaveProperty('release');
    stranger.close();
  });

  it('[DAT15] ends with a start that is called off, and leaves the folder free', async () => {
    const stop = new AbortController();
    const signal = stop.signal;
    const opening = openDatabase({ dataDir: folder, ...binary }, log, { role: 'server', signal });
    const calledOff = expect(opening).rejects.toThrow('aborted');
    let record: MongodRecord | undefined;
    while (!record) {
      await new Promise((done) => setImmediate(done));
      record = await readRecord(folder);
    }
    stop.abort();
    await calledOff;
    expect(isRunning(record)).toBe(false);
    expect(await takeFolder(folder, 'server')).toHaveProperty('release');
  });

  it('[DAT4] gives the lock of a dead process to one of many', async () => {
    await writeFile(
      join(folder, 'lock'),
      JSON.stringify({ pid: 2 ** 22 - 1, role: 'server', began: '1' }),
    );
    const takers = await Promise.all(
      Array.from({ length: 8 }, () => takeFolder(folder, 'command')),
    );
    expect(takers.filter((taken) => 'release' in taken)).toHaveLength(1);
  });

  it('[DAT5] says so when another major version wrote it, its port is taken, or it is damaged', async () => {
    const record = await serveFolder(folder, named);
    await stopMongod(record);
    const recordFile = join(folder, 'mongod.json');
    const write = (change: object) =>
      writeFile(recordFile, JSON.stringify({ ...record, ...change }));

    await write({ version: '4.4.1' });
    await expect(open()).rejects.toThrow(/written by mongod 4\.4\.1, and the one found now is/);

    await write({});
    const squatter = createServer();
    await new Promise<void>((done) => squatter.listen(record.port, '127.0.0.1', done));
    await expect(open()).rejects.toThrow(`port ${record.port}, which the database in ${folder}`);
    await new Promise((done) => squatter.close(done));

    await writeFile(join(folder, 'mongo', 'WiredTiger.turtle'), 'nonsense');
    await expect(open()).rejects.toThrow(
      /could not serve .*\n {2}WiredTiger error message (?!\{)[\s\S]*move .* aside/,
    );

    await rm(recordFile);
    await expect(open()).rejects.toThrow(/mongod\.json, which says what wrote it, is missing/);
  });

  it('[DAT6] names every route that led to no mongod, and what mends it', async () => {
    await expect(findMongod('/nowhere/mongod')).rejects.toThrow(
      /MONGOD_BINARY: .*ENOENT[\s\S]*set MONGO_URL/,
    );
    const fake = join(folder, 'mongod');
    await mkdir(folder, { recursive: true });
    await writeFile(
      fake,
      '#!/bin/sh\necho "mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file" >&2\nexit 127\n',
    );
    await chmod(fake, 0o755);
    await expect(findMongod(fake)).rejects.toThrow(/apt-get install -y libcurl4/);
    // One that is too old must not write to the folder: a newer one would refuse it for good.
    await writeFile(fake, '#!/bin/sh\necho db version v4.4.29\n');
    await expect(findMongod(fake)).rejects.toThrow(`${fake} is 4.4.29; 6.0 or newer is needed`);
  });

  it('[DAT7] draws a secret once, for its owner only', async () => {
    const secrets = await Promise.all([developmentSecret(folder), developmentSecret(folder)]);
    expect(secrets[0]).toBe(secrets[1]);
    expect(secrets[0]?.length).toBeGreaterThanOrEqual(43);
    expect((await stat(join(folder, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe(secrets[0]);
  });

  it('[DAT8] refuses a standalone with the commands that mend it, and a URL nobody answers', async () => {
    const url = testMongoUrl();
    const viaUrl = await openDatabase({ mongoUrl: url, dataDir: folder }, log, { role: 'command' });
    expect(viaUrl.describe.via).toBe('MONGO_URL');
    await viaUrl.close();
    const { path } = await findMongod(named);
    const port = await freePort();
    const flags = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
    standalone = spawn(path, [...flags, '--nounixsocket'], { stdio: 'ignore' });
    await listens(port);
    const toIt = { mongoUrl: `mongodb://127.0.0.1:${port}/`, dataDir: folder };
    await expect(openDatabase(toIt, log, { role: 'command' })).rejects.toThrow(
      `  mongod --replSet rs0 --dbpath <its data> --port ${port} --bind_ip 127.0.0.1\n` +
        `  mongosh --port ${port} --eval 'rs.initiate()'\n`,
    );
    // A set that this server is no member of would be waited for in vain.
    const asSet = {
      ...toIt,
      mongoUrl: `${toIt.mongoUrl}?replicaSet=rs0&serverSelectionTimeoutMS=500`,
    };
    await expect(openDatabase(asSet, log, { role: 'server' })).rejects.toThrow(/is a standalone/);
    await kill(standalone);
    await expect(openDatabase(toIt, log, { role: 'command' })).rejects.toThrow(
      /MongoDB at 127\.0\.0\.1:\d+ cannot be reached[\s\S]*Check MONGO_URL/,
    );
  });

  it.each([
    [{ setName: null, isreplicaset: true }, /to be initiated, once: mongosh --port \d+ --eval 'rs/],
    [{ setName: 'other' }, /its set is other; MONGO_URL has replicaSet=rs0/],
    [{}, /its set rs0 has no primary/],
  ])('[DAT14] says what a set waits for that answers with %j', async (hello, why) => {
    const secondary = { isWritablePrimary: false, ismaster: false, secondary: true };
    const set = await startFakeMongod({
      ...{ version: '7.0.28', maxWireVersion: 21, hello: { ...secondary, ...hello } },
    });
    const mongoUrl = `${set.url}?replicaSet=rs0&serverSelectionTimeoutMS=500`;
    const opening = openDatabase({ mongoUrl, dataDir: folder }, log, { role: 'command' });
    await expect(opening).rejects.toThrow(why);
    await set.close();
  });

  it('[DAT9] refuses a database that is too old, however old', async () => {
    for (const [version, maxWireVersion, why] of [
      ['3.6.23', 6, /is too old: .*wire version[\s\S]*6\.0 or newer/],
      ['5.0.14', 13, /is too old: it is 5\.0\.14[\s\S]*upgrade it/],
    ] as const) {
      const old = await startFakeMongod({ version, maxWireVersion });
      const mongoUrl = `${old.url}?serverSelectionTimeoutMS=500`;
      const opening = openDatabase({ mongoUrl, dataDir: folder }, log, { role: 'server' });
      await expect(opening).rejects.toThrow(why);
      await old.close();
    }
  });

  it('[DAT9] says of a URL that means nothing what it should look like, and not its password', async () => {
    for (const mongoUrl of [
      'mongodb://',
      'mongodb://ann:hunter2@127.0.0.1:abc/x',
      'mongodb://ann:hunter2@127.0.0.1:1/x?foo=1',
    ]) {
      const opening = openDatabase({ mongoUrl, dataDir: folder }, log, { role: 'server' });
      const said: Error = await opening.then(
        () => new Error('opened'),
        (error: Error) => error,
      );
      expect(said.message).toMatch(/MONGO_URL cannot be used: [\s\S]*should look like mongodb:/);
      expect(said.message).not.toContain('hunter2');
    }
  });

  it('[DAT10] says what is wrong with a folder that cannot be used, or a secret that is none', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(takeFolder(file, 'server')).rejects.toThrow(
      `${file} cannot be used as the data folder (EEXIST)`,
    );
    await writeFile(join(folder, 'secret'), '');
    await expect(developmentSecret(folder)).rejects.toThrow(/too short to sign with; remove it/);
  });

  it('[DAT10] says what is wrong with a folder that another user has written', async () => {
    const mongo = join(folder, 'mongo');
    await mkdir(mongo);
    const files = [join(mongo, 'WiredTiger.wt'), join(folder, 'secret')];
    for (const file of files) await writeFile(file, '', { mode: 0 });
    await asNobody(folder, async () => {
      const mend = `cannot be used (EACCES); all in ${folder} must be this user's to read and write: sudo chown -R`;
      await expect(serveFolder(folder, named)).rejects.toThrow(`${files[0]} ${mend}`);
      await expect(developmentSecret(folder)).rejects.toThrow(`${files[1]} ${mend}`);
    });
    await chmod(mongo, 0);
    await asNobody(folder, () =>
      expect(serveFolder(folder, named)).rejects.toThrow(`${mongo} cannot be used (EACCES)`),
    );
    await chmod(mongo, 0o755);
  });
});

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

/** As soon as whoever has the port lets go of it. */
async function listenOn(port: number) {
  for (;;) {
    const server = createServer().listen(port, '127.0.0.1');
    const [error] = await Promise.race([once(server, 'listening'), once(server, 'error')]).catch(
      (reason) => [reason],
    );
    if (!error) return server;
  }
}
