import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { createFailureLog } from '../../src/cli/failure-log.ts';
import { type Server, serve } from '../../src/cli/serve.ts';
import { loadConfig } from '../../src/config.ts';
import type { Log } from '../../src/log.ts';
import { type MongodRecord, readRecord } from '../../src/storage/embedded-mongod.ts';
import { createExchange } from '../support/exchange.ts';

function recordingLog(): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  return { lines, log: pino({ level: 'info' }, { write }) };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

describe('failures that are tried again', () => {
  it('[LOG2] are told once for their kind in 30 s, with how many were left out', () => {
    const { log, lines } = recordingLog();
    let now = 0;
    const tell = createFailureLog(log, 'will be tried again', () => now);
    for (let n = 0; n < 50; n++) tell(new Error(`connection ${n} to db closed`));
    tell(new TypeError('of another kind'));
    expect(lines).toMatchObject([
      { level: 40, msg: 'will be tried again', err: { message: 'connection 0 to db closed' } },
      { level: 40, err: { message: 'of another kind' } },
    ]);
    now = 30_000;
    tell(new Error('connection 99 to db closed'));
    expect(lines[2]).toMatchObject({ leftOut: 49 });
    for (let n = 0; n < 3; n++) tell(new Error('connection 1 to db closed'));
    expect(lines).toHaveLength(3);
  });
});

describe('a server whose mongod stands still', () => {
  let folder: string;
  let server: Server | undefined;
  let mongod: MongodRecord | undefined;
  const { log, lines } = recordingLog();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waybill-outage-'));
  });
  afterEach(async () => {
    if (mongod) process.kill(mongod.pid, 'SIGCONT');
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('[LOG2] [DAT11] [SOC22] says once why it is not ready, and refuses who signs in', async () => {
    const { MONGOD_BINARY = '' } = process.env;
    const config = loadConfig({ DATA_DIR: folder, PORT: '0', MONGOD_BINARY });
    server = await serve(config, log, new AbortController().signal);
    const anyone = createExchange(server.url);
    mongod = (await readRecord(folder)) as MongodRecord;
    process.kill(mongod.pid, 'SIGSTOP');
    while ((await anyone('GET', '/readyz')).status === 200) await pause();
    const why = 'nothing has been heard of the database for 2 s';
    expect((await anyone('GET', '/readyz')).body).toMatchObject({ ready: false, why });

    const startedAt = performance.now();
    const body = server.firstOperator as { email: string; password: string };
    const { status, body: answer } = await anyone('POST', '/v1/auth/login', { body });
    expect([status, answer.error.code]).toEqual([503, 'not_ready']);
    // One attempt to reach the database, not one for each thing that wanted it.
    expect(performance.now() - startedAt).toBeLessThan(25_000);
    const told = lines.filter(({ msg }) => msg === 'not ready: the database is away');
    expect(told).toMatchObject([{ level: 40, why }]);

    process.kill(mongod.pid, 'SIGCONT');
    while ((await anyone('GET', '/readyz')).status !== 200) await pause();
    const ms = expect.any(Number);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 30, ms, msg: 'the database is heard of again' }),
    );
  }, 120_000);
});
