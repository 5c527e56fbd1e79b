import { describe, expect, it } from '@jest/globals';
import type { OrderContext } from '../../machines/order-types.ts';
import { arrivalAt, travelTimeMs } from '../../src/catalog/eta.ts';

const MINUTE_MS = 60_000;
const STORE = { lat: 38.71, lng: -9.14 };
const DOOR = { lat: 38.72, lng: -9.14 };
const NOW = 1_000_000;
const WAY = { speedMetersPerMinute: 300, handlingMs: 8 * MINUTE_MS, timeScale: 1 };
const order = (more: Partial<OrderContext> = {}) =>
  ({
    ...{ pickup: STORE, dropoff: DOOR, searchAt: NOW, storeReadyAt: null, pickedUpAt: null },
    ...more,
  }) as OrderContext;
const minutes = (of: OrderContext, from: typeof STORE, now = NOW, way = WAY) =>
  Math.round((arrivalAt(of, from, now, way) - now) / MINUTE_MS);

describe('the ETA', () => {
  it('[CAT9] waits at the store for the bags, not for what is ready', () => {
    const toDoor = Math.round(travelTimeMs(STORE, DOOR, 300) / MINUTE_MS);
    expect(toDoor).toBe(5);
    expect(minutes(order(), STORE)).toBe(8 + toDoor);
    expect(minutes(order({ storeReadyAt: NOW }), STORE)).toBe(toDoor);
    expect(minutes(order({ storeReadyAt: NOW }), DOOR)).toBe(2 * toDoor);
    // A store that is late is not late for ever: whoever is there leaves now.
    expect(minutes(order(), STORE, NOW + 20 * MINUTE_MS)).toBe(toDoor);
  });

  it('[CAT9] goes straight to the door once the bags are with the driver', () => {
    const under = order({ storeReadyAt: NOW, pickedUpAt: NOW });
    expect(minutes(under, STORE)).toBe(5);
    expect(arrivalAt(under, DOOR, NOW, WAY)).toBe(NOW);
    expect(minutes(under, STORE, NOW, { ...WAY, timeScale: 5 })).toBe(1);
  });
});
