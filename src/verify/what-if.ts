import { isDeepStrictEqual } from 'node:util';
import type { Actor, Role, State } from '../../machines/common.ts';
import { ORDER_EVENTS } from '../../machines/order-events.ts';
import { exampleOf } from '../../machines/order-example.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { OrderEventType } from '../../machines/order-types.ts';
import { SHIFT_EVENTS } from '../../machines/shift-events.ts';
import { exampleOfShift } from '../../machines/shift-example.ts';
import { shiftOf } from '../../machines/shift-readers.ts';
import type { ShiftEventType } from '../../machines/shift-types.ts';
import type { ActorKind } from '../engine/actor-kind.ts';
import { decide, initialSnapshot, machineOf } from '../engine/live-actor.ts';
import { replay } from '../engine/replay.ts';
import type { ActorEvent, HistoryEntry, JsonObject, PersistedSnapshot } from '../engine/types.ts';

export interface Question {
  /** The step after which it is tried; 0: before the first. */
  seq: number;
  event: string;
  /** @default someone who may send it, if anyone may */
  by?: Actor;
  /** Over an example that is as legal as one can be there. */
  payload?: JsonObject;
}

export type Verdict = { state: string; event: ActorEvent } & (
  | {
      taken: true;
      to: string;
      changes: [field: string, before: unknown, after: unknown][];
      holds: { taken: string[]; given: string[] };
      /** Epoch ms. */
      wakeAt: number | undefined;
      effects: { type: string; payload: JsonObject }[];
      result: JsonObject;
    }
  | { taken: false; code: string; message: string; accepted: string[] }
);

export interface Life {
  kind: ActorKind;
  id: string;
  machineVersion: number;
  history: readonly HistoryEntry[];
}

/** Event types of a kind of actor. */
export const eventsOf = (kind: string): string[] => Object.keys(rulesOf(kind));

/**
 * What the machine would have done: decided purely, on the state after that step.
 * @throws Error when the history does not replay so far
 */
export function whatIf({ kind, id, machineVersion, history }: Life, question: Question): Verdict {
  const machine = machineOf(kind, machineVersion, id);
  const past = history.filter(({ seq }) => seq <= question.seq);
  let before: PersistedSnapshot = initialSnapshot(machine);
  for (const step of replay(kind, id, machineVersion, past)) before = step.after;
  const event = eventFor(kind.name, before, question, past.at(-1)?.at ?? 0);
  const state = kind.stateOf(before);
  const entitled = kind.isEntitled(before, event);
  const after = entitled ? decide(machine, before, event) : undefined;
  if (!after)
    return { state, event, taken: false, ...refusal(kind, before, event, entitled, past) };
  const [had, has] = [kind.holdsOf(before), kind.holdsOf(after)];
  return {
    ...{ state, event, taken: true, to: kind.stateOf(after) },
    changes: changesOf(before.context, after.context),
    holds: {
      taken: has.filter((hold) => !had.includes(hold)),
      given: had.filter((hold) => !has.includes(hold)),
    },
    wakeAt: kind.nextWakeAt(after),
    effects: kind.effectsOf(before, event, after),
    result: kind.resultOf(before, event, after),
  };
}

function refusal(
  kind: ActorKind,
  before: PersistedSnapshot,
  event: ActorEvent,
  entitled: boolean,
  history: readonly HistoryEntry[],
): { code: string; message: string; accepted: string[] } {
  const better = kind.refusalOf(before, event, history);
  const { role, id } = event.by;
  return {
    code: better?.code ?? (entitled ? 'illegal_transition' : 'not_found'),
    message:
      better?.message ??
      (entitled
        ? `${event.type} is not taken in ${kind.stateOf(before)} as it stands`
        : `${role} ${id} may not send ${event.type} there`),
    accepted: kind.legalEvents(before, event.by),
  };
}

function eventFor(
  kind: string,
  before: PersistedSnapshot,
  { event: type, by, payload }: Question,
  now: number,
): ActorEvent {
  const sender = by ?? senderOf(kind, type, before);
  const example = (kind === 'order'
    ? exampleOf(type as OrderEventType, before, sender)
    : exampleOfShift(type as ShiftEventType, before, sender)) as unknown as ActorEvent;
  return { ...example, at: Math.max(example.at, now), ...payload, type, by: { ...sender } };
}

/** Who may send it, as what it takes: the driver it is about, the customer whose it is. */
function senderOf(kind: string, type: string, before: State): Actor {
  const [role = 'system', relation] = Object.entries(rulesOf(kind)[type]?.grants ?? {})[0] ?? [];
  const known = kind === 'order' ? knownInOrder(before) : { driver: shiftOf(before).driverId };
  const asked =
    kind === 'order' && relation === 'offered' ? contextOf(before).offers[0]?.driverId : '';
  return { role: role as Role, id: asked || known[role as keyof typeof known] || role };
}

function knownInOrder(before: State): Partial<Record<Role, string>> {
  const { customerId, storeId, assignment, offers } = contextOf(before);
  const driver = assignment?.driverId ?? offers[0]?.driverId;
  return { customer: customerId, store: storeId, ...(driver ? { driver } : {}) };
}

const rulesOf = (kind: string): Record<string, { grants: object }> =>
  kind === 'order' ? ORDER_EVENTS : SHIFT_EVENTS;

const changesOf = (before: JsonObject, after: JsonObject): [string, unknown, unknown][] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => [field, before[field], after[field]]);
