import type { Point } from '../../machines/common.ts';
import type { OrderContext } from '../../machines/order-types.ts';
import { distanceMeters } from './geo.ts';

/** Streets are longer than the straight line: the usual detour factor of a city grid. */
const DETOUR = 1.4;

/** The way a driver has, metres: straight line × detour. */
export const wayMeters = (from: Point, to: Point): number => distanceMeters(from, to) * DETOUR;

/** How long a drive takes, ms, at the zone's average speed. */
export const travelTimeMs = (from: Point, to: Point, speedMetersPerMinute: number): number =>
  (wayMeters(from, to) / speedMetersPerMinute) * 60_000;

/**
 * When an order whose driver is at `from` comes to the door: with the bags straight there, without
 * them by way of the store, where they may have to be waited for. Pure.
 * @param way of its zone and store; durations before `timeScale`
 */
export function arrivalAt(
  order: OrderContext,
  from: Point,
  now: number,
  way: { speedMetersPerMinute: number; handlingMs: number; timeScale: number },
): number {
  const { pickup, dropoff, searchAt, storeReadyAt, pickedUpAt } = order;
  const drive = (a: Point, b: Point) =>
    travelTimeMs(a, b, way.speedMetersPerMinute) / way.timeScale;
  if (pickedUpAt !== null) return Math.round(now + drive(from, dropoff));
  const packedAt = storeReadyAt ?? searchAt + way.handlingMs / way.timeScale;
  const leavesAt = Math.max(now + drive(from, pickup), packedAt);
  return Math.round(leavesAt + drive(pickup, dropoff));
}
