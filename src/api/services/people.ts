import { LRUCache } from 'lru-cache';
import type { Principal } from '../../engine/types.ts';
import { AppError } from '../../errors.ts';
import type { Accounts, User } from '../auth/accounts.ts';
import type { Claims } from '../auth/tokens.ts';

/** A ban or a new name is noticed by every node this soon. */
const FRESH_MS = 10_000;

/** Who is who, for names and bans; from memory where it was asked lately. */
export interface People {
  /** What may be shown to strangers of a name. Undefined: no such account. */
  firstName(userId: string): Promise<string | undefined>;
  /** For lists. */
  name(userId: string): Promise<string>;
  /** By id; ids nobody has are left out. */
  names(userIds: Iterable<string>): Promise<Record<string, string>>;
  /** @throws {AppError} forbidden: banned, unauthenticated: no account any more */
  assertWelcome(claims: Claims): Promise<void>;
  /** The account was changed through this node: it is asked for anew, and listeners are told. */
  changed(userId: string): void;
  onChanged(listener: (userId: string) => void): void;
}

export function createPeople(accounts: Accounts): People {
  const listeners: ((userId: string) => void)[] = [];
  const known = new LRUCache<string, Promise<User | undefined>>({ max: 10_000, ttl: FRESH_MS });

  /**
   * Whoever asks while the same is being asked waits for that answer: messages of one person go on in
   * the order they came, and what was asked before a change is not remembered after it.
   */
  function find(userId: string): Promise<User | undefined> {
    const asked = known.get(userId);
    if (asked) return asked;
    const asking = accounts.get(userId);
    known.set(userId, asking);
    asking.catch(() => {
      if (known.peek(userId) === asking) known.delete(userId);
    });
    return asking;
  }

  return {
    firstName: async (userId) => (await find(userId))?.name.split(/\s+/)[0],
    name: async (userId) => (await find(userId))?.name ?? '',
    async names(userIds) {
      const found = await Promise.all([...new Set(userIds)].map(find));
      return Object.fromEntries(
        found.flatMap((user) => (user ? [[user._id, user.name] as const] : [])),
      );
    },
    async assertWelcome({ userId }) {
      const user = await find(userId);
      if (!user) throw new AppError('unauthenticated', 'there is no such account any more');
      if (user.banned) throw new AppError('forbidden', 'this account is banned');
    },
    changed(userId) {
      known.delete(userId);
      for (const tell of listeners) tell(userId);
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

/** As whom a user acts on orders and shifts: people of a store act as the store. */
export const principalOf = ({ role, userId, storeId }: Claims): Principal => ({
  role,
  id: role === 'store' ? (storeId ?? '') : userId,
});
