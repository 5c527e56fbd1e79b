import { createHash } from 'node:crypto';
import type { Context } from 'koa';
import { AppError, isAppError } from '../../errors.ts';
import { type Grant, normalEmail } from '../auth/accounts.ts';
import type { ApiContext } from '../context.ts';
import { presentGrant, presentUser } from '../presenters/present-others.ts';
import { LoginBody, RefreshBody, RegisterBody } from '../schemas/user-schemas.ts';
import type { Services } from '../services/services.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { createRefreshCookie } from './refresh-cookie.ts';
import { EVERYONE, openRoute, type Route, route } from './route.ts';

export function authRoutes(ctx: ApiContext, { limits }: Services): Route[] {
  const { accounts } = ctx;
  const cookie = createRefreshCookie(ctx.config);

  /** Browsers get the refresh token in the cookie, everyone else in the answer. */
  function give(koa: Context, grant: Grant, isBrowser: boolean) {
    if (isBrowser) cookie.set(koa, grant, ctx.engine.clock.now());
    return presentGrant(grant, !isBrowser);
  }

  /**
   * Tries a password, which may be a guess. Points are taken before it is looked at, so that many
   * attempts at once gain nothing; those that were not wrong passwords are given back.
   */
  async function guarded(koa: Context, email: string, attempt: () => Promise<Grant>) {
    const account = accountKey(email);
    const here = `${account}/${koa.ip}`;
    await limits.consume('wrongPassword', here);
    await limits.consume('wrongPasswordAnywhere', account);
    try {
      const grant = await attempt();
      await limits.forgive('wrongPassword', here);
      await limits.giveBack('wrongPasswordAnywhere', account);
      return grant;
    } catch (error) {
      if (!isAppError(error, 'bad_credentials', 'command_mismatch')) {
        await limits.giveBack('wrongPassword', here);
        await limits.giveBack('wrongPasswordAnywhere', account);
      }
      throw error;
    }
  }

  return [
    openRoute({
      method: 'post',
      path: '/v1/auth/register',
      says: 'Make a customer account and sign in. A retry under the same Idempotency-Key is the same account.',
      body: RegisterBody,
      status: 201,
      async run({ body, koa }) {
        const isBrowser = cookie.isBrowser(koa);
        await limits.consume('signIn', koa.ip);
        const key = idempotencyKeyOf(koa);
        const grant = await guarded(koa, body.email, () => accounts.register(body, key));
        return give(koa, grant, isBrowser);
      },
    }),

    openRoute({
      method: 'post',
      path: '/v1/auth/login',
      says: 'Sign in with e-mail and password.',
      body: LoginBody,
      async run({ body, koa }) {
        const isBrowser = cookie.isBrowser(koa);
        await limits.consume('signIn', koa.ip);
        const grant = await guarded(koa, body.email, () => accounts.login(body));
        return give(koa, grant, isBrowser);
      },
    }),

    openRoute({
      method: 'post',
      path: '/v1/auth/refresh',
      says: 'Change the refresh token, of the body or of the cookie, for new tokens.',
      body: RefreshBody,
      async run({ body, koa }) {
        await limits.consume('signIn', koa.ip);
        const isInCookie = body.refreshToken === undefined;
        const token = body.refreshToken ?? cookie.read(koa, body.role);
        if (token === undefined) throw new AppError('unauthenticated', 'sign in first');
        try {
          return give(koa, await accounts.refresh(token), isInCookie);
        } catch (error) {
          if (isInCookie && isAppError(error, 'unauthenticated')) cookie.clear(koa, body.role);
          throw error;
        }
      },
    }),

    openRoute({
      method: 'post',
      path: '/v1/auth/logout',
      says: 'End the session of a refresh token. Idempotent.',
      body: RefreshBody,
      async run({ body, koa }) {
        // A page of strangers, which sends no cookie, may not take one away either.
        cookie.isBrowser(koa);
        const token = body.refreshToken ?? cookie.read(koa, body.role);
        if (token !== undefined) await accounts.logout(token);
        cookie.clear(koa, body.role);
      },
    }),

    route({
      method: 'get',
      path: '/v1/auth/me',
      says: 'Who you are.',
      roles: EVERYONE,
      async run(_call, { userId }) {
        const user = await accounts.get(userId);
        if (!user) throw new AppError('unauthenticated', 'there is no such account any more');
        return presentUser(user);
      },
    }),
  ];
}

/** Addresses are not kept in the limits' store. */
const accountKey = (email: string) =>
  createHash('sha256').update(normalEmail(email)).digest('base64url');
