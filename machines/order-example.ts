import type { Actor, State } from './common.ts';
import { atRiskAtOf, failAtOf } from './order-deadlines.ts';
import { LATE_MS } from './order-offers.ts';
import { contextOf } from './order-readers.ts';
import type {
  Offer,
  OrderCommand,
  OrderContext,
  OrderEvent,
  OrderEventType,
  OrderPolicy,
} from './order-types.ts';

/** Who is offered or given the order in examples. */
const SOMEONE = 'example-driver';
const REASON = 'example';

const POLICY: OrderPolicy = {
  mode: 'sequential',
  offerMs: 20_000,
  graceMs: 1_500,
  seenMs: 5_000,
  searchMs: 180_000,
  retryMs: 5_000,
  escalateAfter: 3,
  batchSize: 3,
  radiiMeters: [3_000, 5_000, 7_000],
  releaseMs: 60_000,
  atRiskMs: 600_000,
  stallMs: 1_800_000,
  pinTries: 3,
};

/**
 * An event of this type, stamped, that is as legal as one can be in this state: what `by` could say,
 * at an instant at which it would count. For trying the machine; never shown, since it holds the PIN.
 */
export function exampleOf(type: OrderEventType, snapshot: State, by: Actor): OrderEvent {
  const context = contextOf(snapshot);
  const offer = context.offers.find(({ driverId }) => driverId === by.id) ?? context.offers[0];
  return {
    ...commandOf(type, context, by, offer),
    at: instantOf(type, context, offer),
    by,
  } as OrderEvent;
}

function commandOf(
  type: OrderEventType,
  context: OrderContext,
  by: Actor,
  offer: Offer | undefined,
): OrderCommand {
  const offerId = offer?.offerId ?? 'example-offer';
  const affected = context.assignment?.driverId ?? offer?.driverId ?? SOMEONE;
  switch (type) {
    case 'order.place':
      return placing(by.id);
    case 'search.extend':
      return { type, byMs: LATE_MS };
    case 'offer.open':
      return {
        type,
        offers: [{ offerId: 'example-offer-2', driverId: SOMEONE, slot: 0, capacity: 1 }],
        reason: REASON,
      };
    case 'offer.seen':
    case 'offer.accept':
      return { type, offerId };
    case 'offer.reject':
      return { type, offerId, reason: 'other' };
    case 'offer.withdraw':
      return { type, driverId: affected, reason: REASON };
    case 'order.assign':
      return { type, driverId: SOMEONE, slot: 0, capacity: 1, reason: REASON };
    case 'order.deliver':
      return by.role === 'driver' && context.pin !== null
        ? { type, pin: context.pin }
        : { type, reason: REASON };
    case 'order.release':
    case 'order.fail':
    case 'order.cancel':
      return { type, reason: REASON };
    case 'driver.lose':
    case 'driver.find':
      return { type, driverId: affected };
    default:
      return { type };
  }
}

function instantOf(type: OrderEventType, context: OrderContext, offer: Offer | undefined): number {
  const { offers, search, assignment } = context;
  const last = Math.max(context.placedAt, ...offers.map(({ offeredAt }) => offeredAt));
  switch (type) {
    case 'search.start':
      return context.searchAt;
    case 'search.extend':
      return search ? failAtOf(search) + LATE_MS + 1 : last;
    case 'search.fail':
      return search ? failAtOf(search) : last;
    case 'offer.seen':
    case 'offer.accept':
    case 'offer.reject':
      return offer?.offeredAt ?? last;
    case 'offer.expire':
      return Math.max(last, ...offers.map(({ closesAt }) => closesAt));
    case 'offer.undeliver':
      return Math.max(last, ...offers.map(({ seenBy }) => seenBy));
    case 'order.release':
      return assignment?.releaseAt ?? last;
    case 'order.atRisk':
      return atRiskAtOf(context);
    case 'order.late':
      return context.promisedAt;
    case 'order.stall':
      return context.stallAt ?? last;
    default:
      return last;
  }
}

const placing = (customerId: string): OrderCommand => ({
  type: 'order.place',
  orderId: 'example-order',
  customerId,
  storeId: 'example-store',
  zone: 'example-zone',
  items: [{ productId: 'example-product', name: 'Milk', quantity: 1, unitCents: 100 }],
  totalCents: 100,
  feeCents: 0,
  currency: 'EUR',
  pickup: { lat: 0, lng: 0 },
  dropoff: { lat: 0, lng: 0 },
  address: 'Example Street 1',
  pin: null,
  promisedAt: 3_600_000,
  etaAt: 3_000_000,
  policy: POLICY,
});
