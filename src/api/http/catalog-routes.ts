import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { presentProduct, presentStore, presentZone } from '../presenters/present-others.ts';
import { Id } from '../schemas/common.ts';
import { EVERYONE, type Route, route } from './route.ts';

export function catalogRoutes({ catalog }: ApiContext): Route[] {
  return [
    route({
      method: 'get',
      path: '/v1/zones',
      says: 'Where we deliver.',
      roles: EVERYONE,
      run: async () => ({ zones: (await catalog.zones()).map(presentZone) }),
    }),

    route({
      method: 'get',
      path: '/v1/stores',
      says: 'From whom, everywhere or in one zone.',
      roles: EVERYONE,
      query: z.strictObject({ zone: Id.optional() }),
      run: async ({ query }) => ({
        stores: (await catalog.stores(query.zone)).map(presentStore),
      }),
    }),

    route({
      method: 'get',
      path: '/v1/stores/:storeId/products',
      says: 'What a store has, with prices.',
      roles: EVERYONE,
      async run({ params }) {
        const storeId = params.storeId as string;
        if (!(await catalog.store(storeId))) throw new AppError('not_found', `no store ${storeId}`);
        return { products: (await catalog.products(storeId)).map(presentProduct) };
      },
    }),
  ];
}
