import type { Actor, StampedEvent, State } from './common.ts';
import { step } from './pure-step.ts';
import { relationsToShift, SHIFT_EVENT_TYPES, SHIFT_EVENTS } from './shift-events.ts';
import { exampleOfShift } from './shift-example.ts';
import { shiftMachine } from './shift-machine.ts';
import {
  audienceOf,
  columnsOf,
  dueEvent,
  effectsOf,
  holdCandidates,
  holdsOf,
  nextWakeAt,
  rebook,
  resultOf,
  shiftOf,
  stateOf,
} from './shift-readers.ts';
import type { ShiftEvent, ShiftEventType } from './shift-types.ts';

/** Everything the engine must know of shifts. */
export const shiftKind = {
  name: 'shift',
  birth: 'shift.start',
  currentVersion: 1,
  machines: new Map([[1, shiftMachine]]),
  isEntitled,
  legalEvents,
  stateOf,
  columnsOf,
  holdsOf,
  nextWakeAt,
  dueEvent,
  workFor: () => undefined,
  effectsOf,
  resultOf,
  notAfter: () => undefined,
  audienceOf,
  isClosing: (eventType: string): boolean => ruleOf(eventType)?.closing === true,
  refusalOf: () => undefined,
  holdCandidates,
  rebook,
};

function isEntitled(snapshot: State, stamped: StampedEvent): boolean {
  const event = stamped as ShiftEvent;
  const relation = ruleOf(event.type)?.grants[event.by.role];
  if (!relation) return false;
  // Before it starts, a shift belongs to whom it says.
  if (event.type === 'shift.start') return event.driverId === event.by.id;
  return relationsToShift(shiftOf(snapshot), event.by).includes(relation);
}

function legalEvents(snapshot: State, by: Actor): string[] {
  return SHIFT_EVENT_TYPES.filter((type) => {
    const event = exampleOfShift(type, snapshot, by);
    return isEntitled(snapshot, event) && step(shiftMachine, snapshot, event) !== undefined;
  });
}

const ruleOf = (eventType: string) =>
  Object.hasOwn(SHIFT_EVENTS, eventType) ? SHIFT_EVENTS[eventType as ShiftEventType] : undefined;
