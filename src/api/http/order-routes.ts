import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { CommandId, Id, QueryFlag, QueryNumber, Seq } from '../schemas/common.ts';
import { OrderCommandBody, PlaceOrderBody, parseOrderCommand } from '../schemas/order-schemas.ts';
import { parse } from '../schemas/parse.ts';
import { principalOf } from '../services/people.ts';
import type { Services } from '../services/services.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { EVERYONE, type Route, route } from './route.ts';

/** A page of a list. */
export const PageQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: QueryNumber(1, 100).default(50),
});

/** A command as it arrives: its type decides the schema, the rest is everyone's. */
const AnyCommand = z.looseObject({ commandId: CommandId, ifSeq: Seq.optional() });

export function orderRoutes({ orders, limits }: Services): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/orders',
      says: 'Place an order. The header Idempotency-Key is required; a retry under it is the same order.',
      roles: ['customer'],
      body: PlaceOrderBody,
      status: 201,
      async run({ body, koa }, user) {
        const key = idempotencyKeyOf(koa);
        if (key === undefined) {
          throw new AppError(
            'idempotency_key_required',
            'send the header Idempotency-Key: a new uuid per order, the same one for a retry',
          );
        }
        await limits.consume('place', user.userId);
        return orders.place(user, body, key);
      },
    }),

    route({
      method: 'get',
      path: '/v1/orders',
      says: 'Your orders, newest first: the customer’s own, the store’s, those the driver carries, all for operators.',
      roles: EVERYONE,
      limit: 'read',
      query: PageQuery.extend({ live: QueryFlag.optional(), zone: Id.optional() }),
      run: ({ query }, user) => orders.list(principalOf(user), query),
    }),

    route({
      method: 'get',
      path: '/v1/orders/:orderId',
      says: 'One order, as you may see it.',
      roles: EVERYONE,
      limit: 'read',
      run: ({ params }, user) => orders.read(principalOf(user), params.orderId as string),
    }),

    route({
      method: 'get',
      path: '/v1/orders/:orderId/history',
      says: 'Its steps after `sinceSeq`; those you may not see are only counted.',
      roles: EVERYONE,
      limit: 'read',
      query: z.strictObject({ sinceSeq: QueryNumber(0, 1_000_000).default(0) }),
      async run({ params, query }, user) {
        const { events } = await orders.since(
          principalOf(user),
          params.orderId as string,
          query.sinceSeq,
        );
        return { events };
      },
    }),

    route({
      method: 'post',
      path: '/v1/orders/:orderId/commands',
      says: 'Send a command; a retry under the same commandId is answered with the first result. With `ifSeq` it is taken at that step or refused as moved_on.',
      roles: EVERYONE,
      limit: 'command',
      body: OrderCommandBody,
      raw: true,
      run({ params, raw }, user) {
        const { commandId, ifSeq, ...input } = parse(AnyCommand, raw);
        const command = parseOrderCommand(input);
        return orders.command(user, params.orderId as string, command, commandId, ifSeq);
      },
    }),
  ];
}
