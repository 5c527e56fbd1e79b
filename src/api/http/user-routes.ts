import { AppError } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { presentUser } from '../presenters/present-others.ts';
import { BanBody, NewUserBody } from '../schemas/user-schemas.ts';
import type { Services } from '../services/services.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { type Route, route } from './route.ts';

export function userRoutes(
  { accounts, catalog }: ApiContext,
  { people, shifts }: Services,
): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/users',
      says: 'Make an account for a driver, an operator or a store. A retry under the same Idempotency-Key is the same account.',
      roles: ['operator'],
      limit: 'command',
      body: NewUserBody,
      status: 201,
      async run({ body, koa }, operator) {
        if (body.role === 'store' && !(await catalog.store(body.storeId))) {
          throw new AppError('not_found', `no store ${body.storeId}`);
        }
        const { role, email, password, name } = body;
        const key = idempotencyKeyOf(koa);
        const user = {
          ...{ role, email, password, name },
          ...(body.role === 'store' ? { storeId: body.storeId } : {}),
          ...(body.role === 'driver' && body.capacity ? { capacity: body.capacity } : {}),
        };
        return presentUser(
          await accounts.addUser(user, key && `operator/${operator.userId}/${key}`),
        );
      },
    }),

    route({
      method: 'post',
      path: '/v1/users/:userId/ban',
      says: 'Ban or pardon: a banned driver goes off duty, all sessions end.',
      roles: ['operator'],
      limit: 'command',
      body: BanBody,
      async run({ params, body }, operator) {
        const user = await accounts.setBanned(params.userId as string, body.banned);
        if (body.banned && user.role === 'driver') {
          await shifts.endFor(user._id, operator, 'banned');
        }
        people.changed(user._id);
        return presentUser(user);
      },
    }),
  ];
}
