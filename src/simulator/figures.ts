/** How often each thing happened that a demo must not go without. */
export const MUST_HAPPEN = [
  'expired',
  'rejected',
  'released',
  'cancelled',
  'delivered',
  'rescued',
] as const;
export type MustHappen = (typeof MUST_HAPPEN)[number];

/** Every end an offer or order can come to, counted. */
export type Counts = Record<
  MustHappen | 'offered' | 'accepted' | 'undelivered' | 'withdrawn' | 'returned' | 'wrongPins',
  number
>;

/** How the day stands, measured from what the clients were told. Real ms unless said otherwise. */
export interface Progress {
  elapsedMs: number;
  planned: number;
  placed: number;
  /** Orders by dotted state. */
  states: Record<string, number>;
  openOffers: number;
  counts: Counts;
  /** From the start of the search to the first acceptance, unscaled ms; null before the first. */
  assignMs: { p50: number; p95: number; orders: number } | null;
  drivers: { connected: number; all: number };
  /** Watchers whose screen may be out of date, now. */
  stale: number;
  /** Gaps found and repaired by reading again, so far. */
  repairs: number;
}

/** A day that is over. */
export interface Outcome extends Progress {
  runId: string;
  /** Orders neither terminal nor in the rescue lane. */
  unfinished: { orderId: string; state: string }[];
  /** Orders that could not be placed, by the code of the last refusal. */
  notPlaced: Record<string, number>;
  /** Final refusals that people met, by code: lost races and the like. */
  refusals: Record<string, number>;
  /** What the day was asked to show and did not: empty for a good one. */
  missing: MustHappen[];
}

/** True when every order was placed and came to its end, and each thing that must happen did. */
export const isGoodDay = (outcome: Outcome): boolean =>
  outcome.placed === outcome.planned &&
  outcome.unfinished.length === 0 &&
  outcome.missing.length === 0;

/** @param share 0..1 of a list sorted ascending; undefined when it is empty */
export const quantile = (sorted: readonly number[], share: number): number | undefined =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** True of a state from which no order moves. */
export const isTerminal = (state: string): boolean =>
  state === 'delivered' || state === 'cancelled' || state === 'returned';
