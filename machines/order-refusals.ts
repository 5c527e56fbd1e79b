import { type JsonObject, type StampedEvent, type State, statePath } from './common.ts';
import { offerTo } from './order-offers.ts';
import { contextOf, isOver, type OrderResult, wrongPin } from './order-readers.ts';
import type { OfferOutcome, OrderEvent } from './order-types.ts';

interface Refusal {
  code: string;
  message: string;
  details?: JsonObject;
}

/**
 * A better answer than "not taken here": how the offer ended that a driver names, or what a delivery
 * lacks. Undefined where there is none. Tells nobody about another's offer or order.
 * @param history results of the order's steps so far
 */
export function refusalOf(
  snapshot: State,
  stamped: StampedEvent,
  history: readonly { result: JsonObject }[],
): Refusal | undefined {
  const event = stamped as OrderEvent;
  switch (event.type) {
    case 'offer.seen':
    case 'offer.accept':
    case 'offer.reject':
      return offerRefusal(snapshot, event, history);
    case 'order.deliver':
      return deliveryRefusal(snapshot, event);
    default:
      return undefined;
  }
}

function offerRefusal(
  snapshot: State,
  { offerId, at, by }: OrderEvent & { offerId: string },
  history: readonly { result: JsonObject }[],
): Refusal | undefined {
  const open = isOver(snapshot) ? undefined : offerTo(contextOf(snapshot), offerId, by);
  if (open)
    return at >= open.closesAt ? offerClosed(offerId, 'expired', { late: true }) : undefined;
  for (const { result } of history) {
    const closing = (result as unknown as OrderResult).closed?.find(
      (closed) => closed.offerId === offerId,
    );
    if (!closing) continue;
    const isHis = by.role === 'driver' && closing.driverId === by.id;
    if (!isHis) return undefined;
    const { outcome, reason } = closing;
    return offerClosed(offerId, outcome, reason === undefined ? {} : { reason });
  }
  return undefined;
}

const offerClosed = (offerId: string, outcome: OfferOutcome, more: JsonObject): Refusal => ({
  code: 'offer_closed',
  message: `offer ${offerId} is no longer open: ${outcome}`,
  details: { offerId, outcome, ...more },
});

function deliveryRefusal(
  snapshot: State,
  { by, reason }: OrderEvent & { type: 'order.deliver' },
): Refusal | undefined {
  const context = contextOf(snapshot);
  const state = statePath(snapshot.value);
  const isAtDoor = state === 'outForDelivery.atDoor';
  if (by.role === 'driver' && isAtDoor && by.id === context.assignment?.driverId) {
    const { code, message, triesLeft } = wrongPin(context);
    return { code, message, details: { triesLeft } };
  }
  const isOut = isAtDoor || state === 'outForDelivery.enRoute';
  if (by.role === 'operator' && isOut && !reason?.trim()) {
    return {
      code: 'malformed',
      message: 'an operator who closes an order without its PIN says why: reason',
      details: { field: 'reason' },
    };
  }
  return undefined;
}
