import type { Context } from 'koa';
import { AppError } from '../../errors.ts';
import type { Grant } from '../auth/accounts.ts';
import type { UserRole } from '../auth/users.ts';
import type { ApiContext } from '../context.ts';
import { isAllowedOrigin } from './origin.ts';

/** One for each role, so that a console and a driver app in one browser do not sign each other out. */
const cookieOf = (role: UserRole): string => `waybill_refresh_${role}`;

/**
 * A browser's refresh token lives in a cookie that no script can read and no other site can send; any
 * other client keeps its own. Only browsers say where a request comes from.
 */
export function createRefreshCookie(config: ApiContext['config']) {
  function write(ctx: Context, role: UserRole, value: string, maxAgeMs: number): void {
    const secure = config.production || ctx.secure;
    // The library refuses `secure` where it sees no TLS; in production that ends at a proxy.
    ctx.cookies.secure = secure;
    ctx.cookies.set(cookieOf(role), value, {
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
    set(ctx: Context, { user, refreshToken, refreshExpiresAt }: Grant, nowMs: number): void {
      write(ctx, user.role, refreshToken, Math.max(0, refreshExpiresAt - nowMs));
    },
    clear(ctx: Context, role: UserRole): void {
      write(ctx, role, '', 0);
    },
    /**
     * The token of the cookie, which counts only together with an allowed Origin.
     * @throws {AppError} origin_not_allowed
     */
    read(ctx: Context, role: UserRole): string | undefined {
      const token = ctx.cookies.get(cookieOf(role));
      if (token === undefined || token === '') return undefined;
      if (isBrowser(ctx)) return token;
      throw new AppError('origin_not_allowed', 'a refresh cookie counts only with its Origin');
    },
  };
}
