import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { Accounts } from '../api/auth/accounts.ts';
import type { Readiness } from '../api/context.ts';
import { createApi } from '../api/create-api.ts';
import { createShares } from '../api/services/shares.ts';
import { createCatalog } from '../catalog/catalog.ts';
import { seedCity } from '../catalog/seed.ts';
import type { Config } from '../config.ts';
import { createDispatch } from '../dispatch/create-dispatch.ts';
import { createEngine } from '../engine/create-engine.ts';
import type { FeedListener } from '../engine/feed.ts';
import { createSystemClock, systemIds, systemRandom } from '../engine/system-clock.ts';
import type { Log } from '../log.ts';
import { writeJson } from '../storage/data-folder.ts';
import { createFailureLog } from './failure-log.ts';
import { openStorage, type Storage } from './open-storage.ts';
import { createPeople } from './people.ts';
import { openWaitingRoom } from './waiting-room.ts';

export interface Server {
  url: string;
  /** Which database, where, and how it was come by. */
  storageSays: string;
  /** The first operator, if this start made it. */
  firstOperator?: { email: string; password: string };
  /** Tells the sockets, finishes what is under way, closes the database last. */
  close(): Promise<void>;
}

/**
 * The composition root: introduces the rooms to each other and starts them in order, storage first,
 * the network last. Whatever was started is closed again when a later step fails.
 * @param signal gives up, at the latest before the network is opened
 */
export async function serve(config: Config, log: Log, signal: AbortSignal): Promise<Server> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const each of closers.splice(0).reverse()) {
      await each().catch((error) => log.error({ err: error }, 'while closing'));
    }
  };
  try {
    const storage = await openPatiently(config, log, signal);
    closers.push(storage.close);
    return { ...(await serveOn(storage, config, log, closers, signal)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPatiently(config: Config, log: Log, signal: AbortSignal): Promise<Storage> {
  if (!config.mongoUrl) return openStorage(config, log, { role: 'server', signal });
  const room = await openWaitingRoom(config, 'the database cannot be reached; trying again');
  try {
    return await openStorage(config, log, { role: 'server', signal });
  } finally {
    await room.close();
  }
}

async function serveOn(
  storage: Storage,
  config: Config,
  log: Log,
  closers: (() => Promise<void>)[],
  signal: AbortSignal,
): Promise<Omit<Server, 'close'>> {
  const { store, open, connection } = storage;
  const { timeScale } = config;
  const failures = { retried: 0, poisoned: 0, stuck_effect: 0, full: 0 };
  const tellFailure = createFailureLog(log, 'will be tried again');
  const onError = (error: unknown) => {
    failures.retried++;
    tellFailure(error);
  };
  const raise: { alarm?: Parameters<typeof createEngine>[0]['onAlarm'] } = {};
  const engine = createEngine({
    ...{ store, onError, ids: systemIds, random: systemRandom },
    kinds: [orderKind, shiftKind],
    localClock: createSystemClock(),
    node: `${config.nodeName}-${randomBytes(4).toString('hex')}`,
    onAlarm: (alarm) => raise.alarm?.(alarm),
  });
  const { clock } = engine;
  const fleet = await storage.openFleet(clock);
  const dispatch = createDispatch({
    ...{ engine, store, clock, fleet, open, timeScale, onError },
    ...{ ids: systemIds, random: systemRandom },
  });
  raise.alarm = ({ alarm, kind, id, detail }) => {
    failures[alarm]++;
    log.error({ kind, id, detail }, alarm);
    dispatch.alarms.raise({ subject: `${kind}/${id}`, alarm, detail }).catch(onError);
  };
  const catalog = createCatalog({ open, clock, timeScale });
  const { accounts, tokens } = await createPeople({ config, open, clock });
  const shares = createShares(open);
  await storage.ensureIndexes();
  if (!config.production) await seedCity(open);

  signal.throwIfAborted();
  engine.feed.subscribe(tellOutages(storage, log));
  closers.push(await engine.start());
  closers.push(dispatch.start());
  const api = createApi({
    ...{ config, log, engine, store, dispatch, catalog, accounts, tokens, shares },
    readiness: async (): Promise<Readiness> => ({
      ready: !engine.feed.stale,
      durable: storage.durable,
      store: storage.name,
      ...(storage.version ? { storeVersion: storage.version } : {}),
      ...(engine.feed.stale ? { why: WHY_AWAY } : {}),
    }),
    failures: () => failures,
    ...(connection ? { connection } : {}),
  });
  closers.push(() => api.close());
  signal.throwIfAborted();
  const { url } = await api.listen();
  // Last, so that the password which is shown only once is not drawn by a start that fails.
  const firstOperator = config.production ? undefined : await hireOperator(config, accounts);
  return { url, storageSays: storage.says, ...(firstOperator ? { firstOperator } : {}) };
}

const WHY_AWAY = 'nothing has been heard of the database for 2 s';

/** An outage is two lines: when it is noticed, and when it is over. */
function tellOutages({ says }: Storage, log: Log): FeedListener {
  let since = 0;
  return {
    onCommit() {},
    onStale(stale) {
      if (!stale) {
        log.info({ ms: Math.round(performance.now() - since) }, 'the database is heard of again');
        return;
      }
      since = performance.now();
      log.warn({ database: says, why: WHY_AWAY }, 'not ready: the database is away');
    },
  };
}

/** Somebody to run a development server, if there is nobody yet. */
async function hireOperator({ dataDir }: Config, accounts: Accounts) {
  const operator = await accounts.ensureOperator();
  // For the demo, which signs in as this operator. Readable by the owner of the folder only.
  if (operator) await writeJson(join(dataDir, 'operator.json'), operator);
  return operator;
}
