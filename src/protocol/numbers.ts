import type { OfferOutcome } from '../../machines/order-types.ts';

/** What became of some orders. */
export interface OrderTally {
  placed: number;
  /** First given to a driver; from the beginning of the search to that, ms. */
  assigned: number;
  assignP50Ms?: number;
  assignP95Ms?: number;
  offers: Record<OfferOutcome, number>;
  delivered: number;
  /** Of those delivered, by the promised time. */
  onTime: number;
  cancelled: number;
  /** Searches that ended in the rescue lane. */
  searchFailures: number;
}

/** Answer of GET /v1/ops/numbers: orders by when they were placed. */
export interface NumbersView {
  since: number;
  until: number;
  bucketMs: number;
  /** Present where there were too many: only those placed from then on are counted. */
  countedSince?: number;
  total: OrderTally;
  /** Without holes, oldest first; each from `at` on. */
  buckets: (OrderTally & { at: number })[];
}
