import type { Connection } from 'mongoose';
import type { Point } from '../../machines/common.ts';
import type { Clock } from '../engine/clock.ts';
import type { DriverPresence, Fleet } from './fleet.ts';
import { createReports, type Report } from './reports.ts';

interface FleetDocument {
  _id: string;
  point?: { type: 'Point'; coordinates: [lng: number, lat: number] };
  positionAt?: Date;
  seenAt?: Date;
  lastOfferAt?: Date;
}

/**
 * The fleet in MongoDB: one document per driver, one bulk write per node and second, acknowledged by
 * the primary alone. Resolves once its index is there.
 */
export async function openMongoFleet(
  connection: Connection,
  deps: { clock: Clock; onError(error: unknown): void },
): Promise<Fleet> {
  const fleet = connection.getClient().db(connection.name).collection<FleetDocument>('fleet');
  await fleet.createIndex({ point: '2dsphere', seenAt: 1 });

  const reports = createReports({
    ...deps,
    async write(pending) {
      const operations = [...pending].map(([_id, report]) => ({
        updateOne: { filter: { _id }, update: updateOf(report), upsert: true },
      }));
      await fleet.bulkWrite(operations, { ordered: false, writeConcern: { w: 1 } });
    },
  });

  return {
    ...reports,
    async get(driverIds) {
      const found = await fleet.find({ _id: { $in: [...driverIds] } }).toArray();
      return new Map(found.map((doc) => [doc._id, presenceOf(doc)]));
    },
    async near({ lat, lng }, meters, freshSince, { skip, limit }) {
      const $geometry = { type: 'Point' as const, coordinates: [lng, lat] };
      const found = await fleet
        .find({
          point: { $nearSphere: { $geometry, $maxDistance: meters } },
          seenAt: { $gte: new Date(freshSince) },
        })
        .skip(skip)
        .limit(limit)
        .toArray();
      return found.map(presenceOf);
    },
  };
}

/** Two nodes may have heard of the same driver: the later instant stays. */
function updateOf({ point, positionAt, seenAt, lastOfferAt }: Report) {
  const later = {
    ...(seenAt === undefined ? {} : { seenAt: new Date(seenAt) }),
    ...(lastOfferAt === undefined ? {} : { lastOfferAt: new Date(lastOfferAt) }),
  };
  return {
    ...(Object.keys(later).length > 0 ? { $max: later } : {}),
    ...(point && positionAt !== undefined
      ? { $set: { point: geoJson(point), positionAt: new Date(positionAt) } }
      : {}),
  };
}

const geoJson = ({ lat, lng }: Point) => ({
  type: 'Point' as const,
  coordinates: [lng, lat] as [number, number],
});

function presenceOf({
  _id,
  point,
  positionAt,
  seenAt,
  lastOfferAt,
}: FleetDocument): DriverPresence {
  const [lng, lat] = point?.coordinates ?? [];
  return {
    driverId: _id,
    seenAt: seenAt?.getTime() ?? 0,
    ...(lat === undefined || lng === undefined ? {} : { point: { lat, lng } }),
    ...(positionAt ? { positionAt: positionAt.getTime() } : {}),
    ...(lastOfferAt ? { lastOfferAt: lastOfferAt.getTime() } : {}),
  };
}
