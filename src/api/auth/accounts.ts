import { randomBytes } from 'node:crypto';
import { v5 } from 'uuid';
import type { OpenDocuments } from '../../documents.ts';
import type { Ids } from '../../engine/clock.ts';
import { AppError } from '../../errors.ts';
import type { Passwords } from './passwords.ts';
import type { OpenSession, Sessions } from './sessions.ts';
import type { Tokens } from './tokens.ts';
import { USERS, type User, type UserRole } from './users.ts';

export type { User } from './users.ts';

/** What a successful sign-in gives. */
export interface Grant {
  user: User;
  accessToken: string;
  expiresInMs: number;
  refreshToken: string;
  refreshExpiresAt: number;
}

export interface NewUser {
  email: string;
  password: string;
  name: string;
  role: UserRole;
  storeId?: string;
  capacity?: number;
}

export interface Accounts {
  /**
   * Customers make their own accounts. A retry under the same `key` with the same e-mail, password and
   * name signs in to the account that the first one made.
   * @throws {AppError} email_taken, command_mismatch, malformed, overloaded; bad_credentials once banned
   */
  register(input: Omit<NewUser, 'role' | 'storeId' | 'capacity'>, key?: string): Promise<Grant>;
  /** @throws {AppError} bad_credentials, overloaded */
  login(input: { email: string; password: string }): Promise<Grant>;
  /** @throws {AppError} unauthenticated */
  refresh(refreshToken: string): Promise<Grant>;
  /** Idempotent. */
  logout(refreshToken: string): Promise<void>;
  /**
   * Everyone else's accounts are made for them. A retry under the same `key`, which must tell its
   * senders apart, with the same input gives the account that the first one made.
   * @throws {AppError} email_taken, command_mismatch, malformed, overloaded
   */
  addUser(input: NewUser, key?: string): Promise<User>;
  /** Ends every session of a banned user. @throws {AppError} not_found */
  setBanned(userId: string, banned: boolean): Promise<User>;
  /** Who was banned at or after this instant, by whichever node. */
  bannedSince(at: number): Promise<User[]>;
  get(userId: string): Promise<User | undefined>;
  /** Makes the first operator where there is none, and gives the password, of which only a hash is kept here. */
  ensureOperator(): Promise<{ email: string; password: string } | undefined>;
}

/** In so short a time: beyond these, tokens end with their time. */
const MAX_BANS = 1_000;
/** Ids of accounts that were made under a key: the same key is the same account. */
const ACCOUNTS_BY_KEY = '3d0c0a2e-6c0b-5b53-9a0c-5f0e6b0f4c11';
const FIRST_OPERATOR = 'operator@waybill.local';

export function createAccounts(deps: {
  open: OpenDocuments;
  clock: { now(): number };
  ids: Ids;
  passwords: Passwords;
  sessions: Sessions;
  tokens: Tokens;
}): Accounts {
  const { clock, ids, passwords, sessions, tokens } = deps;
  const users = deps.open(USERS);

  async function addUser(input: NewUser, key?: string): Promise<User> {
    const { role, storeId, capacity } = input;
    if ((role === 'store') !== (storeId !== undefined)) {
      throw new AppError('malformed', 'storeId is for the role store, and due there');
    }
    const user: User = {
      _id: key === undefined ? ids.next() : v5(key, ACCOUNTS_BY_KEY),
      email: normalEmail(input.email),
      role,
      name: input.name,
      ...(storeId === undefined ? {} : { storeId }),
      ...(role === 'driver' ? { capacity: capacity ?? 1 } : {}),
      passwordHash: await passwords.hash(input.password),
      createdAt: clock.now(),
    };
    if (await users.insert(user)) return user;
    const made = key === undefined ? undefined : await users.get(user._id);
    // Whoever has not made it learns no more than that.
    if (!made) {
      throw new AppError('email_taken', `there is an account for ${user.email}; sign in instead`);
    }
    if (isSamePerson(made, user) && (await passwords.verify(made.passwordHash, input.password))) {
      return made;
    }
    throw new AppError('command_mismatch', 'this Idempotency-Key made a different account');
  }

  function grant(user: User, session: OpenSession): Grant {
    const { token, expiresInMs } = tokens.issue(user, session.sessionId);
    const { refreshToken, refreshExpiresAt } = session;
    return { user, accessToken: token, expiresInMs, refreshToken, refreshExpiresAt };
  }

  return {
    addUser,
    get: (userId) => users.get(userId),

    async register(input, key) {
      const own = key === undefined ? undefined : `customer/${normalEmail(input.email)}/${key}`;
      const user = await addUser({ ...input, role: 'customer' }, own);
      if (user.banned) throw badCredentials();
      return grant(user, await sessions.open(user._id));
    },

    async login({ email, password }) {
      const [user] = await users.find({ email: normalEmail(email) }, { limit: 1 });
      const isRight = await passwords.verify(user?.passwordHash, password);
      // Nobody learns from the answer whether an account exists, or is banned.
      if (!user || !isRight || user.banned) throw badCredentials();
      return grant(user, await sessions.open(user._id));
    },

    async refresh(refreshToken) {
      const session = await sessions.rotate(refreshToken);
      const user = await users.get(session.userId);
      if (!user || user.banned) {
        await sessions.closeAll(session.userId);
        throw new AppError('unauthenticated', 'the session has ended; sign in again');
      }
      return grant(user, session);
    },

    logout: (refreshToken) => sessions.close(refreshToken),

    async setBanned(userId, banned) {
      const user = await users.get(userId);
      if (!user) throw new AppError('not_found', `no user ${userId}`);
      await users.update(userId, { banned, ...(banned ? { bannedAt: clock.now() } : {}) });
      if (banned) await sessions.closeAll(userId);
      return { ...user, banned };
    },

    bannedSince: (at) => users.find({ bannedAt: { gte: at } }, { limit: MAX_BANS }),

    async ensureOperator() {
      if ((await users.count({ role: 'operator' })) > 0) return undefined;
      const password = randomBytes(15).toString('base64url');
      try {
        await addUser({ email: FIRST_OPERATOR, password, name: 'Operator', role: 'operator' });
        return { email: FIRST_OPERATOR, password };
      } catch (error) {
        // Another node was first, and has printed its password.
        if (error instanceof AppError && error.code === 'email_taken') return undefined;
        throw error;
      }
    },
  };
}

/** However an address is written, it is one account. */
export const normalEmail = (email: string): string => email.trim().toLowerCase();

const badCredentials = () => new AppError('bad_credentials', 'e-mail and password do not match');

const isSamePerson = (one: User, other: User): boolean =>
  one.email === other.email &&
  one.role === other.role &&
  one.name === other.name &&
  one.storeId === other.storeId &&
  one.capacity === other.capacity;
