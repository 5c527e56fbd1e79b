declare module 'koa-ratelimit' {
  import type { Context, Middleware } from 'koa';

  export default function ratelimit(options: {
    driver: 'memory';
    db: Map<string, unknown>;
    /** ms */
    duration: number;
    max: number;
    id(ctx: Context): string | false;
    throw: boolean;
    disableHeader: boolean;
  }): Middleware;
}

declare module '@koa/cors' {
  import type { Context, Middleware } from 'koa';

  export default function cors(options: {
    /** The origin that may read the answer; '': none. */
    origin(ctx: Context): string;
    credentials: boolean;
    exposeHeaders: string[];
    keepHeadersOnError: boolean;
  }): Middleware;
}
