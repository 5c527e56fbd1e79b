import type { AuthAnswer, UserView } from '../protocol.ts';
import { CallError, isCallError } from './call-error.ts';
import type { Http } from './http.ts';
import { type Persistence, persist } from './persist.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** Someone signed in, and the tokens that prove it. */
export interface Session {
  user(): UserView;
  /** An access token that is good for the next moments; renews it first when it is not. */
  token(): Promise<string>;
  /** Changes the tokens for new ones; calls at the same time are one. */
  renew(): Promise<void>;
  /** Called with each new access token, to be told to the socket. */
  onToken(listener: (token: string) => void): void;
  /** Ends the session on the server too, as far as it can be reached. */
  logout(): Promise<void>;
  stop(): void;
}

export interface SessionDeps {
  http: Http;
  persistence: Omit<Persistence, 'renew'>;
  /** How to begin: sign in, or go on with what an earlier answer gave. */
  start: Credentials | AuthAnswer;
}

/** A token is renewed when a fifth of its life is left, so that no message meets an expired one. */
const RENEW_AT = 0.8;

/**
 * Signs in, and keeps the access token fresh by rotating the refresh token. A rotation whose answer
 * was lost looks to the server like a stolen token; whoever gave a password then signs in again.
 * @throws {CallError} bad_credentials, rate_limited
 */
export async function openSession({ http, start, persistence }: SessionDeps): Promise<Session> {
  const { timers } = persistence;
  const credentials = 'password' in start ? start : undefined;
  const post = (path: string, body: unknown) =>
    persist({ ...persistence, renew: cannotRenew }, path, () =>
      http<AuthAnswer>('POST', path, { body }),
    );
  const signIn = () => post('/v1/auth/login', credentials);
  let current = 'password' in start ? await signIn() : start;
  let receivedAt = timers.now();
  let renewing: Promise<void> | undefined;
  let stopped = false;
  let cancelTimer = () => {};
  const listeners: ((token: string) => void)[] = [];

  async function rotate(): Promise<void> {
    const { refreshToken } = current;
    try {
      take(await post('/v1/auth/refresh', refreshToken === undefined ? {} : { refreshToken }));
    } catch (error) {
      if (!credentials || (isCallError(error) && error.retryable)) throw error;
      take(await signIn());
    }
  }

  function take(answer: AuthAnswer): void {
    current = answer;
    receivedAt = timers.now();
    arm();
    for (const tell of listeners) tell(answer.accessToken);
  }

  function renew(): Promise<void> {
    renewing ??= rotate().finally(() => {
      renewing = undefined;
    });
    return renewing;
  }

  const renewAt = () => receivedAt + current.expiresInMs * RENEW_AT;

  function arm(delayMs = renewAt() - timers.now()): void {
    cancelTimer();
    if (stopped) return;
    cancelTimer = timers.after(Math.max(0, delayMs), () => {
      renew().catch((error: unknown) => {
        // Whoever needs a token next is told; until then, come again when the server may be back.
        if (isCallError(error) && error.retryable) arm(Math.max(RETRY_MS, error.retryAfterMs));
      });
    });
  }

  function stop(): void {
    stopped = true;
    cancelTimer();
  }

  arm();
  return {
    user: () => current.user,
    async token() {
      if (stopped) throw new CallError('closed', 'signed out', { retryable: false });
      if (timers.now() >= receivedAt + current.expiresInMs) await renew();
      return current.accessToken;
    },
    renew,
    onToken: (listener) => void listeners.push(listener),
    async logout() {
      stop();
      const { refreshToken, accessToken } = current;
      await http('POST', '/v1/auth/logout', {
        token: accessToken,
        body: refreshToken === undefined ? {} : { refreshToken },
      });
    },
    stop,
  };
}

const RETRY_MS = 5_000;

/** What signs in cannot be renewed itself. */
const cannotRenew = async () => {};
