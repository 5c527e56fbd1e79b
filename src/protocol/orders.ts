import type { Point, Role } from '../../machines/common.ts';
import type { Health, OfferOutcome, OrderEventType } from '../../machines/order-types.ts';
import type { ErrorCode } from '../errors.ts';

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

export type OrderStep = OrderEventView | RedactedEvent;

/** True for a step that its receiver may see. */
export const isVisible = (step: OrderStep): step is OrderEventView => 'type' in step;

/** A page of orders, newest first; the next one begins at `cursor=nextCursor`. */
export interface OrdersPage {
  orders: OrderView[];
  nextCursor?: string;
}
