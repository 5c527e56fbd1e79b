import type { Actor, Point, Stamp } from './common.ts';

/** Why a driver may turn an offer down: the list the driver app shows. */
export const REJECT_REASONS = [
  'too_far',
  'busy',
  'vehicle_problem',
  'end_of_shift',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** How an offer ended. Every offer ends exactly once. */
export type OfferOutcome = 'accepted' | 'rejected' | 'expired' | 'withdrawn' | 'undelivered';

/** Things an operator must see until someone deals with them. */
export type AlarmKind = 'unassigned' | 'late' | 'stalled' | 'pin_locked' | 'driver_lost';

export type Health = 'onTime' | 'atRisk' | 'late';

/**
 * How this order is dispatched: its zone's policy at placing, overridden per order, every duration
 * in real ms (TIME_SCALE already applied).
 */
export interface OrderPolicy {
  mode: 'sequential' | 'broadcast' | 'manual';
  /** The driver's time to answer. */
  offerMs: number;
  /** Allowance for the network between `expiresAt`, which the driver sees, and `closesAt`, which decides. */
  graceMs: number;
  /** An offer the phone has not acknowledged by then is withdrawn as undelivered. */
  seenMs: number;
  /** Length of one whole search. */
  searchMs: number;
  /** Pause before an empty search round is repeated. */
  retryMs: number;
  /** Misses after which `sequential` offers to `batchSize` drivers at once. */
  escalateAfter: number;
  batchSize: number;
  /** Search radius, widened one step per escalation, metres. */
  radiiMeters: number[];
  /** How long a driver who vanished before pick-up keeps the order. */
  releaseMs: number;
  /** A driver's work is at risk this long before it is late. */
  atRiskMs: number;
  /** A working state that lasts this long without an event raises an alarm; doubles at each repeat. */
  stallMs: number;
  /** Wrong PINs before only an operator can close the order. */
  pinTries: number;
}

export interface Offer {
  offerId: string;
  driverId: string;
  /** The driver's slot this order would fill: 0 .. capacity-1. */
  slot: number;
  capacity: number;
  offeredAt: number;
  /** Unacknowledged by the phone at this instant → undelivered. */
  seenBy: number;
  /** What the driver sees. */
  expiresAt: number;
  /** What decides: accept while at < closesAt, expire when at ≥ closesAt. */
  closesAt: number;
  seenAt?: number;
  /** Store to driver, straight line, when offered. */
  distanceMeters?: number;
}

/** What dispatch asks for; the machine adds the instants. */
export interface OfferRequest {
  offerId: string;
  driverId: string;
  slot: number;
  capacity: number;
  distanceMeters?: number;
}

export interface Search {
  startedAt: number;
  giveUpAt: number;
  /** From when dispatch should look; in the past: now. */
  readyAt: number;
  /** Offers of this search that came to nothing. */
  misses: number;
  /** Added to the radius by an operator, metres. */
  widenMeters: number;
  /** Time lost to an outage was given back, which happens once in a search. */
  extendedAt?: number;
}

export interface Assignment {
  driverId: string;
  slot: number;
  capacity: number;
  acceptedAt: number;
  /** Force-assigned by an operator, without an offer. */
  forced: boolean;
  /** The driver ended the shift or vanished; before pick-up the order is released at `releaseAt`. */
  lostAt?: number;
  releaseAt?: number;
}

export interface OrderItem {
  productId: string;
  name: string;
  quantity: number;
  unitCents: number;
}

/** What was ordered: in history entry 1 only, since it never changes. */
export interface PlacedOrder {
  orderId: string;
  customerId: string;
  storeId: string;
  zone: string;
  items: OrderItem[];
  totalCents: number;
  feeCents: number;
  /** What the driver gets for it; absent where the zone has no tariff. */
  payCents?: number;
  currency: string;
  pickup: Point;
  dropoff: Point;
  /** Free text of the customer: ≤ 200 characters each. */
  address: string;
  note?: string;
  /** Four digits the customer tells the driver; null: none asked. */
  pin: string | null;
  /** When searching starts; absent or past: at once. */
  searchAt?: number;
  promisedAt: number;
  etaAt: number;
  policy: OrderPolicy;
}

export interface OrderContext {
  orderId: string;
  customerId: string;
  storeId: string;
  zone: string;
  pickup: Point;
  dropoff: Point;
  itemCount: number;
  totalCents: number;
  feeCents: number;
  /** Absent in orders placed before there were tariffs, too. */
  payCents?: number;
  currency: string;
  placedAt: number;
  searchAt: number;
  promisedAt: number;
  etaAt: number;
  health: Health;
  pin: string | null;
  pinFailures: number;
  policy: OrderPolicy;
  search: Search | null;
  offers: Offer[];
  /** Drivers who are not offered this order again: they rejected, missed or gave it back. */
  excluded: string[];
  /** Drivers whose phone did not acknowledge, and when: not offered again before they are heard of. */
  unreached: Record<string, number>;
  assignment: Assignment | null;
  storeReadyAt: number | null;
  pickedUpAt: number | null;
  /** When the present working state counts as stalled, and how often it did. */
  stallAt: number | null;
  stalls: number;
  alarms: AlarmKind[];
  /** How it ended, or why it turned back: who, why, when. */
  ending: { by: Actor; reason: string; at: number } | null;
}

/** Commands' own payloads; the engine stamps `at` and `by`. One row each in order-events.ts. */
export type OrderCommand =
  | ({ type: 'order.place' } & PlacedOrder)
  | {
      type: 'search.start';
      reason?: string;
      widenMeters?: number;
      clearExcluded?: boolean;
      /** From now on, for this order alone. @default as the zone has it */
      mode?: OrderPolicy['mode'];
    }
  | { type: 'search.extend'; byMs: number }
  | { type: 'search.fail' }
  | { type: 'offer.open'; offers: OfferRequest[]; reason?: string }
  | { type: 'offer.seen'; offerId: string }
  | { type: 'offer.accept'; offerId: string }
  | { type: 'offer.reject'; offerId: string; reason: RejectReason }
  | { type: 'offer.expire' }
  | { type: 'offer.undeliver' }
  | { type: 'offer.withdraw'; driverId: string; reason: string }
  | {
      type: 'order.assign';
      driverId: string;
      slot: number;
      capacity: number;
      reason: string;
    }
  | { type: 'order.release'; reason: string }
  | { type: 'order.arriveStore'; reason?: string }
  | { type: 'store.ready'; reason?: string }
  | { type: 'order.pickUp'; reason?: string }
  | { type: 'order.arriveDoor'; reason?: string }
  | { type: 'order.deliver'; pin?: string; reason?: string }
  | { type: 'order.fail'; reason: string }
  | { type: 'order.startReturn'; reason?: string }
  | { type: 'order.completeReturn'; reason?: string }
  | { type: 'order.cancel'; reason: string }
  | { type: 'order.atRisk' }
  | { type: 'order.late' }
  | { type: 'order.stall' }
  | { type: 'driver.lose'; driverId: string }
  | { type: 'driver.find'; driverId: string };

export type OrderEvent = OrderCommand & Stamp;
export type OrderEventType = OrderCommand['type'];
export type OrderEventOf<T extends OrderEventType> = Extract<OrderEvent, { type: T }>;
