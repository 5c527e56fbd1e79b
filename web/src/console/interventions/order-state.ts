import type { State } from '../../../../machines/common.ts';
import { orderMachine } from '../../../../machines/order-machine.ts';
import { contextOf } from '../../../../machines/order-readers.ts';
import type { OrderContext } from '../../../../machines/order-types.ts';
import { initialState } from '../../../../machines/pure-step.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';

/** States in which nothing can happen any more. */
const OVER = new Set(['delivered', 'cancelled', 'returned']);

export const isOver = (order: Pick<OrderView, 'state'>): boolean => OVER.has(order.state);

/**
 * The machine's state of an order that only its view is known of: enough to ask the machine what an
 * operator may do. What a view lacks (policy, PIN, who is excluded) decides nothing of that.
 */
export function stateOfView(order: OrderView): State {
  return {
    status: isOver(order) ? 'done' : 'active',
    value: valueOfPath(order.state),
    context: contextOfView(order),
  };
}

/** `pending.offered` → `{ pending: 'offered' }`. */
const valueOfPath = (state: string): unknown =>
  state
    .split('.')
    .reverse()
    .reduce<unknown>((inner, key) => (inner === undefined ? key : { [key]: inner }), undefined);

function contextOfView(order: OrderView): OrderContext {
  const { driverId, offers = [] } = order;
  const known = { orderId: order.orderId, zone: order.zone, storeId: order.storeId };
  return {
    ...contextOf(initialState(orderMachine)),
    ...known,
    ...{ placedAt: order.placedAt, promisedAt: order.promisedAt, etaAt: order.etaAt },
    ...{ pickup: order.pickup, dropoff: order.dropoff, health: order.health },
    searchAt: order.searchAt ?? order.placedAt,
    storeReadyAt: order.storeReadyAt ?? null,
    pickedUpAt: order.pickedUpAt ?? null,
    offers: offers.map(({ offerId, driverId, offeredAt, expiresAt }) => ({
      ...{ offerId, driverId, offeredAt, expiresAt, closesAt: expiresAt, seenBy: expiresAt },
      ...{ slot: 0, capacity: 1 },
    })),
    assignment:
      driverId === undefined
        ? null
        : { driverId, slot: 0, capacity: 1, acceptedAt: order.placedAt, forced: false },
  };
}
