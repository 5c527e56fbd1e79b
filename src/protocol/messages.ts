import type { Point } from '../../machines/common.ts';
import type { OfferOutcome, RejectReason } from '../../machines/order-types.ts';
import type { ErrorCode } from '../errors.ts';
import type { CommandAnswer, IfSeq, OrderCommandInput, Tapped } from './commands.ts';
import type { AlarmView, TakenView } from './operators.ts';
import type { OfferView, OrderStep, OrderView, PlaceOrder } from './orders.ts';
import type { ShiftView } from './shifts.ts';

/**
 * Every message of the sockets, for both of their ends. Instants (`…At`, `serverNow`) are epoch ms, here
 * and in all of the protocol.
 */

/** A refusal, in an HTTP body under `error` and in an acknowledgement alike. */
export interface WireError {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details?: Record<string, unknown>;
  requestId?: string;
}

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

type CommandId = { commandId: string };
