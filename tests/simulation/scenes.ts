import type { PlacedOrder } from '../../machines/order-types.ts';
import type { Command, Principal } from '../../src/engine/types.ts';
import { EPOCH } from './database.ts';
import type { Scene } from './small-world.ts';

const dispatch: Principal = { role: 'system', id: 'dispatch' };
const driver = (id: string): Principal => ({ role: 'driver', id });
const customer = (orderId: string): Principal => ({ role: 'customer', id: `c-${orderId}` });

/** An offer of the setting is open from here to there, virtual ms. */
const OFFER_MS = 400;
const GRACE_MS = 200;

const place = (orderId: string): Command => {
  const placed: PlacedOrder = {
    ...{ orderId, customerId: `c-${orderId}`, storeId: 's1', zone: 'z1', items: [] },
    ...{ totalCents: 0, feeCents: 0, currency: 'EUR', address: '', pin: null },
    pickup: { lat: 0, lng: 0 },
    dropoff: { lat: 0, lng: 0 },
    promisedAt: EPOCH + 600_000,
    etaAt: EPOCH + 600_000,
    policy: {
      ...{ mode: 'manual', offerMs: OFFER_MS, graceMs: GRACE_MS, seenMs: OFFER_MS + GRACE_MS },
      ...{ searchMs: 60_000, retryMs: 1_000, escalateAfter: 9, batchSize: 2, radiiMeters: [1] },
      ...{ releaseMs: 60_000, atRiskMs: 1_000, stallMs: 60_000, pinTries: 2 },
    },
  };
  return { type: 'order.place', ...(placed as unknown as object) } as Command;
};

const offer = (...drivers: string[]): Command => ({
  type: 'offer.open',
  offers: drivers.map((driverId) => ({
    ...{ offerId: `f-${driverId}`, driverId, slot: 0, capacity: 1 },
  })),
});

/** What the explorer can set up: each a race that the engine must survive in every order of things. */
export const SCENES = {
  /** Two drivers accept one order on two nodes, while its offers run out and a node may die. */
  accept: {
    setting: [
      { by: customer('o1'), id: 'o1', command: place('o1') },
      { by: dispatch, id: 'o1', command: offer('d1', 'd2') },
    ],
    sends: [
      {
        ...{ node: 0, retryOn: 1, by: driver('d1'), id: 'o1', commandId: 'c1' },
        command: { type: 'offer.accept', offerId: 'f-d1' },
      },
      {
        ...{ node: 1, retryOn: 0, by: driver('d2'), id: 'o1', commandId: 'c2' },
        command: { type: 'offer.accept', offerId: 'f-d2' },
      },
    ],
    beginsAt: 100,
    deadlineAt: 800,
  },
  /** Two orders want one driver on two nodes, he accepts one of them, and a node may die. */
  'two-orders': {
    setting: [
      { by: customer('o1'), id: 'o1', command: place('o1') },
      { by: customer('o2'), id: 'o2', command: place('o2') },
    ],
    sends: [
      { node: 0, retryOn: 1, by: dispatch, id: 'o1', command: offer('d1'), commandId: 'c1' },
      { node: 1, retryOn: 0, by: dispatch, id: 'o2', command: offer('d1'), commandId: 'c2' },
      {
        ...{ node: 1, retryOn: 0, by: driver('d1'), id: 'o1', commandId: 'c3' },
        command: { type: 'offer.accept', offerId: 'f-d1' },
      },
    ],
    beginsAt: 100,
    deadlineAt: 900,
  },
} as const satisfies Record<string, Scene>;

export type SceneName = keyof typeof SCENES;
