import type { Point, Role } from '../machines/common.ts';
import type {
  Health,
  OfferOutcome,
  OrderEventType,
  RejectReason,
} from '../machines/order-types.ts';
import type { ErrorCode } from './errors.ts';

/** Everything that crosses the wire, for both of its ends. Instants (`…At`, `serverNow`) are epoch ms. */

/** A refusal, in an HTTP body under `error` and in an acknowledgement alike. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: Record<string, unknown>;
  requestId?: string;
}

export interface UserView {
  userId: string;
  role: Exclude<Role, 'system'>;
  name: string;
  email: string;
  storeId?: string;
  capacity?: number;
}

/** Answer of /v1/auth/register, login and refresh. A browser's refresh token is in a cookie instead. */
export interface AuthAnswer {
  accessToken: string;
  /** From now, ms. */
  expiresInMs: number;
  refreshToken?: string;
  user: UserView;
}

export interface PlaceOrder {
  storeId: string;
  items: { productId: string; quantity: number }[];
  dropoff: Point;
  /** ≤ 200 characters. */
  address: string;
  note?: string;
  /** When searching starts; absent: at once. */
  searchAt?: number;
}

/** What a driver is asked to decide on. */
export interface OfferView {
  offerId: string;
  orderId: string;
  offeredAt: number;
  expiresAt: number;
  pickup: Point;
  /** Rounded to some hundred metres: the door is for whoever carries the order. */
  dropoff: Point;
  storeId: string;
  itemCount: number;
  currency: string;
  /** What the driver gets for it; absent where the zone has no tariff. */
  payCents?: number;
  /** From where the driver was when asked to the store, straight line. */
  distanceMeters?: number;
}

/** An order as a role may see it: what it may not see is absent. */
export interface OrderView {
  orderId: string;
  seq: number;
  state: string;
  customerId?: string;
  storeId: string;
  zone: string;
  /** The customer and the store are told the name instead. */
  driverId?: string;
  /** First name of who carries it: the customer's, the store's and the operators'. */
  driverName?: string;
  pickup: Point;
  /** Rounded for who has no business at the door: the store, a driver who is only asked. */
  dropoff: Point;
  /** Of one order, never in lists: the customer's, the operators' and who carries it. */
  address?: string;
  note?: string;
  /** Of one order, never in lists: everyone's but a driver who is only asked. */
  items?: { productId: string; name: string; quantity: number; unitCents: number }[];
  itemCount: number;
  totalCents: number;
  feeCents: number;
  /** The drivers' and the operators' business. */
  payCents?: number;
  currency: string;
  placedAt: number;
  searchAt?: number;
  promisedAt: number;
  etaAt: number;
  health: Health;
  storeReadyAt?: number;
  pickedUpAt?: number;
  /** The customer's only. */
  pin?: string;
  /** Operators see all, a driver their own. */
  offers?: (OfferView & { driverId: string; seenAt?: number })[];
  /** Operators only: while a driver is looked for or asked. `manual`: an operator is to offer it. */
  search?: { startedAt: number; giveUpAt: number; misses: number; manual: boolean };
  /** Operators only: the driver is lost, and gives the order back then unless heard of. */
  releaseAt?: number;
  /** Operators only: work that has not moved by then raises an alarm. */
  stallAt?: number;
  ending?: { by: Role; reason: string; at: number };
}

/** A step that the role may not see: it only counts. */
export interface RedactedEvent {
  orderId: string;
  seq: number;
}

/** A step of an order, live and missed alike. */
export interface OrderEventView extends RedactedEvent {
  type: OrderEventType;
  at: number;
  from: string;
  to: string;
  by: { role: Role; id?: string };
  /** Who carries it after the step; null: nobody, or, to a driver, not you. Absent for roles that may not know. */
  driverId?: string | null;
  reason?: string;
  /** Offers that the step ended, and made: operators see all, a driver their own. */
  closed?: { offerId: string; driverId: string; outcome: OfferOutcome; reason?: string }[];
  opened?: { offerId: string; driverId: string; expiresAt: number }[];
  refused?: { code: ErrorCode };
}

/**
 * Steps of one transition since the console was last told: type, from and to name it on the machine's
 * chart. However many steps there were, there are no more of these than the machine has transitions.
 */
export interface TakenView {
  type: OrderEventType;
  from: string;
  to: string;
  times: number;
  /** Newest first, ≤ 5. */
  latest: { orderId: string; seq: number; at: number }[];
}

export type OrderStep = OrderEventView | RedactedEvent;

/** True for a step that its receiver may see. */
export const isVisible = (step: OrderStep): step is OrderEventView => 'type' in step;

/**
 * One step whole, as the machine took it, for operators. Every PIN in it is masked: the right one by
 * one mark, a wrong one by another, so that the machine still tells them apart.
 */
export interface RecordedStep {
  seq: number;
  at: number;
  event: { type: string; at: number; by: { role: Role; id: string } } & Record<string, unknown>;
  from: string;
  to: string;
}

/** Why an offer went to this driver; without one, why a look found nobody. */
export interface WhyView {
  offerId?: string;
  orderId: string;
  driverId?: string;
  /** `policy`, or the id of the operator who chose. */
  by: string;
  radiusMeters?: number;
  misses?: number;
  /** Best first, then who was left out and why; at most 20. */
  considered: {
    driverId: string;
    distanceMeters: number;
    /** 1 is asked first. */
    rank?: number;
    leftOut?:
      | 'off_duty'
      | 'on_break'
      | 'paused'
      | 'excluded'
      | 'unreached'
      | 'being_asked'
      | 'no_free_slot';
  }[];
  createdAt: number;
}

/** Answer of GET /v1/ops/orders/:orderId/record: enough to take the order through its machine again. */
export interface OrderRecord {
  orderId: string;
  machineVersion: number;
  steps: RecordedStep[];
  /** Names of the people in it, by their ids. */
  names: Record<string, string>;
}

/** `details` of the refusal `moved_on`: what was done since, oldest first, and by whom. */
export interface MovedOn {
  seq: number;
  state: string;
  steps: { seq: number; at: number; type: string; by: { role: Role; id: string; name?: string } }[];
}

/** When the driver tapped, by the server's clock as the phone knows it: what is in time is no strike. */
export interface Tapped {
  tappedAt?: number;
}

/** `details` of `offer_closed`. */
export interface OfferClosedDetails {
  offerId: string;
  outcome: OfferOutcome;
  reason?: string;
  /** First name of the driver who was faster. */
  takenBy?: string;
  /** The tap was in time: how much of it was left, how late it came, and whether it counts all the same. */
  inTime?: { leftMs: number; lateMs: number; strike: boolean };
}

/** What people may send about an order; who may send what is machines/order-events.ts. */
export type OrderCommandInput =
  | {
      type: 'search.start';
      reason?: string;
      widenMeters?: number;
      clearExcluded?: boolean;
      /** How this order is dispatched from now on. */
      mode?: 'sequential' | 'broadcast' | 'manual';
    }
  | { type: 'offer.seen'; offerId: string }
  | ({ type: 'offer.accept'; offerId: string } & Tapped)
  | ({ type: 'offer.reject'; offerId: string; reason: RejectReason } & Tapped)
  | { type: 'offer.withdraw'; driverId: string; reason: string }
  | { type: 'order.offer' | 'order.assign'; driverId: string; reason: string }
  | { type: 'order.release' | 'order.fail' | 'order.cancel'; reason: string }
  | {
      type:
        | 'order.arriveStore'
        | 'store.ready'
        | 'order.pickUp'
        | 'order.arriveDoor'
        | 'order.startReturn'
        | 'order.completeReturn';
      reason?: string;
    }
  | { type: 'order.deliver'; pin?: string; reason?: string };

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

/** A command that was taken. */
export interface CommandAnswer {
  id: string;
  seq: number;
  commandId: string;
  state: string;
}

type CommandId = { commandId: string };

/** Of a command: taken only while the order is at this step, else `moved_on`. */
export type IfSeq = { ifSeq?: number };

/** Client → server: each with its payload; every message is acknowledged. */
export interface Requests {
  'order:place': PlaceOrder & { idempotencyKey: string };
  'order:watch': { orderId: string; sinceSeq?: number };
  'order:unwatch': { orderId: string };
  'order:command': { orderId: string } & CommandId & IfSeq & OrderCommandInput;
  'offer:seen': { orderId: string; offerId: string } & CommandId;
  'offer:accept': { orderId: string; offerId: string } & Tapped & CommandId;
  'offer:reject': { orderId: string; offerId: string; reason: RejectReason } & Tapped & CommandId;
  'shift:start': { zone: string; capacity?: number } & CommandId;
  'shift:break': CommandId;
  'shift:resume': CommandId;
  'shift:end': { reason?: string } & CommandId;
  'driver:position': Point;
  'ops:watch': { zone?: string };
  'ops:unwatch': Record<string, never>;
  'session:refresh': { token: string };
}

/** What each is answered, beside `ok: true` and `serverNow`. */
export interface Answers {
  'order:place': CommandAnswer & { order: OrderView };
  'order:watch': { snapshot: OrderView; events: OrderStep[] };
  'order:unwatch': object;
  'order:command': CommandAnswer;
  'offer:seen': CommandAnswer;
  'offer:accept': CommandAnswer;
  'offer:reject': CommandAnswer;
  'shift:start': CommandAnswer & { shift: ShiftView };
  'shift:break': CommandAnswer;
  'shift:resume': CommandAnswer;
  'shift:end': CommandAnswer;
  'driver:position': object;
  'ops:watch': {
    orders: OrderView[];
    /** False where there are more orders than a console is given at once. */
    complete: boolean;
    /** Who took each transition last, ≤ 20 each, as far as the node remembers; empty for one zone. */
    lately: Omit<TakenView, 'times'>[];
  };
  'ops:unwatch': object;
  'session:refresh': { expiresInMs: number };
}

/** Every acknowledgement. */
export type Ack<N extends keyof Answers> = { serverNow: number } & (
  | ({ ok: true } & Answers[N])
  | { ok: false; error: WireError }
);

/** Server → client. */
export interface Pushes {
  'order:event': OrderStep;
  'order:snapshot': OrderView;
  'offer:opened': OfferView & { serverNow: number };
  /** `takenBy`: first name of the driver who was faster. */
  'offer:closed': {
    offerId: string;
    orderId: string;
    outcome: OfferOutcome;
    reason?: string;
    takenBy?: string;
  };
  'shift:state': ShiftView;
  /** All open alarms, oldest first, whenever one of them changed. */
  'ops:alarms': { alarms: AlarmView[] };
  'ops:delta': {
    /** 1 for the first after `ops:watch`, then +1 each: a console that misses one watches again. */
    counter: number;
    serverNow: number;
    orders: OrderView[];
    gone: string[];
    taken: TakenView[];
  };
  /** First word of the server on a new connection: its clock, and by how much its durations are divided. */
  'session:open': { serverNow: number; timeScale: number };
  /** Send `session:refresh` with a new token, or the connection ends then. */
  'session:expiring': { inMs: number };
  /** Where the driver of an order that is watched is, and when it comes by that; at most once a second. */
  'driver:position': { orderId: string; at: number; etaAt?: number } & Point;
  stale: { since: number };
  resync: Record<string, never>;
  /** This node stops: connect again, another one answers. */
  'server:closing': Record<string, never>;
}

/** A page of orders, newest first; the next one begins at `cursor=nextCursor`. */
export interface OrdersPage {
  orders: OrderView[];
  nextCursor?: string;
}

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

/** Answer of GET /v1/ops/board. */
export interface BoardView extends OrdersPage {
  /** Orders not over, by state, of the zone asked for or of all. */
  counts: Record<string, number>;
}

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

/** A driver on duty, for operators. */
export interface DriverView {
  driverId: string;
  name: string;
  shiftId: string;
  state: string;
  zone: string;
  capacity: number;
  strikes: number;
  pausedUntil: number | null;
  startedAt: number;
  /** What the driver was asked on this shift, of the last two hours at most, and said. */
  tally: { offers: number; accepted: number; rejected: number; missed: number; perHour: number };
  /** Orders carried now. */
  orders: string[];
  /** True while an offer to this driver is open. */
  offered: boolean;
  point?: Point;
  positionAt?: number;
  seenAt?: number;
}

/** Something an operator must see until someone deals with it. */
export interface AlarmView {
  alarmId: string;
  alarm: string;
  orderId?: string;
  /** Whose silence it is. */
  driverId?: string;
  zone?: string;
  since: number;
  open: boolean;
  /** Of an order's alarm: the state it was raised in; of the engine's: what failed. */
  detail?: string;
  acknowledgedBy?: string;
  acknowledgedAt?: number;
  snoozedUntil?: number;
  claimedBy?: string;
  clearedAt?: number;
}

/** Answer of /readyz: 200 when ready, 503 when not. */
export interface ReadyView {
  ready: boolean;
  /** Why it is not ready, or not durable. */
  why?: string;
  timeScale: number;
  /** False: on the memory store, which a restart forgets. */
  durable: boolean;
  store: string;
  storeVersion?: string;
  /** Nothing was heard of the database for 2 s: screens may be behind. */
  stale: boolean;
  /** The database's clock minus this node's, ms, and how exact that is. */
  clockOffsetMs: number;
  clockErrorMs: number;
  nodes: string[];
}

export interface ZoneView {
  zone: string;
  name: string;
  polygon: Point[];
  currency: string;
  feeCents: number;
}

export interface StoreView extends Point {
  storeId: string;
  name: string;
  zone: string;
}

export interface ProductView {
  productId: string;
  name: string;
  unitCents: number;
  available: boolean;
}
