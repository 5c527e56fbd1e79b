import type { Role } from '../../machines/common.ts';
import type { OfferOutcome, RejectReason } from '../../machines/order-types.ts';

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

/** Of a command: taken only while the order or shift is at this step, else `moved_on`. */
export type IfSeq = { ifSeq?: number };

/** `details` of the refusal `moved_on`: what was done since, oldest first, and by whom. */
export interface MovedOn {
  seq: number;
  state: string;
  steps: { seq: number; at: number; type: string; by: { role: Role; id: string; name?: string } }[];
}

/** A command that was taken. */
export interface CommandAnswer {
  id: string;
  seq: number;
  commandId: string;
  state: string;
}
