import type { ProductView, StoreView } from '../../../../src/protocol/catalog.ts';
import { Empty, Failure, Skeleton } from '../../kit/elements.tsx';
import { toMoney } from '../../kit/format.ts';
import { useCustomer } from '../customer-context.tsx';
import { setQuantity } from './basket.ts';

const MOST = 99;

/** What a store has, with the server's prices, and how many of each are in the basket. */
export function ProductList({ store, currency }: { store: StoreView; currency: string }) {
  const { city, placing } = useCustomer();
  const shelf = city.products(store.storeId);
  const found = shelf.state.value;
  if (found.is === 'loading') return <Skeleton lines={8} />;
  if (found.is === 'failed') return <Failure message={found.why} onRetry={shelf.load} />;
  if (found.value.length === 0) return <Empty title={`${store.name} has nothing today`} />;
  const basket = placing.draft.value.baskets[store.storeId] ?? {};
  return (
    <ul class="products">
      {found.value.map((product) => (
        <li key={product.productId} class="card">
          <span class="name">{product.name}</span>
          <span class="num price">{toMoney(product.unitCents, currency)}</span>
          {product.available ? (
            <Stepper
              product={product}
              quantity={basket[product.productId] ?? 0}
              onChange={(quantity) =>
                setQuantity(placing, store.storeId, product.productId, quantity)
              }
            />
          ) : (
            <span class="small quiet">Sold out</span>
          )}
        </li>
      ))}
    </ul>
  );
}

/** One more, one less. Always as wide, so that nothing moves under the finger. */
function Stepper(props: {
  product: ProductView;
  quantity: number;
  onChange(quantity: number): void;
}) {
  const { product, quantity, onChange } = props;
  return (
    <span class="stepper">
      <button
        type="button"
        class="button compact"
        aria-label={`One less of ${product.name}`}
        disabled={quantity === 0}
        onClick={() => onChange(quantity - 1)}
      >
        −
      </button>
      <output class="num" aria-label={`${product.name} in the basket`}>
        {quantity}
      </output>
      <button
        type="button"
        class="button compact"
        aria-label={`One more of ${product.name}`}
        disabled={quantity >= MOST}
        onClick={() => onChange(quantity + 1)}
      >
        +
      </button>
    </span>
  );
}
