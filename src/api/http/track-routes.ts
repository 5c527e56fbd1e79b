import { createHash } from 'node:crypto';
import type { Services } from '../services/services.ts';
import { openRoute, type Route, route } from './route.ts';

export function trackRoutes({ tracking, limits }: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders/:orderId/share',
      says: 'The tracking link of your order: it needs no account, shows how far the order is, and ends a day after it.',
      roles: ['customer'],
      limit: 'read',
      run: ({ params }, user) => tracking.share(user, params.orderId as string),
    }),

    openRoute({
      method: 'get',
      path: '/v1/track/:token',
      says: 'An order as whoever has its link may see it. Ask again every few seconds, with If-None-Match.',
      async run({ params, koa }) {
        await limits.consume('track', koa.ip);
        const view = await tracking.track(params.token as string);
        koa.set('Cache-Control', 'private, no-cache');
        koa.etag = createHash('sha256').update(JSON.stringify(view)).digest('base64url');
        return view;
      },
    }),
  ];
}
