import { type JsonObject, type StampedEvent, type State, statePath } from './common.ts';
import { isPinLocked } from './order-guards.ts';
import { closingsOf, isStrike } from './order-offers.ts';
import type { AlarmKind, Offer, OfferOutcome, OrderContext, OrderEvent } from './order-types.ts';

/** What a step answers its sender with; feeds and presenters read offers' fates from it. */
export interface OrderResult {
  state: string;
  /** Offers that this step ended. Absent when none. */
  closed?: { offerId: string; driverId: string; outcome: OfferOutcome; reason?: string }[];
  /** Offers that this step made. Absent when none. */
  opened?: Offer[];
  /** The step was taken down, and yet refused: a wrong PIN. */
  refused?: { code: 'wrong_pin'; message: string; triesLeft: number };
}

export const contextOf = (snapshot: State): OrderContext => snapshot.context as OrderContext;

/** Dotted state path, e.g. `pending.offered`. */
export const stateOf = (snapshot: State): string => statePath(snapshot.value);

/** True when nothing can happen to the order any more. */
export const isOver = (snapshot: State): boolean => snapshot.status === 'done';

/** Drivers who have to do with the order now: who carries it, who is asked. */
export function driversOf(snapshot: State): string[] {
  const { assignment, offers } = contextOf(snapshot);
  return [...(assignment ? [assignment.driverId] : []), ...offers.map((offer) => offer.driverId)];
}

/**
 * What the order keeps of drivers: an open offer their one offer and a slot, an assignment the slot,
 * until the order is over or given back.
 */
export function holdsOf(snapshot: State): string[] {
  if (isOver(snapshot)) return [];
  const { assignment, offers } = contextOf(snapshot);
  return [
    ...(assignment ? [slotHold(assignment)] : []),
    ...offers.flatMap((offer) => [offerHold(offer.driverId), slotHold(offer)]),
  ];
}

export const offerHold = (driverId: string): string => `${driverId}#offer`;
export const slotHold = (work: { driverId: string; slot: number }): string =>
  `${work.driverId}#${work.slot}`;

/** Fields that lists and indexes need. `undefined` unsets. */
export function columnsOf(snapshot: State): JsonObject {
  const { customerId, storeId, zone, assignment, health, promisedAt } = contextOf(snapshot);
  return {
    customerId,
    storeId,
    zone,
    driverId: assignment?.driverId,
    live: isOver(snapshot) ? undefined : true,
    health,
    promisedAt,
  };
}

/** Whom a step concerns: the people of the order before and after it, and its zone. */
export function audienceOf(before: State, _event: StampedEvent, after: State): string[] {
  const { customerId, storeId, zone } = contextOf(after);
  const drivers = [...driversOf(before), ...driversOf(after)];
  return [
    `customer:${customerId}`,
    `store:${storeId}`,
    ...new Set(drivers.map((driverId) => `driver:${driverId}`)),
    `zone:${zone}`,
  ];
}

/** What the world should do about a step: alarms, and what an answer or its lack says of a driver. */
export function effectsOf(
  before: State,
  event: StampedEvent,
  after: State,
): { type: string; payload: JsonObject }[] {
  const { orderId, zone, alarms } = contextOf(after);
  const had = contextOf(before).alarms;
  const alarmEffect = (type: string) => (alarm: AlarmKind) => ({
    type,
    payload: { orderId, alarm, zone },
  });
  const driverEffects = closingsOf(contextOf(before), event as OrderEvent).flatMap((closing) => {
    const { offerId, driverId } = closing.offer;
    const payload = { driverId, orderId, offerId, outcome: closing.outcome };
    if (closing.outcome === 'accepted' || closing.outcome === 'rejected') {
      return [{ type: 'shift.answer', payload }];
    }
    return isStrike(closing, event.at) ? [{ type: 'shift.strike', payload }] : [];
  });
  return [
    ...alarms.filter((alarm) => !had.includes(alarm)).map(alarmEffect('alarm.raise')),
    ...had.filter((alarm) => !alarms.includes(alarm)).map(alarmEffect('alarm.clear')),
    ...driverEffects,
  ];
}

/** What the sender is answered. */
export function resultOf(before: State, event: StampedEvent, after: State): OrderResult {
  const known = new Set(contextOf(before).offers.map((offer) => offer.offerId));
  const opened = contextOf(after).offers.filter((offer) => !known.has(offer.offerId));
  const closed = closingsOf(contextOf(before), event as OrderEvent).map((closing) => ({
    offerId: closing.offer.offerId,
    driverId: closing.offer.driverId,
    outcome: closing.outcome,
    ...(closing.reason === undefined ? {} : { reason: closing.reason }),
  }));
  const isRefused = event.type === 'order.deliver' && !isOver(after);
  return {
    state: stateOf(after),
    ...(closed.length > 0 ? { closed } : {}),
    ...(opened.length > 0 ? { opened } : {}),
    ...(isRefused ? { refused: wrongPin(contextOf(after)) } : {}),
  };
}

/** The refusal of a PIN, and how many tries the driver has left. */
export function wrongPin(context: OrderContext) {
  const triesLeft = Math.max(0, context.policy.pinTries - context.pinFailures);
  return {
    code: 'wrong_pin' as const,
    message: isPinLocked(context)
      ? 'too many wrong PINs; an operator can close the order'
      : 'that is not the PIN the customer was given',
    triesLeft,
  };
}
