import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Empty, Failure, Skeleton, Time } from '../../kit/elements.tsx';
import { toCount, toMoney } from '../../kit/format.ts';
import { useCustomer } from '../customer-context.tsx';
import { isOver, tell } from '../order/order-story.ts';

/** Everything this customer ever ordered, newest first, a page at a time. */
export function OrdersPage() {
  const { orders } = useCustomer();
  const all = orders.all.value;
  const problem = orders.problem.value;
  const live = orders.live.value;
  const past = (all ?? []).filter(({ state }) => isOver(state));
  return (
    <div class="narrow stack">
      <h1>My orders</h1>
      {problem && <Failure message={problem} onRetry={() => void orders.refresh()} />}
      {!all && !problem && <Skeleton lines={5} />}
      {all?.length === 0 && (
        <Empty title="No orders yet">
          <a href="/">See what there is</a>
        </Empty>
      )}
      {live.length > 0 && <OrderList title="Under way" orders={live} />}
      {past.length > 0 && <OrderList title="Before" orders={past} />}
      {orders.hasMore.value && (
        <button
          type="button"
          class="button wide"
          disabled={orders.busy.value}
          onClick={() => void orders.more()}
        >
          Older orders
        </button>
      )}
    </div>
  );
}

function OrderList({ title, orders }: { title: string; orders: readonly OrderView[] }) {
  return (
    <section class="stack">
      <h2>{title}</h2>
      <ul class="card order-list">
        {orders.map((order) => (
          <OrderRow key={order.orderId} order={order} />
        ))}
      </ul>
    </section>
  );
}

const BADGE = { calm: 'info', good: 'good', warn: 'warn', bad: '' } as const;

export function OrderRow({ order }: { order: OrderView }) {
  const { city } = useCustomer();
  const storeName = city.storeName(order.storeId);
  // Which store is said beside it.
  const { headline, tone } = tell({ ...order, storeName: 'the store', isPacked: false });
  return (
    <li>
      <a href={`/orders/${encodeURIComponent(order.orderId)}`}>
        <span class="what">
          <strong>{storeName}</strong>
          <span class="quiet small">
            <Time at={order.placedAt} /> · {toCount(order.itemCount, 'item')}
          </span>
        </span>
        <span class={`badge ${BADGE[tone]}`}>{headline}</span>
        <span class="num sum">{toMoney(order.totalCents, order.currency)}</span>
      </a>
    </li>
  );
}
