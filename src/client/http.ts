import { v7 as newId } from 'uuid';
import { CallError, noAnswer, offline, type RefusalBody, toCallError } from './call-error.ts';
import type { Timers } from './timers.ts';

export interface HttpCall {
  /** JSON, when there is one. */
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

/** One HTTP exchange with the server. */
export type Http = <T>(method: string, path: string, call?: HttpCall) => Promise<T>;

/** What all attempts of one request carry, so that it takes effect once. */
export const idempotent = (key: string = newId()): { 'idempotency-key': string } => ({
  'idempotency-key': key,
});

export interface HttpDeps {
  url: string;
  timers: Timers;
  /** An exchange that takes longer is given up as `no_answer`, ms. */
  timeoutMs: number;
  /** @default the platform's */
  fetch?: typeof fetch;
}

/**
 * Speaks JSON with the server; a refusal is thrown with what Retry-After asks for.
 * @throws {CallError}
 */
export function createHttp({ url, timers, timeoutMs, ...deps }: HttpDeps): Http {
  const send = deps.fetch ?? ((...args: Parameters<typeof fetch>) => fetch(...args));
  return async <T>(method: string, path: string, call: HttpCall = {}): Promise<T> => {
    const what = `${method} ${path}`;
    const giveUp = new AbortController();
    const cancel = timers.after(timeoutMs, () => giveUp.abort());
    try {
      const answer = await send(new URL(path, url), {
        method,
        signal: giveUp.signal,
        // A browser keeps the refresh token in a cookie.
        credentials: 'same-origin',
        headers: {
          accept: 'application/json',
          ...(call.body !== undefined && { 'content-type': 'application/json' }),
          ...(call.token && { authorization: `Bearer ${call.token}` }),
          ...call.headers,
        },
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      });
      const text = await answer.text();
      if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
      throw refusalOf(answer, text, what, timers.now());
    } catch (error) {
      if (error instanceof CallError) throw error;
      if (giveUp.signal.aborted) throw noAnswer(what);
      throw offline(what);
    } finally {
      cancel();
    }
  };
}

function refusalOf(answer: Response, text: string, what: string, now: number): CallError {
  const retryAfterMs = fromRetryAfter(answer.headers.get('retry-after'), now);
  const error = errorIn(text);
  if (error) return toCallError(error, retryAfterMs);
  // Not one of ours: a proxy on the way, which knows no more than whether to come again.
  return new CallError('no_answer', `${what} was answered ${answer.status} by something else`, {
    retryable: answer.status === 429 || answer.status >= 500,
    retryAfterMs,
  });
}

function errorIn(text: string): RefusalBody | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: RefusalBody };
    return typeof error?.code === 'string' ? error : undefined;
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as ms from now; 0 for none. */
export function fromRetryAfter(value: string | null, now: number): number {
  if (!value) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
