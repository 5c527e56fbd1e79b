import type { Actor } from './common.ts';
import type {
  Offer,
  OfferOutcome,
  OfferRequest,
  OrderContext,
  OrderEvent,
  OrderPolicy,
} from './order-types.ts';

/** Beyond this, lateness is ours and not the driver's: no strike, and search time is given back. */
export const LATE_MS = 5_000;

/** How one offer ended. */
export interface Closing {
  offer: Offer;
  outcome: OfferOutcome;
  reason?: string;
}

/** An offer with the instants that the order's policy gives it. */
export const toOffer = (request: OfferRequest, policy: OrderPolicy, at: number): Offer => ({
  offerId: request.offerId,
  driverId: request.driverId,
  slot: request.slot,
  capacity: request.capacity,
  offeredAt: at,
  seenBy: at + policy.seenMs,
  expiresAt: at + policy.offerMs,
  closesAt: at + policy.offerMs + policy.graceMs,
  ...(request.distanceMeters === undefined ? {} : { distanceMeters: request.distanceMeters }),
});

/** The open offer of this id, if it was made to this driver. */
export const offerTo = (context: OrderContext, offerId: string, by: Actor): Offer | undefined =>
  context.offers.find(
    (offer) => offer.offerId === offerId && by.role === 'driver' && offer.driverId === by.id,
  );

/**
 * The offers which this event ends, and how: the one place that decides it, for the machine's
 * guards, its assigns and what is told to the world. Empty when it ends none.
 */
export function closingsOf(context: OrderContext, event: OrderEvent): Closing[] {
  const { at } = event;
  switch (event.type) {
    case 'offer.accept': {
      const taken = offerTo(context, event.offerId, event.by);
      if (!taken || at >= taken.closesAt) return [];
      return context.offers.map((offer) =>
        offer === taken ? { offer, outcome: 'accepted' } : withdrawn(offer, 'taken'),
      );
    }
    case 'offer.reject': {
      const offer = offerTo(context, event.offerId, event.by);
      if (!offer || at >= offer.closesAt) return [];
      return [{ offer, outcome: 'rejected', reason: event.reason }];
    }
    case 'offer.expire':
      return context.offers
        .filter((offer) => offer.closesAt <= at)
        .map((offer) => ({
          offer,
          outcome: offer.seenAt === undefined ? 'undelivered' : 'expired',
        }));
    case 'offer.undeliver':
      return context.offers
        .filter((offer) => offer.seenAt === undefined && offer.seenBy <= at)
        .map((offer) => ({ offer, outcome: 'undelivered' }));
    case 'offer.withdraw':
      return withdrawnFrom(context, event.driverId, event.reason);
    case 'driver.lose':
      return withdrawnFrom(context, event.driverId, 'driver_lost');
    case 'order.assign':
      return context.offers.map((offer) => withdrawn(offer, 'assigned'));
    case 'order.cancel':
      return context.offers.map((offer) => withdrawn(offer, 'cancelled'));
    default:
      return [];
  }
}

/**
 * How long ago the deadline passed that ended these offers: our own outage, if it is long.
 * 0 where people ended them.
 */
export function latenessOf(closings: Closing[], event: OrderEvent): number {
  switch (event.type) {
    case 'offer.expire':
      return event.at - Math.max(...closings.map(({ offer }) => offer.closesAt));
    case 'offer.undeliver':
      return event.at - Math.max(...closings.map(({ offer }) => offer.seenBy));
    default:
      return 0;
  }
}

/** A strike is only for an offer that reached the phone and whose expiry we noticed in time. */
export const isStrike = ({ offer, outcome }: Closing, at: number): boolean =>
  outcome === 'expired' && at - offer.closesAt <= LATE_MS;

const withdrawn = (offer: Offer, reason: string): Closing => ({
  offer,
  outcome: 'withdrawn',
  reason,
});

const withdrawnFrom = (context: OrderContext, driverId: string, reason: string): Closing[] =>
  context.offers
    .filter((offer) => offer.driverId === driverId)
    .map((offer) => withdrawn(offer, reason));
