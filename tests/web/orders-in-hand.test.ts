import { describe, expect, it } from '@jest/globals';
import type { OrderHandlers } from '../../src/client/watches.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrderView } from '../../src/protocol/orders.ts';
import type { News } from '../../web/src/driver/state/news.ts';
import { createOrdersInHand } from '../../web/src/driver/state/orders-in-hand.ts';

const ORDER = { orderId: 'o1', totalCents: 100, currency: 'EUR' };
const orderAt = (seq: number, state: string) => ({ ...ORDER, seq, state }) as OrderView;

/** A driver's line, and what the driver was told. */
function driverOn() {
  let give = (_order: OrderView) => {};
  let watch: OrderHandlers | undefined;
  const told: string[] = [];
  const client = {
    on(_name: string, listener: typeof give) {
      give = listener;
      return () => {};
    },
    watchOrder(_orderId: string, handlers: OrderHandlers) {
      watch = handlers;
      return () => {
        watch = undefined;
      };
    },
  } as unknown as WaybillClient;
  const news = { tell: (_tone: string, text: string) => void told.push(text) } as unknown as News;
  const { orders } = createOrdersInHand(client, { me: 'd1', news });
  return {
    ...{ orders, told },
    give: (order: OrderView) => give(order),
    step: (seq: number, to: string) =>
      watch?.onEvent?.({ orderId: 'o1', seq, to, at: 0, driverId: 'd1' } as never),
    isWatching: () => watch !== undefined,
  };
}

describe('the orders in a driver’s hands', () => {
  it('[WEB42] do not go back to what was read before the last step', () => {
    const { orders, give, step } = driverOn();
    give(orderAt(3, 'preparing.toStore'));
    step(4, 'preparing.atStore');
    give(orderAt(3, 'preparing.toStore'));
    expect(orders.value.map(({ seq, state }) => ({ seq, state }))).toEqual([
      { seq: 4, state: 'preparing.atStore' },
    ]);
  });

  it('[WEB42] are told to be over once, whatever comes late', () => {
    const { orders, told, give, step, isWatching } = driverOn();
    give(orderAt(6, 'outForDelivery.atDoor'));
    step(7, 'delivered');
    give(orderAt(6, 'outForDelivery.atDoor'));
    give(orderAt(7, 'delivered'));
    expect(orders.value).toEqual([]);
    expect(isWatching()).toBe(false);
    expect(told).toHaveLength(1);
    // Given to the same driver anew.
    give(orderAt(9, 'preparing.toStore'));
    expect(orders.value).toHaveLength(1);
  });
});
