import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Services } from '../services/services.ts';
import { openRoute, type Route, route } from './route.ts';

/** The link, as sharing answered it. */
const RevokeBody = z.strictObject({ path: z.string().min(1).max(1_024) });

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

    route({
      method: 'post',
      path: '/v1/orders/:orderId/share/revoke',
      says: 'Take back a tracking link of your order; the next one that you share is another.',
      roles: ['customer'],
      limit: 'command',
      body: RevokeBody,
      run: ({ params, body }, user) => tracking.revoke(user, params.orderId as string, body.path),
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
