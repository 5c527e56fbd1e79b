import { distanceMeters } from '../catalog/geo.ts';
import type { Clock } from '../engine/clock.ts';
import type { DriverPresence, Fleet } from './fleet.ts';
import { createReports } from './reports.ts';

/** The fleet in memory: for tests, simulation and the store of last resort. */
export function createMemoryFleet(clock: Clock): Fleet {
  const drivers = new Map<string, DriverPresence>();
  const reports = createReports({
    clock,
    async write(pending) {
      for (const [driverId, report] of pending) {
        drivers.set(driverId, { driverId, seenAt: 0, ...drivers.get(driverId), ...report });
      }
    },
    onError: () => {},
  });

  return {
    ...reports,
    async get(driverIds) {
      return new Map(
        driverIds.flatMap((driverId) => {
          const found = drivers.get(driverId);
          return found ? [[driverId, found] as const] : [];
        }),
      );
    },
    async near(point, meters, freshSince, { skip, limit }) {
      return [...drivers.values()]
        .flatMap((driver) =>
          driver.point && driver.seenAt >= freshSince
            ? [{ driver, distance: distanceMeters(driver.point, point) }]
            : [],
        )
        .filter(({ distance }) => distance <= meters)
        .sort((a, b) => a.distance - b.distance)
        .slice(skip, skip + limit)
        .map(({ driver }) => driver);
    },
  };
}
