import { type Signal, signal } from '@preact/signals';
import { type CallError, isCallError } from '../../../src/client/call-error.ts';
import { createHttp, idempotent } from '../../../src/client/http.ts';
import { systemTimers } from '../../../src/client/timers.ts';
import { connect, type Link, type WaybillClient } from '../../../src/client/waybill-client.ts';
import type { AuthAnswer, UserView } from '../../../src/protocol/accounts.ts';
import { followServerClock } from './clock.ts';
import { createLeaving } from './leaving.ts';

/** Where this browser stands with the server. */
export type Phase =
  | { is: 'starting'; waiting: boolean }
  | { is: 'signedOut'; why?: string }
  | { is: 'signedIn'; client: WaybillClient; user: UserView };

export interface BrowserSession {
  readonly phase: Signal<Phase>;
  /** How fresh the screen is; `live` only while nothing can be missing. */
  readonly link: Signal<Link>;
  /** @throws {CallError} bad_credentials, rate_limited, offline, … */
  signIn(email: string, password: string): Promise<void>;
  /** Makes a customer's account; asked again with the same words, the same one. @throws {CallError} email_taken, … */
  register(name: string, email: string, password: string): Promise<void>;
  /** In all tabs, and for good: where the server is out of reach it is told as soon as it can be. */
  signOut(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const RETRY_MS = 2_000;

/**
 * The session of this browser in one role. It goes on after a reload by the refresh cookie, waits for
 * a server that is away, and ends with a reason when the server will not have it any more.
 */
export function createBrowserSession(role: UserView['role']): BrowserSession {
  const url = location.origin;
  const http = createHttp({ url, timers: systemTimers, timeoutMs: TIMEOUT_MS });
  const phase = signal<Phase>({ is: 'starting', waiting: false });
  let registering: { words: string; headers: ReturnType<typeof idempotent> } | undefined;
  const link = signal<Link>({ state: 'offline', since: systemTimers.now() });
  const leaving = createLeaving(role, http, () => end('You signed out in another tab.'));

  async function enter(answer: AuthAnswer): Promise<void> {
    if (answer.user.role !== role) {
      await http('POST', '/v1/auth/logout', { body: { role: answer.user.role } });
      phase.value = { is: 'signedOut', why: WRONG_ROLE[answer.user.role] };
      return;
    }
    const client = await connect({
      ...{ url, start: answer },
      onRefused(error) {
        client.close();
        leave(whyEnded(error));
      },
    });
    followServerClock(client.serverNow);
    link.value = client.link();
    client.onLink((next) => {
      link.value = next;
    });
    phase.value = { is: 'signedIn', client, user: client.user() };
  }

  function leave(why?: string): void {
    phase.value = { is: 'signedOut', ...(why !== undefined && { why }) };
  }

  function end(why?: string): void {
    const { value } = phase;
    if (value.is !== 'signedIn') return;
    value.client.close();
    leave(why);
  }

  async function resume(): Promise<void> {
    if (leaving.isUnderWay()) {
      leave();
      return leaving.tell();
    }
    try {
      const answer = await http<AuthAnswer>('POST', '/v1/auth/refresh', { body: { role } });
      // Signed out in another tab meanwhile.
      if (leaving.isUnderWay()) return leave();
      await enter(answer);
    } catch (error) {
      if (!isCallError(error) || !error.retryable) return leave();
      phase.value = { is: 'starting', waiting: true };
      systemTimers.after(Math.max(RETRY_MS, error.retryAfterMs), () => void resume());
    }
  }

  void resume();
  return {
    phase,
    link,
    async signIn(email, password) {
      const body = { email, password };
      await enter(await leaving.instead(() => http('POST', '/v1/auth/login', { body })));
    },
    async register(name, email, password) {
      const body = { name, email, password };
      const words = JSON.stringify(body);
      // The answer to the attempt before may have been lost.
      if (registering?.words !== words) registering = { words, headers: idempotent() };
      const { headers } = registering;
      const answer = await leaving.instead(() =>
        http('POST', '/v1/auth/register', { body, headers }),
      );
      registering = undefined;
      await enter(answer);
    },
    async signOut() {
      if (phase.value.is !== 'signedIn') return;
      leaving.begin();
      end();
      await leaving.tell();
    },
  };
}

const WRONG_ROLE: Record<UserView['role'], string> = {
  customer: 'That is a customer’s account. Order and follow at the front page.',
  driver: 'That is a driver’s account. Use the driver app.',
  operator: 'That is an operator’s account. Use the console.',
  store: 'That is a store’s account, which has no page here.',
};

function whyEnded(error: CallError): string {
  switch (error.code) {
    case 'forbidden':
      return 'This account may not sign in any more. Ask whoever runs Waybill.';
    default:
      return 'Your session has ended. Please sign in again.';
  }
}
