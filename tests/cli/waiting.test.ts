import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openWaitingRoom } from '../../src/cli/waiting-room.ts';
import { createLog } from '../../src/log.ts';
import { openDatabase } from '../../src/storage/open-database.ts';

const log = createLog({ logLevel: 'silent', nodeName: 'test' });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe('a server whose database cannot be reached', () => {
  it('[DAT11] is alive and not ready, and leaves its port when it is over', async () => {
    const port = await freePort();
    const room = await openWaitingRoom({ host: '127.0.0.1', port }, 'no database');
    const url = `http://127.0.0.1:${port}`;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const readyz = await fetch(`${url}/readyz`);
    expect(readyz.status).toBe(503);
    expect(readyz.headers.get('retry-after')).toBe('2');
    expect(await readyz.json()).toMatchObject({ ready: false, error: { code: 'not_ready' } });
    await room.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('[DAT11] leaves a port to whoever has it, and opens none after it is closed', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as { port: number };
    const room = await openWaitingRoom({ host: '127.0.0.1', port }, 'no database');
    await room.close();
    squatter.close();
    await once(squatter, 'close');
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  it('[DAT11] stops waiting when told to', async () => {
    const stop = new AbortController();
    const mongoUrl = 'mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=50';
    const opening = openDatabase({ mongoUrl, dataDir: '.' }, log, {
      role: 'server',
      signal: stop.signal,
    });
    stop.abort();
    await expect(opening).rejects.toThrow('cannot be reached');
  });
});
