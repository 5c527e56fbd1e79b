import { noAnswer, offline } from '../../src/client/call-error.ts';
import type { Timers } from '../../src/client/timers.ts';
import type { Transport } from '../../src/client/transport.ts';
import type { AuthAnswer } from '../../src/protocol/accounts.ts';

export interface Sent {
  name: string;
  payload: Record<string, unknown>;
}

/** Both sides of the wire in one process: what is sent is kept, what is answered is the test's. */
export interface FakeServer {
  sent: Sent[];
  httpCalls: { path: string; body: unknown; headers: Headers }[];
  /** Decides each answer; undefined: none comes. */
  answer(name: string, payload: Record<string, unknown>): unknown;
  answerHttp(path: string, body: unknown): Response;
  push(name: string, payload: unknown): void;
  /** The connection goes, or comes back. */
  drop(): void;
  restore(): void;
  transport: () => Transport;
  fetch: typeof fetch;
}

export const AUTH: AuthAnswer = {
  accessToken: 'access-1',
  expiresInMs: 900_000,
  refreshToken: 'refresh-1',
  user: { userId: 'd1', role: 'driver', name: 'Dee', email: 'dee@demo.example' },
};

export function createFakeServer(): FakeServer {
  let connected = false;
  const messageListeners: ((name: string, payload: unknown) => void)[] = [];
  const connectionListeners: ((connected: boolean) => void)[] = [];
  const turn = (now: boolean) => {
    connected = now;
    for (const tell of connectionListeners) tell(now);
  };
  const server: FakeServer = {
    sent: [],
    httpCalls: [],
    answer: () => ({ ok: true }),
    answerHttp: () => Response.json(AUTH),
    push(name, payload) {
      for (const tell of messageListeners) tell(name, payload);
    },
    drop: () => turn(false),
    restore: () => turn(true),
    transport: () => ({
      async send(name, payload) {
        if (!connected) throw offline(name);
        server.sent.push({ name, payload: payload as Record<string, unknown> });
        const answer = server.answer(name, payload as Record<string, unknown>);
        if (answer === undefined) throw noAnswer(name);
        return answer;
      },
      onMessage: (listener) => void messageListeners.push(listener),
      onConnection: (listener) => void connectionListeners.push(listener),
      connected: () => connected,
      connect: () => turn(true),
      disconnect: () => turn(false),
    }),
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname;
      const body: unknown = init?.body ? JSON.parse(String(init.body)) : undefined;
      server.httpCalls.push({ path, body, headers: new Headers(init?.headers) });
      return server.answerHttp(path, body);
    },
  };
  return server;
}

export const refused = (code: string, retryable: boolean, details = {}) => ({
  ok: false,
  error: { code, message: code, retryable, details },
});

/** Time that passes only when the test says so. */
export function handTimers(): Timers & { pass(ms: number): Promise<void> } {
  let now = 1_000_000;
  const due: { at: number; fn: () => void }[] = [];
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    random: () => 0,
    after(delayMs, fn) {
      const timer = { at: now + delayMs, fn };
      due.push(timer);
      return () => {
        if (due.includes(timer)) due.splice(due.indexOf(timer), 1);
      };
    },
    async pass(ms) {
      const until = now + ms;
      await settled();
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        due.splice(due.indexOf(next), 1);
        now = next.at;
        next.fn();
        await settled();
      }
      now = until;
      await settled();
    },
  };
}
