import type { Context } from 'koa';
import type { z } from 'zod';
import type { Claims } from '../auth/tokens.ts';
import type { UserRole } from '../auth/users.ts';
import type { LimitName } from '../limits.ts';

/** What a route is given: everything checked. */
export interface Call<B, Q> {
  body: B;
  /** As it arrived, where the route checks it itself. */
  raw: unknown;
  query: Q;
  params: Record<string, string>;
  koa: Context;
}

interface Description<B extends z.ZodType, Q extends z.ZodType> {
  method: 'get' | 'post';
  path: `/${string}`;
  /** One sentence for the documents. */
  says: string;
  body?: B;
  /** The body's schema is for the documents; the route checks `raw` by a more exact one. */
  raw?: true;
  query?: Q;
  /** @default 200, or 204 where nothing is answered */
  status?: number;
}

/** A route as data: the router and /openapi.json are both made from it. */
export interface Route extends Description<z.ZodType, z.ZodType> {
  /** Who may call; absent: anyone. */
  roles?: readonly UserRole[];
  /** Taken from the caller's points. */
  limit?: LimitName;
  run(call: Call<unknown, unknown>, user: Claims | undefined): Promise<unknown>;
}

/** A route for people who are signed in, in one of these roles. */
export const route = <B extends z.ZodType = z.ZodUndefined, Q extends z.ZodType = z.ZodUndefined>(
  description: Description<B, Q> & {
    roles: readonly UserRole[];
    limit?: LimitName;
    run(call: Call<z.output<B>, z.output<Q>>, user: Claims): Promise<unknown>;
  },
): Route => description as unknown as Route;

/** A route for everyone. */
export const openRoute = <
  B extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
>(
  description: Description<B, Q> & {
    run(call: Call<z.output<B>, z.output<Q>>): Promise<unknown>;
  },
): Route => description as unknown as Route;

export const EVERYONE: readonly UserRole[] = ['customer', 'driver', 'operator', 'store'];
