import type { Point } from '../../machines/common.ts';
import type { OpenDocuments } from '../documents.ts';
import { PRODUCTS, STORES, ZONES } from './collections.ts';

/** A small city that a first start can deliver in. Places are made up; the map is Lisbon's. */
const CITY = [
  {
    id: 'baixa',
    name: 'Baixa',
    centre: { lat: 38.7115, lng: -9.138 },
    stores: ['Mercado da Ribeira', 'Mercearia Augusta', 'Frutaria Rossio'],
  },
  {
    id: 'avenidas',
    name: 'Avenidas Novas',
    centre: { lat: 38.737, lng: -9.147 },
    stores: ['Supermercado Saldanha', 'Talho da República'],
  },
  {
    id: 'alvalade',
    name: 'Alvalade',
    centre: { lat: 38.755, lng: -9.143 },
    stores: ['Mercado de Alvalade', 'Padaria Roma'],
  },
  {
    // Further from the others than any search reaches: where an operator is needed.
    id: 'sacavem',
    name: 'Sacavém',
    centre: { lat: 38.795, lng: -9.03 },
    stores: ['Mercearia do Tejo'],
  },
] as const;

const GOODS: readonly [name: string, unitCents: number][] = [
  ['Milk, 1 l', 119],
  ['Sourdough loaf', 349],
  ['Eggs, a dozen', 289],
  ['Bananas, 1 kg', 145],
  ['Tomatoes, 500 g', 169],
  ['Olive oil, 750 ml', 899],
  ['Rice, 1 kg', 175],
  ['Chicken breast, 600 g', 529],
  ['Butter, 250 g', 259],
  ['Coffee, 250 g', 449],
  ['Mineral water, 6 × 1.5 l', 269],
  ['Dish soap', 199],
];

const PAY = { baseCents: 310, perKmCents: 95 };

/** From the centre to each side, degrees: some four kilometres. */
const HALF_SIDE = { lat: 0.036, lng: 0.046 };

/**
 * Writes the small city. Documents that exist are left as they are, so that it may run twice, and
 * over a price that someone has changed; only what zones of an older city do not say is added.
 * @returns how many documents were new or completed
 */
export async function seedCity(open: OpenDocuments): Promise<number> {
  const zones = open(ZONES);
  const stores = open(STORES);
  const products = open(PRODUCTS);
  let written = 0;
  const count = (isWritten: boolean) => {
    if (isWritten) written++;
  };

  for (const { id, name, centre, stores: names } of CITY) {
    const isNew = await zones.insert({
      _id: id,
      name,
      polygon: squareAround(centre),
      currency: 'EUR',
      feeCents: 290,
      pay: PAY,
      promiseMs: 45 * 60_000,
      speedMetersPerMinute: 300,
      policy: {},
    });
    count(isNew || (await zones.update(id, { pay: PAY }, { pay: undefined })));
    for (const [index, storeName] of names.entries()) {
      const storeId = `${id}-${index + 1}`;
      const lat = centre.lat + (index - 1) * 0.004;
      const lng = centre.lng + (index % 2) * 0.005;
      count(
        await stores.insert({
          _id: storeId,
          name: storeName,
          zone: id,
          lat,
          lng,
          handlingMs: 8 * 60_000,
        }),
      );
      for (const [n, [productName, unitCents]] of GOODS.entries()) {
        const _id = `${storeId}-p${n + 1}`;
        const price = unitCents + index * 10;
        count(
          await products.insert({
            ...{ _id, storeId, name: productName },
            ...{ unitCents: price, available: true },
          }),
        );
      }
    }
  }
  return written;
}

const squareAround = ({ lat, lng }: Point): Point[] => [
  { lat: lat - HALF_SIDE.lat, lng: lng - HALF_SIDE.lng },
  { lat: lat - HALF_SIDE.lat, lng: lng + HALF_SIDE.lng },
  { lat: lat + HALF_SIDE.lat, lng: lng + HALF_SIDE.lng },
  { lat: lat + HALF_SIDE.lat, lng: lng - HALF_SIDE.lng },
];
