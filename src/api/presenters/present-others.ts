import { type PauseCause, shiftOf, stateOf } from '../../../machines/shift-readers.ts';
import type { Product, Store, Zone } from '../../catalog/collections.ts';
import type { Alarm } from '../../dispatch/alarms.ts';
import type { DriverOnDuty } from '../../dispatch/create-dispatch.ts';
import type { PersistedSnapshot } from '../../engine/types.ts';
import type { AuthAnswer, UserView } from '../../protocol/accounts.ts';
import type { ProductView, StoreView, ZoneView } from '../../protocol/catalog.ts';
import type { AlarmView, DriverView } from '../../protocol/operators.ts';
import type { ShiftView } from '../../protocol/shifts.ts';
import type { Grant, User } from '../auth/accounts.ts';

/** Account to wire, without anything secret. Pure, as all here. */
export const presentUser = (user: User): UserView => ({
  userId: user._id,
  role: user.role,
  name: user.name,
  email: user.email,
  ...(user.storeId === undefined ? {} : { storeId: user.storeId }),
  ...(user.capacity === undefined ? {} : { capacity: user.capacity }),
});

/** @param withRefreshToken false where a cookie carries it */
export const presentGrant = (grant: Grant, withRefreshToken: boolean): AuthAnswer => ({
  accessToken: grant.accessToken,
  expiresInMs: grant.expiresInMs,
  ...(withRefreshToken ? { refreshToken: grant.refreshToken } : {}),
  user: presentUser(grant.user),
});

/** A shift as the engine has it: from the store or from the feed. */
export interface ShiftAt {
  id: string;
  seq: number;
  snapshot: PersistedSnapshot;
}

/** A shift, as its driver and the operators see it. */
export function presentShift(shift: ShiftAt, pause?: PauseCause): ShiftView {
  const { driverId, zone, capacity, startedAt, strikes, pausedUntil, policy } = shiftOf(
    shift.snapshot,
  );
  return {
    shiftId: shift.id,
    driverId,
    seq: shift.seq,
    state: stateOf(shift.snapshot),
    zone,
    capacity,
    startedAt,
    strikes,
    strikesToPause: policy.strikesToPause,
    pauseMs: policy.pauseMs,
    pausedUntil,
    ...(pause ? { pause } : {}),
  };
}

export const presentDriver = (driver: DriverOnDuty, name: string): DriverView => ({
  driverId: driver.driverId,
  name,
  shiftId: driver.shiftId,
  seq: driver.seq,
  state: driver.state,
  zone: driver.zone,
  capacity: driver.capacity,
  strikes: driver.strikes,
  pausedUntil: driver.pausedUntil,
  startedAt: driver.startedAt,
  tally: {
    offers: driver.tally.offers,
    accepted: driver.tally.accepted,
    rejected: driver.tally.rejected,
    missed: driver.tally.missed,
    perHour: driver.tally.perHour,
  },
  orders: driver.orders,
  offered: driver.offered,
  ...(driver.point ? { point: driver.point } : {}),
  ...(driver.positionAt === undefined ? {} : { positionAt: driver.positionAt }),
  ...(driver.seenAt === undefined ? {} : { seenAt: driver.seenAt }),
});

export const presentAlarm = (alarm: Alarm): AlarmView => ({
  alarmId: alarm._id,
  alarm: alarm.alarm,
  ...(alarm.orderId === undefined ? {} : { orderId: alarm.orderId }),
  ...(alarm.driverId === undefined ? {} : { driverId: alarm.driverId }),
  ...(alarm.zone === undefined ? {} : { zone: alarm.zone }),
  since: alarm.since,
  open: alarm.open,
  ...(alarm.detail === undefined ? {} : { detail: alarm.detail }),
  ...(alarm.acknowledgedBy === undefined ? {} : { acknowledgedBy: alarm.acknowledgedBy }),
  ...(alarm.acknowledgedAt === undefined ? {} : { acknowledgedAt: alarm.acknowledgedAt }),
  ...(alarm.snoozedUntil === undefined ? {} : { snoozedUntil: alarm.snoozedUntil }),
  ...(alarm.claimedBy === undefined ? {} : { claimedBy: alarm.claimedBy }),
  ...(alarm.clearedAt === undefined ? {} : { clearedAt: alarm.clearedAt }),
});

export const presentZone = ({ _id, name, polygon, currency, feeCents }: Zone): ZoneView => ({
  zone: _id,
  name,
  polygon: polygon.map(({ lat, lng }) => ({ lat, lng })),
  currency,
  feeCents,
});

export const presentStore = ({ _id, name, zone, lat, lng }: Store): StoreView => ({
  storeId: _id,
  name,
  zone,
  lat,
  lng,
});

export const presentProduct = ({ _id, name, unitCents, available }: Product): ProductView => ({
  productId: _id,
  name,
  unitCents,
  available,
});
