import type { Connection } from 'mongoose';
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterMongo,
  RateLimiterRes,
} from 'rate-limiter-flexible';
import { AppError } from '../errors.ts';

/**
 * How much of what one sender may do: `points` per `seconds`. Generous to people and to a whole
 * office behind one address, tight enough that one sender cannot starve the others.
 */
export const LIMITS = {
  /** Registering and signing in, per address: each costs a password hash. */
  signIn: { points: 60, seconds: 3 },
  /** Wrong passwords per account and address; the address alone cannot lock an account for others. */
  wrongPassword: { points: 10, seconds: 15 * 60, shared: true },
  /** Wrong passwords per account from wherever, against many addresses at once. */
  wrongPasswordAnywhere: { points: 100, seconds: 15 * 60, shared: true },
  /** Connections, per address, whether they go on to show a token or not. */
  handshake: { points: 100, seconds: 2 },
  /** Commands, per user. */
  command: { points: 40, seconds: 2 },
  /** Reads and watches, per user: a console watches hundreds of orders again after a pause. */
  read: { points: 400, seconds: 1 },
  /** Positions, per driver. */
  position: { points: 20, seconds: 2 },
  /** Orders placed, per customer. */
  place: { points: 10, seconds: 60 },
  /** Looks at tracking links, per address: a household and its neighbours, each every few seconds. */
  track: { points: 100, seconds: 10 },
  /** HTTP requests, per user or address. */
  http: { points: 100, seconds: 1 },
} as const satisfies Record<string, { points: number; seconds: number; shared?: true }>;

export type LimitName = Exclude<keyof typeof LIMITS, 'http'>;

export interface Limits {
  /** Resolves once what they stand on is there. */
  ready(): Promise<void>;
  /** Takes one point. @throws {AppError} rate_limited with details.retryAfterMs */
  consume(name: LimitName, key: string): Promise<void>;
  /** Gives one point back: the attempt does not count. */
  giveBack(name: LimitName, key: string): Promise<void>;
  /** Gives the key all its points back. */
  forgive(name: LimitName, key: string): Promise<void>;
}

/**
 * Limits by name. Those of wrong passwords are counted in MongoDB where there is one, so that trying
 * at every node gains nothing; while it cannot be reached each node counts for itself.
 * @param isAway nothing is heard of MongoDB: nobody waits for it to count
 */
export function createLimits(connection?: Connection, isAway: () => boolean = () => false): Limits {
  const limiters = new Map<LimitName, Limiter>();
  for (const [name, limit] of Object.entries(LIMITS) as [LimitName, Limit][]) {
    limiters.set(name, limiterOf(name, limit, connection));
  }
  const of = (name: LimitName): RateLimiterAbstract => {
    const { own, shared } = limiters.get(name) as Limiter;
    return shared && !isAway() ? shared : own;
  };

  return {
    async ready() {
      for (const { shared } of limiters.values()) await shared?.createIndexes();
    },
    async consume(name, key) {
      try {
        await of(name).consume(key);
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        throw tooMany(name, refusal.msBeforeNext);
      }
    },
    async giveBack(name, key) {
      await of(name).reward(key, 1);
    },
    async forgive(name, key) {
      await of(name).delete(key);
    },
  };
}

interface Limit {
  points: number;
  seconds: number;
  shared?: true;
}

/** A limit as this node counts it, and as all nodes do. */
interface Limiter {
  own: RateLimiterMemory;
  shared?: RateLimiterMongo;
}

function limiterOf(name: string, limit: Limit, connection?: Connection): Limiter {
  const options = { keyPrefix: name, points: limit.points, duration: limit.seconds };
  const own = new RateLimiterMemory(options);
  if (!limit.shared || !connection?.db) return { own };
  const shared = new RateLimiterMongo({
    ...options,
    storeClient: connection.db,
    tableName: 'rate_limits',
    disableIndexesCreation: true,
    insuranceLimiter: own,
    // A flood against one key costs the database nothing once the key is out of points.
    inMemoryBlockOnConsumed: limit.points + 1,
    inMemoryBlockDuration: 60,
  });
  return { own, shared };
}

/** @param waitMs until the next attempt may pass */
export const tooMany = (what: string, waitMs: number): AppError =>
  new AppError('rate_limited', `too many requests (${what}); try again later`, {
    details: { retryAfterMs: Math.max(1, Math.ceil(waitMs)) },
  });
