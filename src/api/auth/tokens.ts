import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { AppError } from '../../errors.ts';
import { USER_ROLES, type User, type UserRole } from './users.ts';

/** Who bears a token, as it says. */
export interface Claims {
  userId: string;
  role: UserRole;
  name: string;
  storeId?: string;
  sessionId: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** A link to one order; those with a lower number were taken back. */
export interface TrackingLink {
  orderId: string;
  generation: number;
}

export interface Tokens {
  issue(user: User, sessionId: string): { token: string; expiresInMs: number };
  /** @throws {AppError} unauthenticated, token_expired */
  verify(token: string): Claims;
  /** What shows one order to whoever has it; the same for the same link, and no access token. */
  issueTracking(link: TrackingLink): string;
  /** The link that a tracking token is of; undefined: it is none of ours. */
  verifyTracking(token: string): TrackingLink | undefined;
}

const ISSUER = 'waybill';
const AUDIENCE = 'waybill-api';
const TRACKING_AUDIENCE = 'waybill-track';
const ALGORITHM = 'HS256';

/**
 * Access tokens: short-lived JWTs. Algorithm, issuer and audience are pinned; a token that says
 * otherwise is as good as none.
 * @param clock the node's own: tokens outlive no skew that matters
 */
export function createTokens(deps: {
  secret: string;
  expiresMs: number;
  clock: { now(): number };
}): Tokens {
  const key = createSecretKey(Buffer.from(deps.secret, 'utf8'));
  const nowSeconds = () => Math.floor(deps.clock.now() / 1_000);

  return {
    issue({ _id, role, name, storeId }, sessionId) {
      const iat = nowSeconds();
      const payload = {
        ...{ sub: _id, role, name, sid: sessionId, iat },
        exp: iat + Math.ceil(deps.expiresMs / 1_000),
        ...(storeId === undefined ? {} : { storeId }),
      };
      const token = jwt.sign(payload, key, {
        algorithm: ALGORITHM,
        issuer: ISSUER,
        audience: AUDIENCE,
      });
      return { token, expiresInMs: deps.expiresMs };
    },

    verify(token) {
      try {
        const payload = jwt.verify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTimestamp: nowSeconds(),
        }) as jwt.JwtPayload;
        const { sub, role, name, storeId, sid, exp } = payload;
        if (!sub || !sid || !exp || !USER_ROLES.includes(role)) throw new Error('not one of ours');
        return {
          ...{ userId: sub, role, name, sessionId: sid, expiresAt: exp * 1_000 },
          ...(storeId === undefined ? {} : { storeId }),
        };
      } catch (error) {
        if (error instanceof jwt.TokenExpiredError) {
          throw new AppError('token_expired', 'the access token has expired; refresh it');
        }
        throw new AppError('unauthenticated', 'the access token is missing or not valid; sign in');
      }
    },

    // When it ends is the order's to say, so it carries no time: that is what makes it the same.
    issueTracking: ({ orderId, generation }) =>
      jwt.sign({ sub: orderId, ...(generation > 0 ? { gen: generation } : {}) }, key, {
        algorithm: ALGORITHM,
        issuer: ISSUER,
        audience: TRACKING_AUDIENCE,
        noTimestamp: true,
      }),

    verifyTracking(token) {
      try {
        const { sub, gen = 0 } = jwt.verify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          audience: TRACKING_AUDIENCE,
        }) as jwt.JwtPayload;
        return sub === undefined ? undefined : { orderId: sub, generation: gen };
      } catch {
        return undefined;
      }
    },
  };
}
