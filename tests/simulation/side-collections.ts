import { distanceMeters } from '../../src/catalog/geo.ts';
import type { DriverPresence, Fleet } from '../../src/dispatch/fleet.ts';
import { createReports } from '../../src/dispatch/reports.ts';
import type { Documents, Match, OpenDocuments } from '../../src/documents.ts';
import type { Clock } from '../../src/engine/clock.ts';
import type { Connection } from './connection.ts';

/** What the database has beside the actors: the fleet and small documents. One primary, no history. */
export interface SideCollections {
  fleet: Map<string, DriverPresence>;
  documents: Map<string, Map<string, { _id: string }>>;
}

export const createSideCollections = (): SideCollections => ({
  fleet: new Map(),
  documents: new Map(),
});

/** The fleet as one node sees it: its own reports at once a second, everyone's from the database. */
export function createSimulatedFleet(
  { fleet }: SideCollections,
  { call }: Connection,
  deps: { clock: Clock; onError(error: unknown): void },
): Fleet {
  const reports = createReports({
    ...deps,
    write: (pending) =>
      call('idle', async () => {
        for (const [driverId, report] of pending) {
          const before = fleet.get(driverId);
          // Two nodes may have heard of the same driver: the later instant stays.
          const seenAt = Math.max(before?.seenAt ?? 0, report.seenAt ?? 0);
          fleet.set(driverId, { ...before, ...report, driverId, seenAt });
        }
      }),
  });
  return {
    ...reports,
    get: (driverIds) =>
      call(
        'read',
        async () =>
          new Map(
            driverIds.flatMap((driverId) => {
              const found = fleet.get(driverId);
              return found ? [[driverId, found] as const] : [];
            }),
          ),
      ),
    near: (point, meters, freshSince, { skip, limit }) =>
      call('read', async () =>
        [...fleet.values()]
          .flatMap((driver) => {
            const distance = driver.point ? distanceMeters(driver.point, point) : Infinity;
            return driver.seenAt >= freshSince && distance <= meters ? [{ driver, distance }] : [];
          })
          .sort((a, b) => a.distance - b.distance)
          .slice(skip, skip + limit)
          .map(({ driver }) => driver),
      ),
  };
}

/** Small documents without their schemas, which are the contract tests' business. */
export function openSimulatedDocuments(
  { documents }: SideCollections,
  { call }: Connection,
): OpenDocuments {
  return <T extends { _id: string }>({ name }: { name: string }): Documents<T> => {
    const docs = (documents.get(name) ?? new Map()) as Map<string, T>;
    documents.set(name, docs as Map<string, { _id: string }>);
    const matching = (where: object) =>
      [...docs.values()].filter((doc) =>
        Object.entries(where).every(([field, match]) => meets(doc[field as keyof T], match)),
      );
    return {
      get: (id) => call('read', async () => docs.get(id)),
      insert: (doc) =>
        call('write', async () => {
          if (docs.has(doc._id)) return false;
          docs.set(doc._id, { ...doc });
          return true;
        }),
      put: (doc) => call('write', async () => void docs.set(doc._id, { ...doc })),
      update: (id, set, where = {}) =>
        call('write', async () => {
          const found = matching({ ...where, _id: id })[0];
          if (found) docs.set(id, { ...found, ...set });
          return found !== undefined;
        }),
      remove: (id) => call('write', async () => docs.delete(id)),
      find: (where) => call('read', async () => matching(where)),
      count: (where) => call('read', async () => matching(where).length),
    };
  };
}

function meets<V>(value: V, match: Match<V>): boolean {
  if (match === null || typeof match !== 'object') return (value ?? null) === (match ?? null);
  if ('in' in match) return match.in.includes(value);
  const { gte, lt } = match as { gte?: V; lt?: V };
  if (value === undefined || value === null) return false;
  return (gte == null || value >= gte) && (lt == null || value < lt);
}
