import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Link, WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OrdersPage, OrderView } from '../../../../src/protocol/orders.ts';
import { explain } from '../explain.ts';
import { isOver } from '../order/order-story.ts';

/** This customer's orders, newest first: page by page, those under way kept up to date. */
export interface MyOrders {
  readonly all: ReadonlySignal<OrderView[] | undefined>;
  readonly live: ReadonlySignal<OrderView[]>;
  readonly hasMore: ReadonlySignal<boolean>;
  readonly problem: ReadonlySignal<string | undefined>;
  readonly busy: ReadonlySignal<boolean>;
  /** The next older page. */
  more(): Promise<void>;
  /** The newest page again, without losing the older ones. */
  refresh(): Promise<void>;
  start(): () => void;
}

const PAGE = 20;

export function createMyOrders(client: WaybillClient, link: Signal<Link>): MyOrders {
  const known = signal<Map<string, OrderView> | undefined>(undefined);
  const cursor = signal<string | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const busy = signal(false);
  const watched = new Map<string, () => void>();
  let asksOlder = false;

  const all = computed(() => {
    const orders = known.value && [...known.value.values()];
    return orders?.sort((a, b) => b.placedAt - a.placedAt || (a.orderId < b.orderId ? 1 : -1));
  });
  const live = computed(() => (all.value ?? []).filter(({ state }) => !isOver(state)));

  function take(orders: readonly OrderView[]): void {
    const next = new Map(known.peek());
    for (const order of orders) {
      const before = next.get(order.orderId);
      if (!before || before.seq <= order.seq) next.set(order.orderId, order);
    }
    known.value = next;
  }

  async function ask(before: string | undefined): Promise<void> {
    if (busy.peek()) return;
    busy.value = true;
    const at = before === undefined ? '' : `&cursor=${encodeURIComponent(before)}`;
    try {
      const page = await client.http<OrdersPage>('GET', `/v1/orders?limit=${PAGE}${at}`);
      take(page.orders);
      // The newest page, read again, does not forget how far back one has looked.
      if (before !== undefined || !asksOlder) cursor.value = page.nextCursor;
      asksOlder ||= before !== undefined;
      problem.value = undefined;
    } catch (error) {
      problem.value = explain(error);
    }
    busy.value = false;
  }

  /** Follows what is under way, and nothing else. */
  function follow(orders: readonly OrderView[]): void {
    const wanted = new Set(orders.map(({ orderId }) => orderId));
    for (const [orderId, stop] of watched) {
      if (wanted.has(orderId)) continue;
      watched.delete(orderId);
      stop();
    }
    for (const orderId of wanted) {
      if (watched.has(orderId)) continue;
      watched.set(
        orderId,
        client.watchOrder(orderId, {
          onSnapshot: (order) => take([order]),
          onEvent({ seq, to }) {
            const order = known.peek()?.get(orderId);
            if (order) take([{ ...order, seq, state: to }]);
          },
        }),
      );
    }
  }

  return {
    all,
    live,
    hasMore: computed(() => cursor.value !== undefined),
    problem,
    busy,
    more: () => (cursor.peek() === undefined ? Promise.resolve() : ask(cursor.peek())),
    refresh: () => ask(undefined),
    start() {
      const stops = [
        effect(() => follow(live.value)),
        // Another of this customer's devices may have placed one meanwhile.
        effect(() => {
          if (link.value.state === 'live') void ask(undefined);
        }),
      ];
      return () => {
        for (const stop of stops) stop();
        follow([]);
      };
    },
  };
}
