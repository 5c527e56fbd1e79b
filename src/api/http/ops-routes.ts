import { z } from 'zod';
import { searchOf } from '../../dispatch/explanations.ts';
import { AppError } from '../../errors.ts';
import type { BoardView, WhyView } from '../../protocol/operators.ts';
import type { ApiContext } from '../context.ts';
import { presentAlarm, presentDriver } from '../presenters/present-others.ts';
import { Id, Instant, QueryFlag, QueryNumber } from '../schemas/common.ts';
import { parse } from '../schemas/parse.ts';
import { principalOf } from '../services/people.ts';
import type { Services } from '../services/services.ts';
import { PageQuery } from './order-routes.ts';
import { type Route, route } from './route.ts';

const OPERATORS = ['operator'] as const;
const MAX_NAMES = 100;

/** What operators see beyond single orders; they step in through the commands of orders and shifts. */
export function opsRoutes(
  ctx: ApiContext,
  { orders, records, people, numbers }: Services,
): Route[] {
  const { store, dispatch } = ctx;
  const { alarms, explanations } = dispatch;

  return [
    route({
      method: 'get',
      path: '/v1/ops/board',
      says: 'Orders that are not over, newest first, and how many are in which state.',
      roles: OPERATORS,
      limit: 'read',
      query: PageQuery.extend({ zone: Id.optional() }),
      async run({ query }, user): Promise<BoardView> {
        const where: Record<string, string> = query.zone === undefined ? {} : { zone: query.zone };
        const [counts, page] = await Promise.all([
          store.countByState('order', where),
          orders.list(principalOf(user), { ...query, live: true }),
        ]);
        return { counts, ...page };
      },
    }),

    route({
      method: 'get',
      path: '/v1/ops/fleet',
      says: 'Drivers on duty: where they are, what they carry, since when they are silent.',
      roles: OPERATORS,
      limit: 'read',
      query: z.strictObject({ zone: Id.optional() }),
      async run({ query }) {
        const drivers = await dispatch.drivers(query.zone);
        return {
          drivers: await Promise.all(
            drivers.map(async (driver) =>
              presentDriver(driver, await people.name(driver.driverId)),
            ),
          ),
        };
      },
    }),

    route({
      method: 'get',
      path: '/v1/ops/names',
      says: 'Names of people by their ids, comma-separated, at most 100; ids nobody has are left out.',
      roles: OPERATORS,
      limit: 'read',
      query: z.strictObject({
        ids: z
          .string()
          .min(1)
          .max(MAX_NAMES * 129),
      }),
      async run({ query }): Promise<{ names: Record<string, string> }> {
        const ids = parse(z.array(Id).max(MAX_NAMES), query.ids.split(','));
        return { names: await people.names(ids) };
      },
    }),

    route({
      method: 'get',
      path: '/v1/ops/alarms',
      says: 'What needs someone, oldest first.',
      roles: OPERATORS,
      limit: 'read',
      query: z.strictObject({
        open: QueryFlag.default(true),
        zone: Id.optional(),
        limit: QueryNumber(1, 500).default(100),
      }),
      async run({ query: { open, zone, limit } }) {
        const found = await alarms.list({ open, limit, ...(zone === undefined ? {} : { zone }) });
        return { alarms: found.map(presentAlarm) };
      },
    }),

    route({
      method: 'post',
      path: '/v1/ops/alarms/:alarmId/acknowledge',
      says: 'I have seen it.',
      roles: OPERATORS,
      limit: 'command',
      run: async ({ params }, { userId }) =>
        presentAlarm(await alarms.acknowledge(params.alarmId as string, userId)),
    }),

    route({
      method: 'post',
      path: '/v1/ops/alarms/:alarmId/snooze',
      says: 'Not before then.',
      roles: OPERATORS,
      limit: 'command',
      body: z.strictObject({ untilAt: Instant }),
      run: async ({ params, body }) =>
        presentAlarm(await alarms.snooze(params.alarmId as string, body.untilAt)),
    }),

    route({
      method: 'post',
      path: '/v1/ops/alarms/:alarmId/claim',
      says: 'I deal with it: one operator at a time; over `from`, the operator who has it.',
      roles: OPERATORS,
      limit: 'command',
      body: z.strictObject({ from: Id.optional() }).default({}),
      run: async ({ params, body }, { userId }) =>
        presentAlarm(await alarms.claim(params.alarmId as string, userId, body.from)),
    }),

    route({
      method: 'post',
      path: '/v1/ops/alarms/:alarmId/give-back',
      says: 'I do not deal with it any more: anyone may.',
      roles: OPERATORS,
      limit: 'command',
      run: async ({ params }, { userId }) =>
        presentAlarm(await alarms.giveBack(params.alarmId as string, userId)),
    }),

    route({
      method: 'get',
      path: '/v1/ops/orders/:orderId/record',
      says: 'Every step as it was taken, PINs masked: enough to take the order through its machine again.',
      roles: OPERATORS,
      limit: 'read',
      run: ({ params }) => records.read(params.orderId as string),
    }),

    route({
      method: 'get',
      path: '/v1/ops/numbers',
      says: 'What became of the orders placed in the last hours: time to assign, offers, promises, failed searches.',
      roles: OPERATORS,
      limit: 'read',
      query: z.strictObject({ hours: QueryNumber(1, 48).default(6), zone: Id.optional() }),
      run: ({ query }) => numbers.of(query.hours, query.zone),
    }),

    route({
      method: 'get',
      path: '/v1/ops/offers/:offerId/why',
      says: 'Why this driver: who was considered, how they ranked, why others were left out.',
      roles: OPERATORS,
      limit: 'read',
      async run({ params }) {
        const found = await explanations.get(params.offerId as string);
        if (!found) throw new AppError('not_found', `nothing is known of offer ${params.offerId}`);
        const { _id, ...explanation } = found;
        return { offerId: _id, ...explanation } satisfies WhyView;
      },
    }),

    route({
      method: 'get',
      path: '/v1/ops/orders/:orderId/search',
      says: 'Why nobody was asked: who was in reach when a look last found nobody, and why each was left out; null when none did.',
      roles: OPERATORS,
      limit: 'read',
      async run({ params }): Promise<{ look: WhyView | null }> {
        const found = await explanations.get(searchOf(params.orderId as string));
        if (!found) return { look: null };
        const { _id, ...look } = found;
        return { look };
      },
    }),
  ];
}
