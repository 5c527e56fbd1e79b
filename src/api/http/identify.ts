import type { Context, Middleware } from 'koa';
import ratelimit from 'koa-ratelimit';
import { AppError } from '../../errors.ts';
import type { Claims, Tokens } from '../auth/tokens.ts';
import type { UserRole } from '../auth/users.ts';
import { LIMITS } from '../limits.ts';
import type { People } from '../services/people.ts';

/** Reads the bearer token where there is one; routes decide whether there must be. */
export const readBearer = (tokens: Tokens): Middleware =>
  async function readBearerToken(ctx, next) {
    const [scheme, token] = ctx.get('Authorization').split(' ');
    if (scheme?.toLowerCase() === 'bearer' && token) {
      try {
        ctx.state.claims = tokens.verify(token);
      } catch (refusal) {
        ctx.state.refusal = refusal;
      }
    }
    await next();
  };

/** @throws {AppError} unauthenticated, token_expired, forbidden */
export async function authenticate(
  ctx: Context,
  roles: readonly UserRole[],
  people: People,
): Promise<Claims> {
  const { claims, refusal } = ctx.state as { claims?: Claims; refusal?: unknown };
  if (refusal) throw refusal;
  if (!claims) throw new AppError('unauthenticated', 'sign in first: Authorization: Bearer …');
  await people.assertWelcome(claims);
  if (roles.includes(claims.role)) return claims;
  throw new AppError('forbidden', `this is for: ${roles.join(', ')}`);
}

/** Requests by user, or by address for strangers. */
export const limitRequests = (): Middleware =>
  ratelimit({
    driver: 'memory',
    db: new BoundedMap(MAX_CALLERS),
    duration: LIMITS.http.seconds * 1_000,
    max: LIMITS.http.points,
    id: (ctx) => (ctx.state.claims as Claims | undefined)?.userId ?? ctx.ip,
    throw: true,
    disableHeader: true,
  });

const MAX_CALLERS = 50_000;

/** The limiter's memory driver wants a Map and never forgets: the oldest entry makes room. */
class BoundedMap extends Map<string, unknown> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: string, value: unknown): this {
    if (!this.has(key) && this.size >= this.#most) {
      const [oldest] = this.keys();
      if (oldest !== undefined) this.delete(oldest);
    }
    return super.set(key, value);
  }
}
