import type { Point, Role } from '../../machines/common.ts';
import type { OrderEventType } from '../../machines/order-types.ts';
import type { OrdersPage } from './orders.ts';

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

/** Answer of GET /v1/ops/board. */
export interface BoardView extends OrdersPage {
  /** Orders not over, by state, of the zone asked for or of all. */
  counts: Record<string, number>;
}

/** A driver on duty, for operators. */
export interface DriverView {
  driverId: string;
  name: string;
  shiftId: string;
  /** Of the shift: what a command to it is decided on. */
  seq: number;
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
