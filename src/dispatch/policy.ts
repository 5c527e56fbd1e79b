import type { OrderContext } from '../../machines/order-types.ts';

/** A driver who might be asked, with all that decides whether. */
export interface Candidate {
  driverId: string;
  distanceMeters: number;
  /** Epoch ms; 0: nothing was heard yet. */
  seenAt: number;
  /** Epoch ms; absent: never offered anything. */
  lastOfferAt?: number;
  /** State of the open shift, e.g. `onDuty.available`; absent: none. */
  shift?: string;
  capacity: number;
  /** The lowest slot that is free; absent: none. */
  freeSlot?: number;
  /** Has an open offer of another order. */
  isOffered: boolean;
}

/** One line of "why this driver?". */
export interface Considered {
  driverId: string;
  distanceMeters: number;
  /** 1 is who is asked first; absent for who was left out. */
  rank?: number;
  leftOut?: LeftOut;
}
export type LeftOut =
  | 'off_duty'
  | 'on_break'
  | 'paused'
  | 'excluded'
  | 'unreached'
  | 'being_asked'
  | 'no_free_slot';

export interface Choice {
  /** Whom to offer it to, best first; empty: nobody now. */
  chosen: (Candidate & { freeSlot: number })[];
  /** Best first, then who was left out; at most 20. */
  considered: Considered[];
}

const MAX_CONSIDERED = 20;
/** Closer than this is equally close: then whoever has waited longest is asked. */
const SAME_DISTANCE_METERS = 200;

/** How many steps the search has been widened: one for every `escalateAfter` misses. */
const escalations = ({ search, policy }: OrderContext): number =>
  Math.floor((search?.misses ?? 0) / policy.escalateAfter);

/** How far from the store the search reaches now. */
export function radiusOf(order: OrderContext): number {
  const { radiiMeters } = order.policy;
  const step = Math.min(escalations(order), radiiMeters.length - 1);
  return (radiiMeters[step] ?? 0) + (order.search?.widenMeters ?? 0);
}

/** How many drivers are asked at once: one, until enough have not taken it; or as many as the zone says. */
function batchOf(order: OrderContext): number {
  const { mode, batchSize } = order.policy;
  switch (mode) {
    case 'manual':
      return 0;
    case 'broadcast':
      return batchSize;
    case 'sequential':
      return escalations(order) > 0 ? batchSize : 1;
  }
}

/**
 * Who gets the next offer: pure, from the order and the candidates. By distance, then by the time
 * since the last offer, then by id, so that any node chooses alike.
 */
export function choose(order: OrderContext, candidates: readonly Candidate[]): Choice {
  const judged = candidates.map((candidate) => ({ candidate, leftOut: leftOut(order, candidate) }));
  const eligible = judged
    .filter((each) => each.leftOut === undefined)
    .map(({ candidate }) => candidate)
    .sort(byRank);
  const others = judged.filter((each) => each.leftOut !== undefined);
  return {
    chosen: eligible
      .slice(0, batchOf(order))
      .map((candidate) => ({ ...candidate, freeSlot: candidate.freeSlot ?? 0 })),
    considered: [
      ...eligible.map(({ driverId, distanceMeters }, index) => ({
        driverId,
        distanceMeters,
        rank: index + 1,
      })),
      ...others.map(({ candidate: { driverId, distanceMeters }, leftOut }) => ({
        driverId,
        distanceMeters,
        leftOut,
      })),
    ].slice(0, MAX_CONSIDERED) as Considered[],
  };
}

/** True when nobody further away needs to be looked at. */
export const isEnough = (order: OrderContext, candidates: readonly Candidate[]): boolean =>
  candidates.filter((candidate) => leftOut(order, candidate) === undefined).length >=
  batchOf(order);

function leftOut(order: OrderContext, candidate: Candidate): LeftOut | undefined {
  const { driverId, shift, isOffered, freeSlot } = candidate;
  if (order.excluded.includes(driverId)) return 'excluded';
  // A phone that did not show an offer is asked again once something was heard of it.
  if (candidate.seenAt <= (order.unreached[driverId] ?? Number.NEGATIVE_INFINITY))
    return 'unreached';
  if (shift === 'onDuty.onBreak') return 'on_break';
  if (shift === 'onDuty.paused') return 'paused';
  if (shift !== 'onDuty.available') return 'off_duty';
  if (isOffered) return 'being_asked';
  return freeSlot === undefined ? 'no_free_slot' : undefined;
}

function byRank(a: Candidate, b: Candidate): number {
  const near = (candidate: Candidate) =>
    Math.floor(candidate.distanceMeters / SAME_DISTANCE_METERS);
  return (
    near(a) - near(b) ||
    (a.lastOfferAt ?? 0) - (b.lastOfferAt ?? 0) ||
    (a.driverId < b.driverId ? -1 : 1)
  );
}
