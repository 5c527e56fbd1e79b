import type { AuthAnswer, UserView } from '../protocol/accounts.ts';
import { CallError, isCallError } from './call-error.ts';
import { type Http, idempotent } from './http.ts';
import { type Persistence, persist } from './persist.ts';

export interface Credentials {
  email: string;
  password: string;
}

/** Someone who has no account yet: a customer. */
export interface Registration extends Credentials {
  name: string;
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
  /** How to begin: sign in, register, or go on with what an earlier answer gave. */
  start: Credentials | Registration | AuthAnswer;
  /** The session is over for good: it was ended, or its person is no longer welcome. */
  onEnded(error: CallError): void;
}

/** A token is renewed when a fifth of its life is left, so that no message meets an expired one. */
const RENEW_AT = 0.8;

/**
 * Signs in, and keeps the access token fresh by rotating the refresh token. A rotation whose answer
 * was lost looks to the server like a stolen token; whoever gave a password then signs in again.
 * @throws {CallError} bad_credentials, email_taken, rate_limited
 */
export async function openSession(deps: SessionDeps): Promise<Session> {
  const { http, start, persistence } = deps;
  const { timers } = persistence;
  const credentials =
    'password' in start ? { email: start.email, password: start.password } : undefined;
  const post = (path: string, body: unknown, headers = {}) =>
    persist({ ...persistence, renew: cannotRenew }, path, () =>
      http<AuthAnswer>('POST', path, { body, headers }),
    );
  const signIn = () => post('/v1/auth/login', credentials);

  async function begin(): Promise<AuthAnswer> {
    if ('accessToken' in start) return start;
    return 'name' in start ? post('/v1/auth/register', start, idempotent()) : signIn();
  }

  let current = await begin();
  let receivedAt = timers.now();
  let renewing: Promise<void> | undefined;
  let stopped = false;
  let cancelTimer = () => {};
  const listeners: ((token: string) => void)[] = [];

  async function rotate(): Promise<void> {
    try {
      const answer = await post('/v1/auth/refresh', proof());
      if (answer.user.userId !== current.user.userId) throw notOurs();
      take(answer);
    } catch (error) {
      // Whoever signed out meanwhile ended it, and is neither told nor signed in again.
      if (stopped || (isCallError(error) && error.retryable)) throw error;
      if (!credentials) {
        if (isCallError(error)) deps.onEnded(error);
        throw error;
      }
      take(await signIn());
    }
  }

  /** The refresh token, or in whose cookie the browser has it. */
  const proof = () =>
    current.refreshToken === undefined
      ? { role: current.user.role }
      : { refreshToken: current.refreshToken };

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
      await http('POST', '/v1/auth/logout', { token: current.accessToken, body: proof() });
    },
    stop,
  };
}

const RETRY_MS = 5_000;

/** The tabs of a browser share a cookie, and in another one somebody else has signed in since. */
const notOurs = () =>
  new CallError('unauthenticated', 'somebody else is signed in here now', { retryable: false });

/** What signs in cannot be renewed itself. */
const cannotRenew = async () => {};
