import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';
import { createSessions } from '../../src/api/auth/sessions.ts';
import { createTokens } from '../../src/api/auth/tokens.ts';
import { USERS, type User } from '../../src/api/auth/users.ts';
import {
  PRODUCTS,
  type Store as Shop,
  STORES,
  ZONES,
  type Zone,
} from '../../src/catalog/collections.ts';
import { seedCity } from '../../src/catalog/seed.ts';
import { ACTOR_STORAGE } from '../../src/cli/actor-storage.ts';
import { connect, type WaybillClient } from '../../src/client/waybill-client.ts';
import { openMongoStore } from '../../src/engine/mongo-store.ts';
import { createSystemClock, systemIds } from '../../src/engine/system-clock.ts';
import { freePort, serveFolder, stopMongod, urlOf } from '../../src/storage/embedded-mongod.ts';
import { openMongooseDocuments } from '../../src/storage/mongoose-documents.ts';
import { openCallFile } from '../../src/verify/call-file.ts';
import { type ServerProcess, startServer } from '../support/server-process.ts';

const SECRET = 'the-fault-scenarios-sign-their-own-tokens-with-this';

export type Stage = Awaited<ReturnType<typeof openStage>>;

/**
 * A MongoDB of its own, real server processes on it, and people who need not sign in. What is read
 * from `store` is what the database has, past every server.
 */
export async function openStage() {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-faults-'));
  const mongod = await serveFolder(folder, process.env.MONGOD_BINARY);
  const connection = await createConnection(urlOf(mongod), {
    autoIndex: false,
    autoCreate: false,
  }).asPromise();
  const onError = (error: unknown) => console.error(error);
  const store = await openMongoStore(connection, { kinds: ACTOR_STORAGE, onError });
  const open = openMongooseDocuments(connection);
  const clock = createSystemClock();
  const ids = systemIds;
  const expiresMs = 3_600_000;
  const tokens = createTokens({ secret: SECRET, expiresMs, clock });
  const sessions = createSessions({ open, clock, ids, expiresMs, secret: SECRET });
  const users = open(USERS);
  const zones = open(ZONES);
  const shops = open(STORES);
  const products = open(PRODUCTS);
  await open.ensureIndexes();
  await seedCity(open);

  const environment = {
    MONGO_URL: urlOf(mongod),
    JWT_SECRET_KEY: SECRET,
    DATA_DIR: join(folder, 'data'),
  };
  const callsFile = join(folder, 'calls');
  const calls = openCallFile(callsFile);
  const servers: ServerProcess[] = [];
  const clients: WaybillClient[] = [];

  return {
    store,
    /** A server on a port of its own; the same port again brings it back for those who know it. */
    async server(port?: number): Promise<ServerProcess & { port: number }> {
      const at = port ?? (await freePort());
      const server = await startServer({ ...environment, PORT: String(at) });
      servers.push(server);
      return { ...server, port: at };
    },
    /** Somebody with an account and a session, connected. */
    async person(
      url: string,
      who: Pick<User, 'role'> & Partial<Pick<User, 'name' | 'storeId' | 'capacity'>>,
    ): Promise<WaybillClient> {
      const _id = ids.next();
      const name = who.name ?? `${who.role} ${_id.slice(-6)}`;
      const email = `${_id}@faults.example`;
      const user: User = {
        ...{ _id, email, ...who, name },
        // Nobody signs in with a password here.
        ...{ passwordHash: '-', createdAt: clock.now() },
      };
      await users.insert(user);
      const session = await sessions.open(_id);
      const { token, expiresInMs } = tokens.issue(user, session.sessionId);
      const client = await connect({
        url,
        start: {
          ...{ accessToken: token, expiresInMs, refreshToken: session.refreshToken },
          user: { userId: _id, role: who.role, name, email },
        },
        retry: { deadlineMs: 60_000 },
        record: calls.begin,
      });
      clients.push(client);
      return client;
    },
    /** A neighbourhood with one shop that sells one thing, to the liking of a scenario. */
    async neighbourhood(zone: Zone, shop: Shop) {
      await zones.put(zone);
      await shops.put(shop);
      const sold = { _id: `${shop._id}-p1`, storeId: shop._id, name: 'Milk, 1 l' };
      await products.put({ ...sold, unitCents: 119, available: true });
    },
    /** What `waybill verify` prints about the database and all that people were told, and its exit code. */
    async verify(): Promise<{ code: number; output: string; summary: string }> {
      await calls.close();
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          ['dist/src/main.js', 'verify', '--calls', callsFile],
          { env: { ...process.env, ...environment } },
          (error, stdout, stderr) => {
            const lines = stdout.trim().split('\n');
            const summary = `${lines.at(-1)}; ${lines[0]}`;
            const output = `${stderr}${stdout}`;
            resolve({ code: error ? Number(error.code ?? 1) : 0, output, summary });
          },
        );
      });
    },
    async close() {
      for (const client of clients) client.close();
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      await store.close();
      await connection.close();
      await stopMongod(mongod);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition, telling what was waited for when it does not come true. */
export async function until(
  what: string,
  isMet: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  while (!(await isMet())) {
    if (performance.now() > giveUpAt)
      throw new Error(`still waiting after ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));
