import type { Clock } from '../../engine/clock.ts';
import { AppError } from '../../errors.ts';
import type { Tokens } from '../auth/tokens.ts';
import type { Session } from './session.ts';

/** Before a token's end, and no more than half of what is left of it. */
const WARN_AT_MOST_MS = 60_000;

/** Ends a connection with its token, having said so in time. */
export interface TokenTimer {
  /**
   * Goes on with a new token of the same person.
   * @throws {AppError} unauthenticated, token_expired; forbidden for another's
   */
  refresh(token: string): { expiresInMs: number };
  stop(): void;
}

export function createTokenTimer(session: Session, tokens: Tokens, clock: Clock): TokenTimer {
  let cancels: (() => void)[] = [];

  function stop() {
    for (const cancel of cancels) cancel();
    cancels = [];
  }

  function arm(): number {
    stop();
    const leftMs = Math.max(0, session.claims.expiresAt - clock.now());
    const inMs = Math.min(WARN_AT_MOST_MS, Math.round(leftMs / 2));
    cancels = [
      clock.after(leftMs - inMs, () => session.push('session:expiring', { inMs })),
      clock.after(leftMs, session.cut),
    ];
    return leftMs;
  }

  arm();
  return {
    refresh(token) {
      // It ended while the message waited its turn: nothing would stop the timers any more.
      if (!session.isOpen()) throw new AppError('unauthenticated', 'the connection is closed');
      const claims = tokens.verify(token);
      const { userId, role, storeId } = session.claims;
      const isSame = claims.userId === userId && claims.role === role && claims.storeId === storeId;
      if (!isSame) {
        throw new AppError('forbidden', 'that token is somebody else’s; connect anew with it');
      }
      session.claims = claims;
      return { expiresInMs: arm() };
    },
    stop,
  };
}
