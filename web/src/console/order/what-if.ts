import type { Actor, State } from '../../../../machines/common.ts';
import { exampleOf } from '../../../../machines/order-example.ts';
import { orderKind } from '../../../../machines/order-kind.ts';
import { orderMachine } from '../../../../machines/order-machine.ts';
import { contextOf, driversOf, resultOf, stateOf } from '../../../../machines/order-readers.ts';
import type { OrderEventType } from '../../../../machines/order-types.ts';
import { step } from '../../../../machines/pure-step.ts';
import type { RecordedStep } from '../../../../src/protocol/operators.ts';
import type { Moment } from './replay.ts';

/** What one of the people of an order could do next. */
export interface Possible {
  by: Actor;
  events: OrderEventType[];
}

/** Everything that could happen next, by who could do it: tried on the machine. */
export const possibleNext = (state: State, me: Actor): Possible[] =>
  peopleOf(state, me)
    .map((by) => ({ by, events: orderKind.legalEvents(state, by) as OrderEventType[] }))
    .filter(({ events }) => events.length > 0);

function peopleOf(state: State, me: Actor): Actor[] {
  const { customerId, storeId } = contextOf(state);
  return [
    ...driversOf(state).map((id) => ({ role: 'driver', id }) as const),
    me,
    { role: 'customer', id: customerId },
    { role: 'store', id: storeId },
    { role: 'system', id: 'clock' },
  ];
}

/** The step that the event would be, taken on the machine in this page; nothing is sent. */
export function tryEvent(before: Moment, type: OrderEventType, by: Actor): Moment | undefined {
  const example = exampleOf(type, before.state, by);
  // Nothing happens before what has happened.
  const event = { ...example, at: Math.max(example.at, before.at) };
  const state = step(orderMachine, before.state, event);
  if (!state) return undefined;
  return {
    ...{ seq: before.seq + 1, at: event.at, event: event as unknown as RecordedStep['event'] },
    ...{ from: stateOf(before.state), to: stateOf(state), state },
    result: resultOf(before.state, event, state),
  };
}
