import type { Actor, JsonObject, StampedEvent, State } from './common.ts';
import { holdCandidates, rebook } from './order-bookings.ts';
import { dueEvent, nextWakeAt, workFor } from './order-deadlines.ts';
import { ORDER_EVENT_TYPES, ORDER_EVENTS, relationsTo } from './order-events.ts';
import { exampleOf } from './order-example.ts';
import { orderMachine } from './order-machine.ts';
import { offerTo } from './order-offers.ts';
import {
  audienceOf,
  columnsOf,
  contextOf,
  effectsOf,
  holdsOf,
  resultOf,
  stateOf,
} from './order-readers.ts';
import { refusalOf } from './order-refusals.ts';
import type { OrderEvent } from './order-types.ts';
import { step } from './pure-step.ts';

/** Everything the engine must know of orders. */
export const orderKind = {
  name: 'order',
  birth: 'order.place',
  currentVersion: 1,
  machines: new Map([[1, orderMachine]]),
  isEntitled,
  legalEvents,
  stateOf,
  columnsOf,
  holdsOf,
  nextWakeAt,
  dueEvent,
  workFor,
  effectsOf,
  resultOf: (before: State, event: StampedEvent, after: State): JsonObject => ({
    ...(resultOf(before, event, after) as unknown as JsonObject),
  }),
  notAfter,
  audienceOf,
  isClosing: (eventType: string): boolean => ruleOf(eventType)?.closing === true,
  refusalOf,
  holdCandidates,
  rebook,
};

/** Role, and what the sender is to the order; whether the state takes the event is the machine's. */
function isEntitled(snapshot: State, stamped: StampedEvent): boolean {
  const event = stamped as OrderEvent;
  const relation = ruleOf(event.type)?.grants[event.by.role];
  if (!relation) return false;
  // Before it is placed, an order belongs to whom it says.
  if (event.type === 'order.place') return event.customerId === event.by.id;
  return relationsTo(contextOf(snapshot), event.by).includes(relation);
}

/** Tried on the machine itself, so that a screen never shows a button that would be refused. */
function legalEvents(snapshot: State, by: Actor): string[] {
  return ORDER_EVENT_TYPES.filter((type) => {
    const event = exampleOf(type, snapshot, by);
    return isEntitled(snapshot, event) && step(orderMachine, snapshot, event) !== undefined;
  });
}

/**
 * By the database's clock: what a driver says of an offer counts before `closesAt`, and an offer is
 * opened before its `seenBy`, so that a slow write never costs a driver the time to answer.
 */
function notAfter(snapshot: State, stamped: StampedEvent): number | undefined {
  const event = stamped as OrderEvent;
  if (event.type === 'offer.open') return event.at + contextOf(snapshot).policy.seenMs;
  return 'offerId' in event
    ? offerTo(contextOf(snapshot), event.offerId, event.by)?.closesAt
    : undefined;
}

const ruleOf = (eventType: string) =>
  Object.hasOwn(ORDER_EVENTS, eventType)
    ? ORDER_EVENTS[eventType as OrderEvent['type']]
    : undefined;
