import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { OpenDocuments } from '../../documents.ts';
import type { Ids } from '../../engine/clock.ts';
import { AppError } from '../../errors.ts';
import { SESSIONS, type Session } from './users.ts';

export interface OpenSession {
  sessionId: string;
  userId: string;
  refreshToken: string;
  refreshExpiresAt: number;
}

export interface Sessions {
  open(userId: string): Promise<OpenSession>;
  /**
   * Trades a refresh token for the next one. The one before is answered alike for a moment more, since
   * its answer may have been lost; later it ends the session: someone else may have it.
   * @throws {AppError} unauthenticated
   */
  rotate(refreshToken: string): Promise<OpenSession>;
  /** Idempotent. */
  close(refreshToken: string): Promise<void>;
  closeAll(userId: string): Promise<void>;
}

/** How long after a rotation its answer may still be asked for again. */
const LOST_ANSWER_MS = 10_000;
const MAX_SESSIONS = 1_000;

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');

/** Logins as they stand in the database; of a token only its hash is kept. */
export function createSessions(deps: {
  open: OpenDocuments;
  clock: { now(): number };
  ids: Ids;
  expiresMs: number;
  secret: string;
}): Sessions {
  const sessions = deps.open(SESSIONS);
  const { clock } = deps;

  /** Made from the one before, so that nothing has to be kept to give the same answer again. */
  const nextOf = (refreshToken: string) =>
    createHmac('sha256', deps.secret).update(`refresh/${refreshToken}`).digest('base64url');

  const unknown = () => new AppError('unauthenticated', 'the session has ended; sign in again');

  const find = async (hash: string): Promise<Session | undefined> => {
    const [found] = await sessions.find({ tokenHash: hash }, { limit: 1 });
    if (found) return found;
    const [older] = await sessions.find({ previousHash: hash }, { limit: 1 });
    return older;
  };

  return {
    async open(userId) {
      const refreshToken = randomBytes(32).toString('base64url');
      const sessionId = deps.ids.next();
      const expiresAt = clock.now() + deps.expiresMs;
      await sessions.insert({ _id: sessionId, userId, tokenHash: hashOf(refreshToken), expiresAt });
      return { sessionId, userId, refreshToken, refreshExpiresAt: expiresAt };
    },

    async rotate(refreshToken) {
      const hash = hashOf(refreshToken);
      const session = await find(hash);
      if (!session || session.expiresAt <= clock.now()) throw unknown();
      const { _id: sessionId, userId } = session;
      const next = nextOf(refreshToken);
      if (session.tokenHash !== hash) {
        if (clock.now() - (session.rotatedAt ?? 0) > LOST_ANSWER_MS) {
          await sessions.remove(sessionId);
          throw unknown();
        }
        return { sessionId, userId, refreshToken: next, refreshExpiresAt: session.expiresAt };
      }
      const expiresAt = clock.now() + deps.expiresMs;
      const rotated = await sessions.update(
        sessionId,
        { tokenHash: hashOf(next), previousHash: hash, rotatedAt: clock.now(), expiresAt },
        { tokenHash: hash },
      );
      // Two at once: the other one was first, and this one is now the token before.
      if (!rotated) return this.rotate(refreshToken);
      return { sessionId, userId, refreshToken: next, refreshExpiresAt: expiresAt };
    },

    async close(refreshToken) {
      const session = await find(hashOf(refreshToken));
      if (session) await sessions.remove(session._id);
    },

    async closeAll(userId) {
      for (const { _id } of await sessions.find({ userId }, { limit: MAX_SESSIONS })) {
        await sessions.remove(_id);
      }
    },
  };
}
