import type { ErrorCode } from '../errors.ts';

/** Codes of the client itself: no answer in time, no connection, too much under way, client closed. */
export type LocalCode = 'no_answer' | 'offline' | 'too_many_pending' | 'closed';

/** What a refusal looks like on the wire, in an HTTP body and in an acknowledgement alike. */
export interface RefusalBody {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: Record<string, unknown>;
  requestId?: string;
}

/** Why a call came to nothing: the server's refusal, or the client's own finding. Recognise it by `code`. */
export class CallError extends Error {
  readonly code: ErrorCode | LocalCode;
  /** True when the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;
  /** The server's own wish, ms; 0 when it has none. */
  readonly retryAfterMs: number;

  constructor(
    code: ErrorCode | LocalCode,
    message: string,
    facts: { retryable: boolean; details?: Record<string, unknown>; retryAfterMs?: number },
  ) {
    super(message);
    this.name = 'CallError';
    this.code = code;
    this.retryable = facts.retryable;
    this.details = facts.details ?? {};
    this.retryAfterMs = facts.retryAfterMs ?? 0;
  }
}

/** True for a `CallError`, and of one of `codes` where any are named. */
export const isCallError = (error: unknown, ...codes: CallError['code'][]): error is CallError =>
  error instanceof CallError && (codes.length === 0 || codes.includes(error.code));

/** @param retryAfterMs of the Retry-After header; `details.retryAfterMs` counts when it is longer */
export function toCallError(body: RefusalBody, retryAfterMs = 0): CallError {
  const asked = body.details?.retryAfterMs;
  return new CallError(body.code, body.message, {
    retryable: body.retryable,
    ...(body.details && { details: body.details }),
    retryAfterMs: Math.max(retryAfterMs, typeof asked === 'number' ? asked : 0),
  });
}

export const noAnswer = (what: string): CallError =>
  new CallError('no_answer', `${what} was not answered in time`, { retryable: true });

export const offline = (what: string): CallError =>
  new CallError('offline', `${what}: no connection to the server`, { retryable: true });

export const closed = (what: string): CallError =>
  new CallError('closed', `${what}: this client is closed`, { retryable: false });
