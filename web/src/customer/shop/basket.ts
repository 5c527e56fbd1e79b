import type { ProductView } from '../../../../src/protocol/catalog.ts';
import type { PlaceOrder } from '../../../../src/protocol/orders.ts';
import type { Draft } from '../state/draft.ts';
import type { Placing } from '../state/placing.ts';

/** One kind of goods in the basket, at the server's price. */
export interface Line {
  product: ProductView;
  quantity: number;
}

/** What is in a store's basket and to be had, in the order of the shelf. Pure. */
export const linesOf = (
  products: readonly ProductView[],
  basket: Record<string, number> | undefined,
): Line[] =>
  products.flatMap((product) => {
    const quantity = basket?.[product.productId] ?? 0;
    return quantity > 0 && product.available ? [{ product, quantity }] : [];
  });

export const goodsCents = (lines: readonly Line[]): number =>
  lines.reduce((sum, { product, quantity }) => sum + quantity * product.unitCents, 0);

export function setQuantity(
  { draft, change }: Placing,
  storeId: string,
  productId: string,
  quantity: number,
): void {
  const { baskets } = draft.peek();
  const { [productId]: _, ...others } = baskets[storeId] ?? {};
  const basket = quantity > 0 ? { ...others, [productId]: quantity } : others;
  change({ baskets: { ...baskets, [storeId]: basket } });
}

/** The draft as the server takes it. Pure. @throws {TypeError} without a drop-off */
export function toOrder(storeId: string, draft: Draft, lines: readonly Line[]): PlaceOrder {
  if (!draft.dropoff) throw new TypeError('where to?');
  const note = draft.note.trim();
  // The field has no zone: it means the viewer's.
  const searchAt = draft.later === '' ? undefined : new Date(draft.later).getTime();
  return {
    storeId,
    items: lines.map(({ product, quantity }) => ({ productId: product.productId, quantity })),
    dropoff: draft.dropoff,
    address: draft.address.trim(),
    ...(note === '' ? {} : { note }),
    ...(searchAt === undefined ? {} : { searchAt }),
  };
}
