import { isCallError } from '../../../src/client/call-error.ts';
import type { Http } from '../../../src/client/http.ts';
import { systemTimers, type Timers } from '../../../src/client/timers.ts';
import type { AuthAnswer, UserView } from '../../../src/protocol/accounts.ts';

/**
 * That the person of a role has signed out, kept in this browser until the server has heard it: nobody
 * else can take its cookie away.
 */
export interface Leaving {
  /** True from signing out until the server has heard of it: the cookie is not to be gone on with. */
  isUnderWay(): boolean;
  begin(): void;
  /** Tells the server, and tries until it has heard; resolves after the first attempt. */
  tell(): Promise<void>;
  /** Signs somebody in instead: their cookie takes the place of the old one, and must outlast it. */
  instead(signIn: () => Promise<AuthAnswer>): Promise<AuthAnswer>;
}

const RETRY_MS = 2_000;

/** @param onElsewhere called when the person signs out in another tab */
export function createLeaving(
  role: UserView['role'],
  http: Http,
  onElsewhere: () => void,
  timers: Timers = systemTimers,
): Leaving {
  const key = `waybill-signed-out:${role}`;
  let isSigningIn = false;
  let attempt: Promise<void> | undefined;
  let cancelRetry = () => {};

  addEventListener('storage', (event) => {
    if (event.key === key && event.newValue !== null) onElsewhere();
  });

  async function logout(): Promise<void> {
    try {
      await http('POST', '/v1/auth/logout', { body: { role } });
      forget(key);
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (!error.retryable) return forget(key);
      cancelRetry = timers.after(Math.max(RETRY_MS, error.retryAfterMs), () => void tell());
    }
  }

  async function tell(): Promise<void> {
    cancelRetry();
    if (isSigningIn || !isKept(key)) return;
    // One at a time: of two, a sign-in would wait for one and lose its cookie to the other.
    attempt ??= logout().finally(() => {
      attempt = undefined;
    });
    await attempt;
  }

  return {
    isUnderWay: () => isKept(key),
    begin: () => keep(key),
    tell,
    async instead(signIn) {
      isSigningIn = true;
      try {
        await attempt;
        const answer = await signIn();
        if (answer.user.role === role) forget(key);
        return answer;
      } finally {
        isSigningIn = false;
        void tell();
      }
    },
  };
}

/** Where storage is forbidden, so are cookies: there is no session to go on with. */
function isKept(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function keep(key: string): void {
  try {
    localStorage.setItem(key, 'yes');
  } catch {
    // As above.
  }
}

function forget(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // As above.
  }
}
