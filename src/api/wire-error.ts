import { mongo } from 'mongoose';
import { AppError, isAppError } from '../errors.ts';
import type { WireError } from '../protocol/messages.ts';

/**
 * What a caller is told of an error, over HTTP and in acknowledgements alike. A mistake of ours is
 * `internal_error` and nothing more: whoever calls this logs it whole.
 */
export function toWireError(thrown: unknown, requestId?: string): WireError {
  const error = refusalOf(thrown);
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

/**
 * What was thrown as the refusal that it is: while the database is away, or another of its servers
 * takes over, nothing was done and the same request may succeed later. Anything else as it came.
 */
export function refusalOf(thrown: unknown): unknown {
  return isDatabaseAway(thrown)
    ? new AppError(
        'not_ready',
        'the database cannot be reached at the moment; send the same again',
        {
          cause: thrown,
        },
      )
    : thrown;
}

/** MongoDB's codes of a server that stops, or leads no longer (its `error_codes.yml`). */
const NOT_LEADING = [91, 189, 10_107, 11_600, 11_602, 13_435, 13_436];

const isDatabaseAway = (thrown: unknown): boolean =>
  thrown instanceof mongo.MongoNetworkError ||
  thrown instanceof mongo.MongoServerSelectionError ||
  thrown instanceof mongo.MongoNotConnectedError ||
  (thrown instanceof mongo.MongoServerError && NOT_LEADING.includes(Number(thrown.code)));

/** When to come again, ms; undefined where the error does not say. */
export function retryAfterMsOf({ code, details }: AppError): number | undefined {
  const asked = details?.retryAfterMs;
  if (typeof asked === 'number') return asked;
  return code === 'overloaded' || code === 'not_ready' ? 1_000 : undefined;
}
