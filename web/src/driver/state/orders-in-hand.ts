import { type ReadonlySignal, signal } from '@preact/signals';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OrderEventView, OrderView } from '../../../../src/protocol/orders.ts';
import { endOfOrder } from '../words.ts';
import type { News } from './news.ts';

/** The orders that this driver carries, each watched from being given to being gone. */
export interface OrdersInHand {
  /** By when they were accepted, first one first. */
  readonly orders: ReadonlySignal<readonly OrderView[]>;
}

const OVER = new Set(['delivered', 'cancelled', 'returned']);

export function createOrdersInHand(
  client: WaybillClient,
  { me, news }: { me: string; news: News },
): OrdersInHand {
  const orders = signal<readonly OrderView[]>([]);
  const watches = new Map<string, () => void>();
  /** The step with which an order left this driver's hands: what was read before it says nothing new. */
  const goneAt = new Map<string, number>();

  function show(order: OrderView): void {
    if (OVER.has(order.state)) {
      drop(order, { isMine: true });
      return;
    }
    const known = orders.value.find(({ orderId }) => orderId === order.orderId);
    // Read before a step that was told since.
    if (known && known.seq > order.seq) return;
    orders.value = known
      ? orders.value.map((each) => (each.orderId === order.orderId ? order : each))
      : [...orders.value, order];
  }

  function drop(order: OrderView, { isMine }: { isMine: boolean }, step?: OrderEventView): void {
    watches.get(order.orderId)?.();
    watches.delete(order.orderId);
    goneAt.set(order.orderId, order.seq);
    orders.value = orders.value.filter(({ orderId }) => orderId !== order.orderId);
    const { tone, text } = endOfOrder(order, { isMine, me, step });
    news.tell(tone, text);
  }

  function take(orderId: string, step: OrderEventView): void {
    const order = orders.value.find((each) => each.orderId === orderId);
    if (!order) return;
    const after = {
      ...order,
      ...{ seq: step.seq, state: step.to },
      ...(step.type === 'store.ready' ? { storeReadyAt: step.at } : {}),
      ...(step.type === 'order.pickUp' ? { pickedUpAt: step.at } : {}),
      ...(step.type === 'order.atRisk' ? { health: 'atRisk' as const } : {}),
      ...(step.type === 'order.late' ? { health: 'late' as const } : {}),
    };
    if (step.driverId !== me) drop(after, { isMine: false }, step);
    else if (OVER.has(step.to)) drop(after, { isMine: true }, step);
    else show(after);
  }

  client.on('order:snapshot', (order) => {
    const { orderId } = order;
    if (order.seq <= (goneAt.get(orderId) ?? 0)) return;
    show(order);
    if (OVER.has(order.state) || watches.has(orderId)) return;
    watches.set(
      orderId,
      client.watchOrder(orderId, {
        onSnapshot: show,
        onEvent: (step) => take(orderId, step),
        onLost() {
          const lost = orders.value.find((each) => each.orderId === orderId);
          if (lost) drop(lost, { isMine: false });
        },
      }),
    );
  });

  return { orders };
}
