import type { Stamp } from './common.ts';

/** What a shift needs to know of its zone's policy; durations in real ms. */
export interface ShiftPolicy {
  /** Consecutive strikes that pause the driver. */
  strikesToPause: number;
  pauseMs: number;
}

export interface ShiftContext {
  shiftId: string;
  driverId: string;
  zone: string;
  /** Orders carried at once: 1 or 2. */
  capacity: number;
  startedAt: number;
  /** Consecutive offers that were seen and lapsed. */
  strikes: number;
  pausedUntil: number | null;
  policy: ShiftPolicy;
  /** Strikes already counted are told apart by their offer: the last ones, newest last, at most 8. */
  struckOffers: string[];
  /**
   * Lapses that were excused, told apart by their offer (the last ones, newest last, at most 8), and
   * how many of them since the last answer that came in time. Absent until the first.
   */
  excused?: { offers: string[]; inRow: number };
  ending: {
    by: { role: string; id: string };
    reason: string;
    at: number;
  } | null;
}

export type ShiftCommand =
  | {
      type: 'shift.start';
      shiftId: string;
      driverId: string;
      zone: string;
      capacity: number;
      policy: ShiftPolicy;
    }
  | { type: 'shift.break'; reason?: string }
  | { type: 'shift.resume'; reason?: string }
  | { type: 'shift.pause'; untilAt: number; reason: string }
  | { type: 'shift.unpause'; reason?: string }
  | { type: 'shift.strike'; orderId: string; offerId: string }
  | { type: 'shift.excuse'; orderId: string; offerId: string; liftsUntil?: number }
  | { type: 'shift.answer'; orderId: string; offerId: string }
  | { type: 'shift.lose'; seenAt: number }
  | { type: 'shift.end'; reason?: string };

export type ShiftEvent = ShiftCommand & Stamp;
export type ShiftEventType = ShiftCommand['type'];
