import { LRUCache } from 'lru-cache';
import type { Point } from '../../machines/common.ts';
import type { OrderContext, OrderItem, PlacedOrder } from '../../machines/order-types.ts';
import type { ShiftPolicy } from '../../machines/shift-types.ts';
import type { OpenDocuments } from '../documents.ts';
import { AppError } from '../errors.ts';
import {
  type PayTariff,
  PRODUCTS,
  type Product,
  STORES,
  type Store,
  ZONES,
  type Zone,
} from './collections.ts';
import { arrivalAt, travelTimeMs, wayMeters } from './eta.ts';
import { isInside } from './geo.ts';
import { orderPolicyOf, shiftPolicyOf } from './policy.ts';

/** What a customer asks for; prices, zone and promise are the server's to say. */
export interface PlacingRequest {
  storeId: string;
  items: { productId: string; quantity: number }[];
  dropoff: Point;
  address: string;
  note?: string;
  /** Epoch ms: when searching starts; absent: at once. */
  searchAt?: number;
}

/** Reference data: where we deliver, from whom, what, for how much and how soon. */
export interface Catalog {
  zones(): Promise<Zone[]>;
  zone(id: string): Promise<Zone | undefined>;
  stores(zone?: string): Promise<Store[]>;
  store(id: string): Promise<Store | undefined>;
  products(storeId: string): Promise<Product[]>;
  /** When an order comes to the door whose driver is at this place; undefined: its zone is gone. */
  arrivalAt(order: OrderContext, from: Point, now: number): Promise<number | undefined>;
  /** @throws {AppError} not_found */
  shiftPolicy(zoneId: string): Promise<ShiftPolicy>;
  /**
   * The order that a request comes to, with today's prices.
   * @throws {AppError} not_found (the store), out_of_area, unavailable_item, malformed (searchAt)
   */
  preparePlacing(
    request: PlacingRequest,
    who: { orderId: string; customerId: string; pin: string; now: number },
  ): Promise<PlacedOrder>;
}

/** A changed price or zone is noticed this soon. */
const FRESH_MS = 10_000;
/** Beyond it a year was mistyped, more likely than not. */
const MAX_AHEAD_MS = 30 * 24 * 3_600_000;
const MAX_STORES = 1_000;
const MAX_PRODUCTS = 2_000;

/** Reads through a small cache: reference data changes by the day and is read with every order. */
export function createCatalog(deps: {
  open: OpenDocuments;
  clock: { now(): number };
  timeScale: number;
}): Catalog {
  const { open, clock, timeScale } = deps;
  const zones = open(ZONES);
  const stores = open(STORES);
  const products = open(PRODUCTS);
  const cache = new LRUCache<string, { until: number; value: Promise<unknown> }>({ max: 1_000 });

  function cached<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = cache.get(key);
    if (known && known.until > clock.now()) return known.value as Promise<T>;
    const value = read();
    cache.set(key, { until: clock.now() + FRESH_MS, value });
    // A failure is not an answer to remember.
    value.catch(() => cache.delete(key));
    return value;
  }

  const allZones = () => cached('zones', () => zones.find({}, { limit: MAX_STORES }));
  const storesOf = (zone?: string) =>
    cached(`stores/${zone ?? ''}`, () =>
      stores.find(zone === undefined ? {} : { zone }, { sort: ['_id', 1], limit: MAX_STORES }),
    );
  const productsOf = (storeId: string) =>
    cached(`products/${storeId}`, () =>
      products.find({ storeId }, { sort: ['_id', 1], limit: MAX_PRODUCTS }),
    );
  const zone = async (id: string) => (await allZones()).find(({ _id }) => _id === id);
  const store = async (id: string) => (await storesOf()).find(({ _id }) => _id === id);

  async function zoneOrThrow(id: string): Promise<Zone> {
    const found = await zone(id);
    if (found) return found;
    const known = (await allZones()).map(({ _id }) => _id).join(', ');
    throw new AppError('not_found', `no zone ${id}; there are: ${known || 'none'}`);
  }

  return {
    zones: allZones,
    zone,
    stores: storesOf,
    store,
    products: productsOf,
    shiftPolicy: async (zoneId) => shiftPolicyOf((await zoneOrThrow(zoneId)).policy, timeScale),

    async arrivalAt(order, from, now) {
      const [inZone, at] = await Promise.all([zone(order.zone), store(order.storeId)]);
      if (!inZone) return undefined;
      const { speedMetersPerMinute } = inZone;
      const handlingMs = at?.handlingMs ?? 0;
      return arrivalAt(order, from, now, { speedMetersPerMinute, handlingMs, timeScale });
    },

    async preparePlacing(request, { orderId, customerId, pin, now }) {
      const from = await store(request.storeId);
      if (!from) throw new AppError('not_found', `no store ${request.storeId}`);
      const { _id: zoneId, ...of } = await zoneOrThrow(from.zone);
      if (!isInside(request.dropoff, of.polygon)) {
        throw new AppError('out_of_area', `${from.name} delivers within ${of.name} only`, {
          details: { zone: zoneId },
        });
      }
      const items = priced(request, await productsOf(from._id));
      const goodsCents = items.reduce((sum, item) => sum + item.quantity * item.unitCents, 0);
      const pickup = { lat: from.lat, lng: from.lng };
      const startAt = Math.max(request.searchAt ?? now, now);
      if (startAt - now > MAX_AHEAD_MS) {
        throw new AppError('malformed', 'searchAt: at most 30 days ahead');
      }
      const travelMs = travelTimeMs(pickup, request.dropoff, of.speedMetersPerMinute);
      const scaled = (ms: number) => Math.round(ms / timeScale);
      return {
        orderId,
        customerId,
        storeId: from._id,
        zone: zoneId,
        items,
        totalCents: goodsCents + of.feeCents,
        feeCents: of.feeCents,
        ...(of.pay ? { payCents: payOf(of.pay, pickup, request.dropoff) } : {}),
        currency: of.currency,
        pickup,
        dropoff: request.dropoff,
        address: request.address,
        ...(request.note === undefined ? {} : { note: request.note }),
        pin,
        ...(startAt > now ? { searchAt: startAt } : {}),
        promisedAt: startAt + scaled(of.promiseMs),
        etaAt: startAt + scaled(from.handlingMs + travelMs),
        policy: orderPolicyOf(of.policy, timeScale),
      };
    },
  };
}

/** By the way as it is promised by: straight line × detour, to the cent. */
const payOf = ({ baseCents, perKmCents }: PayTariff, from: Point, to: Point): number =>
  Math.round(baseCents + (perKmCents * wayMeters(from, to)) / 1_000);

/** Items with the names and prices of today; the same product twice counts together. */
function priced({ items }: PlacingRequest, products: readonly Product[]): OrderItem[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  const known = new Map(products.map((product) => [product._id, product]));
  const missing = [...quantities.keys()].filter((id) => !known.get(id)?.available);
  if (missing.length > 0) {
    throw new AppError('unavailable_item', `not to be had here now: ${missing.join(', ')}`, {
      details: { productIds: missing },
    });
  }
  return [...quantities].map(([productId, quantity]) => {
    const { name, unitCents } = known.get(productId) as Product;
    return { productId, name, quantity, unitCents };
  });
}
