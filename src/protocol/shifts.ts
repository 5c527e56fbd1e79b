export interface ShiftView {
  shiftId: string;
  driverId: string;
  seq: number;
  state: string;
  zone: string;
  capacity: number;
  startedAt: number;
  /** In a row, and how many of them pause for how long, ms. */
  strikes: number;
  strikesToPause: number;
  pauseMs: number;
  pausedUntil: number | null;
  /** Why, while paused. */
  pause?: { why: 'strikes' } | { why: 'operator'; reason: string };
}

/** What operators may send about any shift, drivers about their own (who: machines/shift-events.ts). */
export type ShiftCommandInput =
  | { type: 'shift.break' | 'shift.resume'; reason?: string }
  | { type: 'shift.pause'; untilAt: number; reason: string }
  | { type: 'shift.unpause' | 'shift.end'; reason?: string };
