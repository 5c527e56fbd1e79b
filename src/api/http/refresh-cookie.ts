import type { Context } from 'koa';
import { AppError } from '../../errors.ts';
import type { Grant } from '../auth/accounts.ts';
import type { ApiContext } from '../context.ts';
import { isAllowedOrigin } from './origin.ts';

const COOKIE = 'waybill_refresh';

/**
 * A browser's refresh token lives in a cookie that no script can read and no other site can send; any
 * other client keeps its own. Only browsers say where a request comes from.
 */
export function createRefreshCookie(config: ApiContext['config']) {
  function write(ctx: Context, value: string, maxAgeMs: number): void {
    const secure = config.production || ctx.secure;
    // The library refuses `secure` where it sees no TLS; in production that ends at a proxy.
    ctx.cookies.secure = secure;
    ctx.cookies.set(COOKIE, value, {
      httpOnly: true,
      sameSite: 'strict',
      secure,
      path: '/v1/auth',
      overwrite: true,
      maxAge: maxAgeMs,
    });
  }

  /** @throws {AppError} origin_not_allowed */
  function isBrowser(ctx: Context): boolean {
    const origin = ctx.get('Origin');
    if (origin === '') return false;
    if (isAllowedOrigin(origin, ctx.host, config.corsOrigins)) return true;
    throw new AppError('origin_not_allowed', 'pages of this origin may not sign in here');
  }

  return {
    isBrowser,
    /** @param nowMs by the clock that the grant's end is told by */
    set(ctx: Context, { refreshToken, refreshExpiresAt }: Grant, nowMs: number): void {
      write(ctx, refreshToken, Math.max(0, refreshExpiresAt - nowMs));
    },
    clear(ctx: Context): void {
      write(ctx, '', 0);
    },
    /**
     * The token of the cookie, which counts only together with an allowed Origin.
     * @throws {AppError} origin_not_allowed
     */
    read(ctx: Context): string | undefined {
      const token = ctx.cookies.get(COOKIE);
      if (token === undefined || token === '') return undefined;
      if (isBrowser(ctx)) return token;
      throw new AppError('origin_not_allowed', 'a refresh cookie counts only with its Origin');
    },
  };
}
