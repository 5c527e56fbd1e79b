import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openWaitingRoom } from '../../src/cli/waiting-room.ts';
import { createLog } from '../../src/log.ts';
import { freePort } from '../../src/storage/embedded-mongod.ts';
import { openDatabase } from '../../src/storage/open-database.ts';

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

  const waitFor = (serverSelectionTimeoutMS: number, signal: AbortSignal, warn = () => {}) => {
    const mongoUrl = `mongodb://127.0.0.1:1/x?serverSelectionTimeoutMS=${serverSelectionTimeoutMS}`;
    const says = Object.assign(createLog({ logLevel: 'silent', nodeName: 'test' }), { warn });
    return openDatabase({ mongoUrl, dataDir: '.' }, says, { role: 'server', signal });
  };

  it('[DAT11] stops waiting when told to, in the middle of an attempt', async () => {
    const stop = new AbortController();
    const began = performance.now();
    setImmediate(() => stop.abort());
    await expect(waitFor(3_000, stop.signal)).rejects.toThrow('aborted');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('[DAT11] stops waiting when told to, between two attempts, and keeps no listener of the first', async () => {
    const stop = new AbortController();
    const listeners: number[] = [];
    const opening = waitFor(50, stop.signal, () => {
      listeners.push(getEventListeners(stop.signal, 'abort').length);
      if (listeners.length === 2) setImmediate(() => stop.abort());
    });
    await expect(opening).rejects.toThrow('aborted');
    expect(listeners).toEqual([0, 0]);
  });
});
