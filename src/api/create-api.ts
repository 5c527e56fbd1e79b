import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiContext } from './context.ts';
import { createHttp } from './http/create-http.ts';
import { createServices } from './services/services.ts';
import { createSockets } from './sockets/create-sockets.ts';

export interface Api {
  /**
   * Opens the port; resolves when connections are taken.
   * @throws {Error} when the port is in use or may not be used, naming what to change
   */
  listen(): Promise<{ url: string; port: number }>;
  /** Takes nothing new, answers what is under way, closes every connection: within 10 s. Idempotent. */
  close(): Promise<void>;
}

const DRAIN_MS = 8_000;

/** HTTP and sockets on one port. */
export function createApi(ctx: ApiContext): Api {
  const services = createServices(ctx);
  const handle = createHttp(ctx, services).callback();
  const server = createServer((request, response) => void handle(request, response));
  const sockets = createSockets(ctx, server, services);
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    let cut = () => {};
    const late = new Promise<void>((resolve) => {
      cut = ctx.engine.clock.after(DRAIN_MS, () => {
        server.closeAllConnections();
        resolve();
      });
    });
    await Promise.race([sockets.close(), late]);
    server.closeIdleConnections();
    await closed;
    cut();
  }

  return {
    async listen() {
      await services.limits.ready();
      return listen(server, ctx.config);
    },
    close: () => {
      closing ??= server.listening ? drain() : sockets.close();
      return closing;
    },
  };
}

function listen(
  server: Server,
  { host, port }: ApiContext['config'],
): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      const { port: taken } = server.address() as AddressInfo;
      const name = host.includes(':') ? `[${host}]` : host;
      resolve({ url: `http://${name}:${taken}`, port: taken });
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `${where} is in use by another program; stop it, or choose another port: PORT=${port + 1}`,
        { cause: error },
      );
    case 'EACCES':
      return new Error(`this user may not open ${where}; choose a PORT above 1023`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`this machine has no address ${host}; set HOST to one it has`, {
        cause: error,
      });
    default:
      return error;
  }
}
