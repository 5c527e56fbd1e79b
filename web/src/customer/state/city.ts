import { computed, type ReadonlySignal } from '@preact/signals';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { ProductView, StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import { createLoading, type Loaded, type Loading } from './loaded.ts';

export interface Places {
  zones: ZoneView[];
  stores: StoreView[];
}

/** Where we deliver, from whom, and what they have; asked for once. */
export interface City {
  readonly places: ReadonlySignal<Loaded<Places>>;
  /** Begins to ask, or asks again after a failure. */
  load(): void;
  products(storeId: string): Loading<ProductView[]>;
  /** Reads a signal: whoever calls it while drawing is drawn again when the name is known. */
  storeName(storeId: string): string;
}

export function createCity(client: WaybillClient): City {
  const places = createLoading(async (): Promise<Places> => {
    const [{ zones }, { stores }] = await Promise.all([
      client.http<{ zones: ZoneView[] }>('GET', '/v1/zones'),
      client.http<{ stores: StoreView[] }>('GET', '/v1/stores'),
    ]);
    return { zones, stores };
  });
  const names = computed(() => {
    const { value } = places.state;
    const stores = value.is === 'here' ? value.value.stores : [];
    return new Map(stores.map(({ storeId, name }) => [storeId, name]));
  });
  const shelves = new Map<string, Loading<ProductView[]>>();
  places.load();

  return {
    places: places.state,
    load: places.load,
    products(storeId) {
      const known = shelves.get(storeId);
      if (known) return known;
      const shelf = createLoading(async () => {
        const path = `/v1/stores/${encodeURIComponent(storeId)}/products`;
        return (await client.http<{ products: ProductView[] }>('GET', path)).products;
      });
      shelves.set(storeId, shelf);
      shelf.load();
      return shelf;
    },
    storeName: (storeId) => names.value.get(storeId) ?? 'the store',
  };
}
