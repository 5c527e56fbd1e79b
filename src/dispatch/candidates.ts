import { offerHold, slotHold } from '../../machines/order-readers.ts';
import type { OrderContext } from '../../machines/order-types.ts';
import { shiftHold, shiftOf, stateOf } from '../../machines/shift-readers.ts';
import { distanceMeters } from '../catalog/geo.ts';
import type { Store, StoredActor } from '../engine/store.ts';
import type { DriverPresence, Fleet } from './fleet.ts';
import { type Candidate, isEnough, radiusOf } from './policy.ts';

/** A phone that was silent for longer would not show the offer. Real time: it is about the network. */
const FRESH_MS = 30_000;
const PAGE = 50;
/** Nobody is asked in a crowd beyond these. */
const MAX_PAGES = 10;
const MAX_CAPACITY = 2;

/**
 * Drivers within the search's reach, nearest first, with what they hold and whether they are on duty:
 * as many as it takes to find whom to ask, since the nearest may all be busy. It is advice: whoever is
 * chosen may be busy by the time the offer commits.
 */
export async function findCandidates(
  { fleet, store, now }: { fleet: Fleet; store: Store; now: number },
  order: OrderContext,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const nearby = await fleet.near(order.pickup, radiusOf(order), now - FRESH_MS, {
      ...{ skip: page * PAGE, limit: PAGE },
    });
    found.push(...(await candidatesOf(store, nearby, order)));
    if (nearby.length < PAGE || isEnough(order, found)) break;
  }
  return found;
}

async function candidatesOf(
  store: Store,
  nearby: readonly DriverPresence[],
  order: OrderContext,
): Promise<Candidate[]> {
  const ids = nearby.map(({ driverId }) => driverId);
  if (ids.length === 0) return [];
  const [shifts, held] = await Promise.all([openShifts(store, ids), holdsOf(store, ids)]);
  return nearby.map(({ driverId, point, seenAt, lastOfferAt }) => {
    const shift = shifts.get(driverId);
    const capacity = shift ? shiftOf(shift.snapshot).capacity : 1;
    const freeSlot = slots(driverId, capacity).findIndex((hold) => !held.has(hold));
    return {
      driverId,
      distanceMeters: Math.round(distanceMeters(point ?? order.pickup, order.pickup)),
      seenAt,
      ...(lastOfferAt === undefined ? {} : { lastOfferAt }),
      ...(shift ? { shift: stateOf(shift.snapshot) } : {}),
      capacity,
      ...(freeSlot < 0 ? {} : { freeSlot }),
      isOffered: held.has(offerHold(driverId)),
    };
  });
}

/** The open shift of each driver who has one. */
export async function openShifts(
  store: Store,
  driverIds: readonly string[],
): Promise<Map<string, StoredActor>> {
  const found = await store.findByHolds('shift', driverIds.map(shiftHold));
  return new Map(found.map((actor) => [shiftOf(actor.snapshot).driverId, actor]));
}

/** Which holds these drivers have, each with the order that has it. */
export const holdsOf = (store: Store, driverIds: readonly string[]): Promise<Map<string, string>> =>
  store.heldBy(
    'order',
    driverIds.flatMap((driverId) => [offerHold(driverId), ...slots(driverId, MAX_CAPACITY)]),
  );

/** The orders a driver carries, out of what is held; one that is only offered is not carried. */
export function carriedBy(driverId: string, held: ReadonlyMap<string, string>): string[] {
  const offered = held.get(offerHold(driverId));
  return slots(driverId).flatMap((hold) => {
    const orderId = held.get(hold);
    return orderId === undefined || orderId === offered ? [] : [orderId];
  });
}

/** Holds of the orders that a driver carries. */
export const slots = (driverId: string, capacity: number = MAX_CAPACITY): string[] =>
  Array.from({ length: capacity }, (_, slot) => slotHold({ driverId, slot }));
