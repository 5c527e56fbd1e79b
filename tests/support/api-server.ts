import { pino } from 'pino';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createAccounts, type User } from '../../src/api/auth/accounts.ts';
import { createPasswords } from '../../src/api/auth/passwords.ts';
import { createSessions } from '../../src/api/auth/sessions.ts';
import { createTokens } from '../../src/api/auth/tokens.ts';
import type { ApiContext, Readiness } from '../../src/api/context.ts';
import { createApi } from '../../src/api/create-api.ts';
import { createShares } from '../../src/api/services/shares.ts';
import { createCatalog } from '../../src/catalog/catalog.ts';
import { seedCity } from '../../src/catalog/seed.ts';
import { createDispatch } from '../../src/dispatch/create-dispatch.ts';
import { createMemoryFleet } from '../../src/dispatch/memory-fleet.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createMemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import { createSystemClock, systemIds } from '../../src/engine/system-clock.ts';
import type { PlaceOrder } from '../../src/protocol/orders.ts';
import { openMemoryDocuments } from '../../src/storage/memory-documents.ts';
import type { Exchange } from './exchange.ts';
import { createExchange } from './exchange.ts';
import { createManualClock } from './manual-clock.ts';

const PASSWORD = 'correct horse battery';
/** Where the first store of the seeded city is, and a door not far from it. */
export const STORE = { storeId: 'baixa-1', zone: 'baixa', lat: 38.7075, lng: -9.138 };
export const DOOR = { lat: 38.7123, lng: -9.1345 };

export interface Member {
  user: User;
  token: string;
  /** Speaks HTTP as this person. */
  http: Exchange;
}

/** Everything of one node but the process, on a memory store, with a clock of its own, behind real HTTP. */
export async function startApiServer(
  options: { config?: Partial<ApiContext['config']>; wrap?: (ctx: ApiContext) => ApiContext } = {},
) {
  const clock = createManualClock(Date.now());
  const store = createMemoryStore(createMemoryDatabase({ clock }));
  const open = openMemoryDocuments(clock);
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const engine = createEngine({
    ...{ store, onError, ids: systemIds, node: 'n1', localClock: clock, random: () => 0.5 },
    kinds: [orderKind, shiftKind],
    onAlarm: ({ alarm, detail }) => void errors.push(`${alarm}: ${detail}`),
    checkLive: true,
  });
  const fleet = createMemoryFleet(clock);
  const dispatch = createDispatch({
    ...{ engine, store, fleet, open, onError, clock: engine.clock, ids: systemIds, timeScale: 1 },
    random: () => 0.5,
  });
  const catalog = createCatalog({ open, clock, timeScale: 1 });
  await seedCity(open);
  // Tokens and sessions live by the wall clock, as the people who hold them do.
  const wall = createSystemClock();
  const secret = 'x'.repeat(48);
  const tokens = createTokens({ secret, expiresMs: 900_000, clock: wall });
  const accounts = createAccounts({
    ...{ open, tokens, clock: wall, ids: systemIds, passwords: createPasswords() },
    sessions: createSessions({
      ...{ open, secret, clock: wall, ids: systemIds, expiresMs: 86_400_000 },
    }),
  });
  let readiness: Readiness = { ready: true, durable: false, store: 'memory' };
  const logLines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) });
  const ctx: ApiContext = {
    config: {
      ...{ production: false, host: '127.0.0.1', port: 0, timeScale: 1 },
      ...{ corsOrigins: [], trustedProxies: 0 },
      ...options.config,
    },
    ...{ log, engine, store, dispatch, catalog, accounts, tokens },
    shares: createShares(open),
    readiness: async () => readiness,
    failures: () => ({ retried: errors.length }),
  };
  const stopEngine = await engine.start();
  const stopDispatch = dispatch.start();
  const api = createApi(options.wrap?.(ctx) ?? ctx);
  const { url } = await api.listen();
  const anyone = createExchange(url);

  /** An account of this role, with a token; made without the door, where a limit would count it. */
  async function member(
    role: User['role'],
    more: { storeId?: string; capacity?: number; name?: string } = {},
  ): Promise<Member> {
    const id = systemIds.next();
    const user = await accounts.addUser({
      ...{ email: `${id}@example.org`, password: PASSWORD, name: 'Ann Example', role },
      ...more,
    });
    const { token } = tokens.issue(user, 'test');
    return { user, token, http: createExchange(url, { authorization: `Bearer ${token}` }) };
  }

  return {
    ...{ url, clock, engine, store, dispatch, fleet, accounts, tokens, ctx, errors, logLines },
    anyone,
    member,
    password: PASSWORD,
    setReadiness(next: Readiness) {
      readiness = next;
    },
    /** Puts an order of two kinds of goods. */
    async place(who: Member, more: Partial<PlaceOrder> = {}, key: string = systemIds.next()) {
      const answer = await who.http('POST', '/v1/orders', {
        body: { ...buildPlaceOrder(), ...more },
        headers: { 'idempotency-key': key },
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    /** A command to an order, which must be taken. */
    async command(who: Member, orderId: string, command: Record<string, unknown>) {
      const answer = await who.http('POST', `/v1/orders/${orderId}/commands`, {
        body: { commandId: systemIds.next(), ...command },
      });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return answer.body;
    },
    /** On duty near the store. */
    async drive(who: Member, zone = STORE.zone) {
      const answer = await who.http('POST', '/v1/shifts', {
        body: { zone, commandId: systemIds.next() },
      });
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      fleet.report(who.user._id, { point: { lat: STORE.lat, lng: STORE.lng } });
      return answer.body;
    },
    async close() {
      await api.close();
      await stopDispatch();
      await stopEngine();
    },
  };
}

export type ApiServer = Awaited<ReturnType<typeof startApiServer>>;

export const buildPlaceOrder = (): PlaceOrder => ({
  storeId: STORE.storeId,
  items: [
    { productId: 'baixa-1-p1', quantity: 2 },
    { productId: 'baixa-1-p2', quantity: 1 },
  ],
  dropoff: DOOR,
  address: 'Rua Augusta 1, 3.º',
});
