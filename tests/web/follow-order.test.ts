import { expect, it } from '@jest/globals';
import type { OrderHandlers } from '../../src/client/watches.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrderView } from '../../src/protocol/orders.ts';
import { followOrder } from '../../web/src/customer/order/follow-order.ts';

const ORDER = {
  ...{ orderId: 'o1', seq: 7, state: 'outForDelivery.enRoute', etaAt: 600_000 },
} as OrderView;

it('[CAT9] [WEB51] expects an order by where its driver is now, as an onlooker does', () => {
  let tell = (_: unknown) => {};
  const client = {
    watchOrder(_: string, { onSnapshot }: OrderHandlers) {
      onSnapshot?.(ORDER);
      return () => {};
    },
    on(_: string, fn: typeof tell) {
      tell = fn;
      return () => {};
    },
  } as unknown as WaybillClient;
  const followed = followOrder(client, 'o1');
  followed.start();
  tell({ orderId: 'another', lat: 0, lng: 0, at: 1, etaAt: 1 });
  expect(followed.order.value?.etaAt).toBe(600_000);
  tell({ orderId: 'o1', lat: 38.71, lng: -9.13, at: 2, etaAt: 420_000 });
  expect(followed.order.value?.etaAt).toBe(420_000);
  tell({ orderId: 'o1', lat: 38.71, lng: -9.13, at: 3 });
  expect(followed.order.value?.etaAt).toBe(420_000);
});
