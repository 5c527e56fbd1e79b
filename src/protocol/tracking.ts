import type { Point } from '../../machines/common.ts';
import type { Health } from '../../machines/order-types.ts';

/** Answer of POST /v1/orders/:orderId/share. */
export interface ShareView {
  /** Of the page, on the server's own origin. */
  path: string;
  /** How long the link outlives the order, ms. */
  afterEndMs: number;
  /** Once the order is over: when the link ends. */
  validUntil?: number;
}

/** Answer of GET /v1/track/:token: what anyone with the link may see. Places are rounded to some 500 m. */
export interface TrackView {
  state: string;
  storeName: string;
  placedAt: number;
  searchAt: number;
  promisedAt: number;
  etaAt: number;
  health: Health;
  isPacked: boolean;
  pickup: Point;
  dropoff: Point;
  /** First name of who carries it. */
  driverName?: string;
  /** Where the driver was at `at`, while under way to the door. */
  position?: Point & { at: number };
  /** Once it is over, with when the link ends. */
  endedAt?: number;
  validUntil?: number;
}
