import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Catalog, createCatalog } from '../../src/catalog/catalog.ts';
import { PRODUCTS, ZONES } from '../../src/catalog/collections.ts';
import { distanceMeters } from '../../src/catalog/geo.ts';
import { seedCity } from '../../src/catalog/seed.ts';
import type { OpenDocuments } from '../../src/documents.ts';
import { openMemoryDocuments } from '../../src/storage/memory-documents.ts';
import { createManualClock, type ManualClock } from '../support/manual-clock.ts';

const who = { orderId: 'o1', customerId: 'c1', pin: '1234', now: 1_000_000 };
const request = {
  storeId: 'baixa-1',
  items: [{ productId: 'baixa-1-p1', quantity: 2 }],
  dropoff: { lat: 38.71, lng: -9.14 },
  address: 'Rua do Ouro 1',
};

describe('catalog', () => {
  let open: OpenDocuments;
  let clock: ManualClock;
  let catalog: Catalog;

  beforeEach(async () => {
    clock = createManualClock();
    open = openMemoryDocuments(clock);
    catalog = createCatalog({ open, clock, timeScale: 1 });
    await seedCity(open);
  });

  it('[CAT3] seeds a city once, and leaves what people changed', async () => {
    await open(PRODUCTS).update('baixa-1-p1', { unitCents: 999 });
    expect(await seedCity(open)).toBe(0);
    expect((await open(PRODUCTS).get('baixa-1-p1'))?.unitCents).toBe(999);
    expect((await catalog.zones()).length).toBeGreaterThanOrEqual(3);
    for (const store of await catalog.stores()) {
      expect((await catalog.products(store._id)).length).toBeGreaterThanOrEqual(8);
    }
  });

  it('[CAT3] gives zones of an older city the pay that they do not name, and no other', async () => {
    const zones = open(ZONES);
    const dear = { baseCents: 900, perKmCents: 10 };
    await zones.update('baixa', { pay: undefined });
    await zones.update('alvalade', { pay: dear });
    expect(await seedCity(open)).toBe(1);
    expect((await zones.get('baixa'))?.pay).toEqual({ baseCents: 310, perKmCents: 95 });
    expect((await zones.get('alvalade'))?.pay).toEqual(dear);
  });

  it('[CAT4] prices an order itself, fee included, a product twice counted together', async () => {
    const placed = await catalog.preparePlacing(
      {
        ...request,
        items: [
          { productId: 'baixa-1-p1', quantity: 2 },
          { productId: 'baixa-1-p2', quantity: 1 },
          { productId: 'baixa-1-p1', quantity: 1 },
        ],
      },
      who,
    );
    expect(placed.items).toEqual([
      { productId: 'baixa-1-p1', name: 'Milk, 1 l', quantity: 3, unitCents: 119 },
      { productId: 'baixa-1-p2', name: 'Sourdough loaf', quantity: 1, unitCents: 349 },
    ]);
    expect(placed).toMatchObject({ totalCents: 3 * 119 + 349 + 290, feeCents: 290, pin: '1234' });
    expect(placed.promisedAt).toBe(who.now + 45 * 60_000);
    expect(placed.etaAt).toBeGreaterThan(who.now + 8 * 60_000);
    expect(placed.etaAt).toBeLessThan(placed.promisedAt);
  });

  it('[CAT8] pays the driver by the zone’s tariff: for the order, and for the way as it is promised by', async () => {
    const near = await catalog.preparePlacing(request, who);
    expect(near.payCents).toBeGreaterThan(310);
    const far = { lat: request.dropoff.lat + 0.009, lng: request.dropoff.lng };
    const farther = await catalog.preparePlacing({ ...request, dropoff: far }, who);
    const moreKm =
      ((distanceMeters(farther.pickup, far) - distanceMeters(near.pickup, request.dropoff)) * 1.4) /
      1_000;
    expect((farther.payCents ?? 0) - (near.payCents ?? 0)).toBeCloseTo(95 * moreKm, -1);
  });

  it('[CAT4] promises a scheduled order from its own time on', async () => {
    const searchAt = who.now + 3_600_000;
    const placed = await catalog.preparePlacing({ ...request, searchAt }, who);
    expect(placed).toMatchObject({ searchAt, promisedAt: searchAt + 45 * 60_000 });
    const past = await catalog.preparePlacing({ ...request, searchAt: 5 }, who);
    expect(past.searchAt).toBeUndefined();
  });

  it('[CAT5] refuses what it cannot deliver, saying what', async () => {
    const refusal = (more: object) => catalog.preparePlacing({ ...request, ...more }, who);
    await expect(refusal({ storeId: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(refusal({ dropoff: { lat: 41, lng: -8.6 } })).rejects.toMatchObject({
      code: 'out_of_area',
      details: { zone: 'baixa' },
    });
    await open(PRODUCTS).update('baixa-1-p3', { available: false });
    const items = ['baixa-1-p1', 'baixa-1-p3', 'baixa-2-p1'].map((productId) => ({
      productId,
      quantity: 1,
    }));
    await expect(refusal({ items })).rejects.toMatchObject({
      code: 'unavailable_item',
      details: { productIds: ['baixa-1-p3', 'baixa-2-p1'] },
    });
  });

  it('[CAT6] notices a change within ten seconds', async () => {
    const priceOf = async () => (await catalog.preparePlacing(request, who)).items[0]?.unitCents;
    expect(await priceOf()).toBe(119);
    await open(PRODUCTS).update('baixa-1-p1', { unitCents: 125 });
    clock.jump(10_001);
    expect(await priceOf()).toBe(125);
  });

  it('[CAT7] divides every duration by the time scale, the network excepted', async () => {
    const fast = createCatalog({ open, clock, timeScale: 30 });
    const { policy, promisedAt } = await fast.preparePlacing(request, who);
    expect(policy).toMatchObject({ offerMs: 667, graceMs: 250, seenMs: 250, searchMs: 6_000 });
    expect(promisedAt).toBe(who.now + 90_000);
    expect(await fast.shiftPolicy('baixa')).toEqual({ strikesToPause: 3, pauseMs: 20_000 });
    await expect(fast.shiftPolicy('atlantis')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('[CAT7] keeps a zone within what a driver can live with', async () => {
    await open(ZONES).update('baixa', { policy: { mode: 'broadcast', offerMs: 1 } });
    const { policy } = await catalog.preparePlacing(request, who);
    expect(policy).toMatchObject({ mode: 'broadcast', offerMs: 10_000, batchSize: 3 });
  });
});
