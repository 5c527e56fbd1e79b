import { createServer } from 'node:http';
import type { Config } from '../config.ts';

/**
 * Answers on the server's port while its database cannot be reached: alive, not ready, come again.
 * The port may be taken: whoever gets it when the database is there says so.
 */
export async function openWaitingRoom(
  { host, port }: Pick<Config, 'host' | 'port'>,
  why: string,
): Promise<{ close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const isAlive = request.url === '/healthz';
    const error = { code: 'not_ready', message: why, retryable: true };
    response.writeHead(isAlive ? 200 : 503, {
      'content-type': 'application/json',
      ...(isAlive ? {} : { 'retry-after': '2' }),
    });
    response.end(JSON.stringify(isAlive ? { ok: true } : { ready: false, why, error }));
  });
  // Open, or refused for good: a port that opened after this room was closed would stay open.
  await new Promise<void>((resolve) => {
    server.on('error', () => resolve());
    server.listen(port, host, resolve);
  });
  return {
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        if (server.listening) server.close(() => resolve());
        else resolve();
      }),
  };
}
