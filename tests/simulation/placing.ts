import { orderKind } from '../../machines/order-kind.ts';
import type { OrderPolicy, PlacedOrder } from '../../machines/order-types.ts';
import type { Command } from '../../src/engine/types.ts';
import type { Chance } from './chance.ts';
import { PIN, STORE_POINT, ZONE } from './people.ts';

/** An order as its customer places it at `now` (epoch ms): its policy and its promise are drawn. */
export function placingOf(orderId: string, now: number, chance: Chance): Command {
  const policy: OrderPolicy = {
    mode: chance.isTrue(0.1) ? 'manual' : chance.isTrue(0.35) ? 'broadcast' : 'sequential',
    offerMs: Math.round(chance.between(2_500, 6_000)),
    graceMs: Math.round(chance.between(300, 1_500)),
    seenMs: Math.round(chance.between(800, 2_000)),
    searchMs: Math.round(chance.between(10_000, 25_000)),
    retryMs: 1_000,
    escalateAfter: 2,
    batchSize: 2,
    radiiMeters: [3_000, 5_000],
    releaseMs: 4_000,
    atRiskMs: 10_000,
    stallMs: Math.round(chance.between(12_000, 25_000)),
    pinTries: 2,
  };
  const placed: PlacedOrder = {
    orderId,
    customerId: `c-${orderId}`,
    storeId: 's1',
    zone: ZONE,
    items: [{ productId: 'p1', name: 'Milk', quantity: 1, unitCents: 100 }],
    totalCents: 100,
    feeCents: 290,
    currency: 'EUR',
    pickup: STORE_POINT,
    dropoff: { lat: 38.72, lng: -9.15 },
    address: 'Any Street 1',
    pin: chance.isTrue(0.7) ? PIN : null,
    ...(chance.isTrue(0.15) ? { searchAt: Math.round(now + chance.between(1_000, 6_000)) } : {}),
    promisedAt: Math.round(now + chance.between(20_000, 60_000)),
    etaAt: Math.round(now + 20_000),
    policy,
  };
  return { type: orderKind.birth, ...(placed as unknown as object) } as Command;
}
