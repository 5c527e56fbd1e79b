import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import { Failure, Skeleton } from '../../kit/elements.tsx';
import { toMoney } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useCustomer } from '../customer-context.tsx';
import { OrderRow } from '../orders/orders-page.tsx';
import type { Places } from '../state/city.ts';
import { goodsCents, linesOf } from './basket.ts';
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
  const first = places.stores.find((each) => each.zone === places.zones[0]?.zone);
  const store = places.stores.find((each) => each.storeId === storeId) ?? first;
  const zone = places.zones.find((each) => each.zone === store?.zone);
  if (!store || !zone) return <p class="empty">There is no store here yet.</p>;
  return (
    <div class="shop">
      <div class="stack">
        <h1>What can we bring you?</h1>
        <StorePicker places={places} chosen={store.storeId} />
        <ProductList key={store.storeId} store={store} currency={zone.currency} />
        <ToBasket store={store} zone={zone} />
      </div>
      <Checkout key={store.storeId} store={store} zone={zone} />
    </div>
  );
}

/** On a phone the basket is far below: what is in it, and the way there, stay in sight. */
function ToBasket({ store, zone }: { store: StoreView; zone: ZoneView }) {
  const { city, placing } = useCustomer();
  const shelf = city.products(store.storeId).state.value;
  const basket = placing.draft.value.baskets[store.storeId];
  const lines = linesOf(shelf.is === 'here' ? shelf.value : [], basket);
  const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  if (count === 0) return null;
  return (
    <a href="#checkout" class="button primary big to-basket">
      To the basket
      <span class="num">
        {count} · {toMoney(goodsCents(lines), zone.currency)}
      </span>
    </a>
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
