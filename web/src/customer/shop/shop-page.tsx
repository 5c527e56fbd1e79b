import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Failure, Skeleton } from '../../kit/elements.tsx';
import { toMoney } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useCustomer } from '../customer-context.tsx';
import { OrderRow } from '../orders/orders-page.tsx';
import type { Places } from '../state/city.ts';
import { Checkout } from './checkout.tsx';
import { ProductList } from './product-list.tsx';
import { StorePicker } from './store-picker.tsx';

/** Choose a store and goods, say where to, place the order. */
export function ShopPage() {
  const { city, placing, orders } = useCustomer();
  const { route } = useLocation();
  useEffect(
    () =>
      placing.onPlaced((order) => {
        toast(`Placed: ${toMoney(order.totalCents, order.currency)}.`);
        void orders.refresh();
        route(`/orders/${order.orderId}`);
      }),
    [placing, orders],
  );

  const places = city.places.value;
  return (
    <>
      <UnderWay />
      {places.is === 'loading' && <Skeleton lines={8} />}
      {places.is === 'failed' && <Failure message={places.why} onRetry={city.load} />}
      {places.is === 'here' && <Shop places={places.value} />}
    </>
  );
}

function Shop({ places }: { places: Places }) {
  const { placing } = useCustomer();
  const { storeId } = placing.draft.value;
  const store = places.stores.find((each) => each.storeId === storeId) ?? places.stores[0];
  const zone = places.zones.find((each) => each.zone === store?.zone);
  if (!store || !zone) return <p class="empty">There is no store here yet.</p>;
  return (
    <div class="shop">
      <div class="stack">
        <h1>What can we bring you?</h1>
        <StorePicker places={places} chosen={store.storeId} />
        <ProductList key={store.storeId} store={store} currency={zone.currency} />
      </div>
      <Checkout key={store.storeId} store={store} zone={zone} />
    </div>
  );
}

/** Whoever waits for an order comes to see that one. */
function UnderWay() {
  const { orders } = useCustomer();
  const live = orders.live.value;
  if (live.length === 0) return null;
  return (
    <section aria-label="Under way" class="under-way">
      <ul class="card order-list">
        {live.slice(0, 3).map((order) => (
          <OrderRow key={order.orderId} order={order} />
        ))}
      </ul>
      {live.length > 3 && <a href="/orders">And {live.length - 3} more</a>}
    </section>
  );
}
