import type { Connection } from 'mongoose';
import type { Catalog } from '../catalog/catalog.ts';
import type { Config } from '../config.ts';
import type { Dispatch } from '../dispatch/create-dispatch.ts';
import type { RunningEngine } from '../engine/create-engine.ts';
import type { Store } from '../engine/store.ts';
import type { Log } from '../log.ts';
import type { Accounts } from './auth/accounts.ts';
import type { Tokens } from './auth/tokens.ts';
import type { Shares } from './services/shares.ts';

/** What of the node's state the root knows and the engine does not. */
export interface Readiness {
  ready: boolean;
  /** False: on the memory store, which a restart forgets. */
  durable: boolean;
  /** Why it is not ready, or not durable. */
  why?: string;
  store: string;
  storeVersion?: string;
}

/** Everything the api stands on; the root introduces them. */
export interface ApiContext {
  config: Pick<
    Config,
    'production' | 'host' | 'port' | 'timeScale' | 'corsOrigins' | 'trustedProxies'
  >;
  log: Log;
  engine: RunningEngine;
  store: Store;
  dispatch: Dispatch;
  catalog: Catalog;
  accounts: Accounts;
  tokens: Tokens;
  shares: Shares;
  /** Must not throw. */
  readiness(): Promise<Readiness>;
  /** How often something failed on this node so far, by kind. */
  failures(): Readonly<Record<string, number>>;
  /** Where the limits live that all nodes share; absent: in this process. */
  connection?: Connection;
}
