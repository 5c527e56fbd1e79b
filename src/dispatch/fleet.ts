import type { Point } from '../../machines/common.ts';

/** What is known of a driver's whereabouts. No history: only the last of each. Instants are epoch ms. */
export interface DriverPresence {
  driverId: string;
  point?: Point;
  positionAt?: number;
  /** When anything was last heard of the phone. */
  seenAt: number;
  lastOfferAt?: number;
}

/**
 * Where drivers are and whether their phones can be reached. Presence is not a state of the shift: it
 * changes by the second, and losing the last second of it costs one undelivered offer.
 */
export interface Fleet {
  /** Notes a sign of life, with a position if there is one. Written within a second, the last one only. */
  report(driverId: string, seen: { point?: Point }): void;
  /** Notes that these drivers were just offered something. */
  markOffered(driverIds: readonly string[]): void;
  get(driverIds: readonly string[]): Promise<Map<string, DriverPresence>>;
  /** Drivers seen since `freshSince` within `meters` of the point, nearest first. */
  near(
    point: Point,
    meters: number,
    freshSince: number,
    page: { skip: number; limit: number },
  ): Promise<DriverPresence[]>;
  /** Begins to write what is reported; the returned stop writes the rest. */
  start(): () => Promise<void>;
}
