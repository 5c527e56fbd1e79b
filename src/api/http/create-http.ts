import { bodyParser } from '@koa/bodyparser';
import cors from '@koa/cors';
import Router from '@koa/router';
import Koa, { type Context } from 'koa';
import helmet from 'koa-helmet';
import { AppError } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { parse } from '../schemas/parse.ts';
import type { Services } from '../services/services.ts';
import { aboutRoutes } from './about-routes.ts';
import { authRoutes } from './auth-routes.ts';
import { catalogRoutes } from './catalog-routes.ts';
import { answerErrors, identifyRequests } from './errors.ts';
import { authenticate, limitRequests, readBearer } from './identify.ts';
import { opsRoutes } from './ops-routes.ts';
import { orderRoutes } from './order-routes.ts';
import { servePages } from './pages.ts';
import type { Route } from './route.ts';
import { shiftRoutes } from './shift-routes.ts';
import { trackRoutes } from './track-routes.ts';
import { userRoutes } from './user-routes.ts';

const MAX_BODY = '16kb';

/** Everything a page needs comes from here, and nothing of it is written into the page. */
const CONTENT_POLICY = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

/** What of a phone the pages may ask for: where it is, and to stay awake; nothing else, and no other page. */
const PERMISSIONS = 'geolocation=(self), screen-wake-lock=(self), camera=(), microphone=()';

/** The HTTP side of the api. */
export function createHttp(ctx: ApiContext, services: Services): Koa {
  const { config, log, tokens } = ctx;
  const app = new Koa({ proxy: config.trustedProxies > 0, maxIpsCount: config.trustedProxies });
  // Errors of connections that are gone; those of requests are answered and logged in one place.
  app.on('error', (error: unknown) => log.debug({ err: error }, 'connection failed'));

  app.use(identifyRequests(log, services.metrics.onHttp));
  app.use(answerErrors(log, services.metrics.onRefusal));
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: CONTENT_POLICY } }));
  app.use((ctx, next) => {
    ctx.set('Permissions-Policy', PERMISSIONS);
    return next();
  });
  app.use(
    cors({
      origin: (request) => {
        const origin = request.get('Origin');
        return config.corsOrigins.includes(origin) ? origin : '';
      },
      credentials: true,
      exposeHeaders: ['Retry-After', 'X-Request-Id'],
      keepHeadersOnError: true,
    }),
  );
  app.use(servePages());
  app.use(readBearer(tokens));
  app.use(limitRequests());
  app.use(
    bodyParser({
      enableTypes: ['json'],
      jsonLimit: MAX_BODY,
      onError(error) {
        const isTooLarge = (error as { status?: number }).status === 413;
        throw isTooLarge
          ? new AppError('payload_too_large', `a body has at most ${MAX_BODY}`, { cause: error })
          : new AppError('malformed', 'the body is not JSON', { cause: error });
      },
    }),
  );

  const router = new Router();
  const routes: Route[] = [];
  routes.push(
    ...authRoutes(ctx, services),
    ...catalogRoutes(ctx),
    ...orderRoutes(services),
    ...trackRoutes(services),
    ...shiftRoutes(services),
    ...userRoutes(ctx, services),
    ...opsRoutes(ctx, services),
    ...aboutRoutes(ctx, services, () => routes),
  );
  for (const route of routes) {
    router[route.method](route.path, (koa: Context) => answer(koa, route, services));
  }
  app.use(router.routes());
  app.use(
    router.allowedMethods({
      throw: true,
      methodNotAllowed: () => new AppError('method_not_allowed', 'no such method here; see Allow'),
      notImplemented: () => new AppError('method_not_allowed', 'no such method here'),
    }),
  );
  return app;
}

/** Who, how often, what: checked in this order before a route does anything. */
async function answer(koa: Context, route: Route, { people, limits }: Services): Promise<void> {
  koa.state.route = route.path;
  const user = route.roles && (await authenticate(koa, route.roles, people));
  if (user && route.limit) await limits.consume(route.limit, user.userId);
  const raw = (koa.request as { body?: unknown }).body;
  const call = {
    body: route.body && !route.raw ? parse(route.body, raw) : undefined,
    raw,
    query: route.query ? parse(route.query, { ...koa.query }) : undefined,
    params: koa.params as Record<string, string>,
    koa,
  };
  koa.status = route.status ?? 200;
  const body = await route.run(call, user);
  if (body === undefined) koa.status = 204;
  else koa.body = body;
  // The caller has this very answer already: routes that poll for changes name theirs by an ETag.
  if (koa.fresh) koa.status = 304;
}
