import { type AppError, isAppError } from '../errors.ts';
import type { WireError } from '../protocol.ts';

/**
 * What a caller is told of an error, over HTTP and in acknowledgements alike. A mistake of ours is
 * `internal_error` and nothing more: whoever calls this logs it whole.
 */
export function toWireError(error: unknown, requestId?: string): WireError {
  const id = requestId === undefined ? {} : { requestId };
  if (!isAppError(error)) {
    return {
      code: 'internal_error',
      message: 'something went wrong on our side',
      retryable: false,
      ...id,
    };
  }
  const { code, message, retryable, details } = error;
  return { code, message, retryable, ...(details ? { details } : {}), ...id };
}

/** When to come again, ms; undefined where the error does not say. */
export function retryAfterMsOf({ code, details }: AppError): number | undefined {
  const asked = details?.retryAfterMs;
  if (typeof asked === 'number') return asked;
  return code === 'overloaded' || code === 'not_ready' ? 1_000 : undefined;
}
