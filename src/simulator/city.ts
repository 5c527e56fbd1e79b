import type { WaybillClient } from '../client/waybill-client.ts';
import type { ProductView, StoreView } from '../protocol/catalog.ts';
import { metersBetween } from './ground.ts';
import type { City, Neighbourhood } from './scenario.ts';

/** Products of one store that a day's orders choose from. */
const ASSORTMENT = 12;

/** Reads the server's stores; the neighbourhood furthest from all others is left without drivers. */
export async function readCity(client: WaybillClient): Promise<City> {
  const { stores } = await client.http<{ stores: StoreView[] }>('GET', '/v1/stores');
  const zones = new Map<string, Neighbourhood>();
  for (const { storeId, zone, lat, lng } of stores) {
    const { products } = await client.http<{ products: ProductView[] }>(
      'GET',
      `/v1/stores/${storeId}/products`,
    );
    const found = zones.get(zone) ?? { zone, stores: [], driverless: false };
    zones.set(zone, found);
    const productIds = products.slice(0, ASSORTMENT).map((product) => product.productId);
    found.stores.push({ storeId, lat, lng, productIds });
  }
  const neighbourhoods = [...zones.values()];
  const remoteness = (one: Neighbourhood) =>
    Math.min(
      ...neighbourhoods
        .filter((other) => other !== one)
        .flatMap((other) =>
          other.stores.flatMap((a) => one.stores.map((b) => metersBetween(a, b))),
        ),
    );
  const [remotest] = neighbourhoods.toSorted((a, b) => remoteness(b) - remoteness(a));
  if (remotest && neighbourhoods.length > 1) remotest.driverless = true;
  return { neighbourhoods };
}
