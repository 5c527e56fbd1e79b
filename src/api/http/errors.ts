import type { Context, Middleware } from 'koa';
import { v7 } from 'uuid';
import { AppError, type ErrorCode, isAppError } from '../../errors.ts';
import { type Log, redactUrl } from '../../log.ts';
import { refusalOf, retryAfterMsOf, toWireError } from '../wire-error.ts';

/** What an HTTP library's own refusal is among our codes. */
const BY_STATUS: Record<number, ErrorCode> = {
  400: 'malformed',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'payload_too_large',
  415: 'malformed',
  429: 'rate_limited',
};

/** Gives every request an id, its own or the caller's, and logs it without secrets. */
export const identifyRequests = (
  log: Log,
  onDone: (method: string, route: string, status: number, ms: number) => void,
): Middleware =>
  async function identifyRequest(ctx, next) {
    const startedAt = performance.now();
    const given = ctx.get('X-Request-Id');
    const requestId = /^[\w-]{1,64}$/.test(given) ? given : v7();
    ctx.state.requestId = requestId;
    ctx.set('X-Request-Id', requestId);
    await next();
    const ms = Math.round(performance.now() - startedAt);
    const { method, status } = ctx;
    onDone(method, ctx.state.route ?? 'none', status, ms);
    log.debug({ requestId, method, url: redactUrl(ctx.url), status, ms }, 'request');
  };

/** The one place where a failure becomes an HTTP answer: no stack, no message of another library. */
export const answerErrors = (log: Log, onRefusal: (code: string) => void): Middleware =>
  async function answerError(ctx, next) {
    try {
      assertTarget(ctx);
      await next();
      if (ctx.status === 404 && ctx.body === undefined) {
        throw new AppError('not_found', `there is no ${ctx.path}`);
      }
    } catch (thrown) {
      const error = toAppError(refusalOf(thrown));
      const requestId = ctx.state.requestId as string;
      if (!isAppError(error)) log.error({ requestId, err: thrown }, 'request failed');
      const retryAfterMs = isAppError(error) ? retryAfterMsOf(error) : undefined;
      if (retryAfterMs !== undefined) {
        ctx.set('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1_000))));
      }
      ctx.status = isAppError(error) ? error.status : 500;
      const wireError = toWireError(error, requestId);
      ctx.body = { error: wireError };
      onRefusal(wireError.code);
    }
  };

/** Node lets a request line through that names no place at all: `GET http://[ HTTP/1.1`. */
function assertTarget(ctx: Context): void {
  try {
    void ctx.path;
  } catch (cause) {
    throw new AppError('malformed', 'the request names no path', { cause });
  }
}

function toAppError(thrown: unknown): unknown {
  if (isAppError(thrown) || !(thrown instanceof Error)) return thrown;
  const { status, headers } = thrown as { status?: unknown; headers?: Record<string, unknown> };
  const code = typeof status === 'number' ? BY_STATUS[status] : undefined;
  if (!code) return thrown;
  const seconds = Number(headers?.['Retry-After']);
  return new AppError(code, MESSAGES[code] ?? code, {
    cause: thrown,
    ...(code === 'rate_limited'
      ? { details: { retryAfterMs: Math.max(1, Number.isFinite(seconds) ? seconds : 1) * 1_000 } }
      : {}),
  });
}

const MESSAGES: Partial<Record<ErrorCode, string>> = {
  malformed: 'the body is not JSON',
  payload_too_large: 'the body is too large',
  method_not_allowed: 'there is no such method here; see Allow',
  rate_limited: 'too many requests; try again later',
};
