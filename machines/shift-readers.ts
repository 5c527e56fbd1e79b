import { type JsonObject, type StampedEvent, type State, statePath } from './common.ts';
import type { ShiftContext, ShiftEvent } from './shift-types.ts';

export const shiftOf = (snapshot: State): ShiftContext => snapshot.context as ShiftContext;

/** Dotted state path, e.g. `onDuty.available`. */
export const stateOf = (snapshot: State): string => statePath(snapshot.value);

/** A driver has one open shift. */
export const shiftHold = (driverId: string): string => `${driverId}#shift`;

export const holdsOf = (snapshot: State): string[] =>
  snapshot.status === 'done' ? [] : [shiftHold(shiftOf(snapshot).driverId)];

/** Fields that lists and indexes need. `undefined` unsets. */
export function columnsOf(snapshot: State): JsonObject {
  const { driverId, zone, capacity } = shiftOf(snapshot);
  return { driverId, zone, capacity, live: snapshot.status === 'done' ? undefined : true };
}

const PAUSED = 'onDuty.paused';

/** The end of a pause is the only deadline. */
export const nextWakeAt = (snapshot: State): number | undefined =>
  stateOf(snapshot) === PAUSED ? (shiftOf(snapshot).pausedUntil ?? undefined) : undefined;

export function dueEvent(snapshot: State, now: number) {
  const dueAt = nextWakeAt(snapshot);
  return dueAt !== undefined && dueAt <= now
    ? { event: { type: 'shift.unpause' }, dueAt }
    : undefined;
}

/**
 * `driver.back` when offers may come again, `driver.away` when they may not, `driver.gone` when the
 * driver's orders have to be taken care of.
 */
export function effectsOf(
  before: State,
  _event: StampedEvent,
  after: State,
): { type: string; payload: JsonObject }[] {
  const [from, to] = [stateOf(before), stateOf(after)];
  if (from === to) return [];
  const { driverId, shiftId, zone, ending } = shiftOf(after);
  const payload = { driverId, shiftId, zone };
  if (to === 'ended') {
    return [{ type: 'driver.gone', payload: { ...payload, reason: ending?.reason } }];
  }
  if (to === 'onDuty.available') return [{ type: 'driver.back', payload }];
  return from === 'onDuty.available' ? [{ type: 'driver.away', payload }] : [];
}

/** What the sender is answered. */
export function resultOf(_before: State, _event: StampedEvent, after: State): JsonObject {
  const { strikes, pausedUntil } = shiftOf(after);
  return {
    state: stateOf(after),
    strikes,
    ...(pausedUntil === null ? {} : { pausedUntil }),
  };
}

/** Why a driver is paused. */
export type PauseCause = { why: 'strikes' } | { why: 'operator'; reason: string };

/** What began the pause in force, as the steps so far tell; undefined when there is none. */
export function pauseOf(
  history: readonly { event: { type: string }; from: string; to: string }[],
): PauseCause | undefined {
  let cause: PauseCause | undefined;
  for (const { event, from, to } of history) {
    if (to !== PAUSED) cause = undefined;
    else if (event.type === 'shift.pause') {
      cause = { why: 'operator', reason: (event as { reason?: string }).reason ?? '' };
    } else if (from !== PAUSED) cause = { why: 'strikes' };
  }
  return cause;
}

/** Whom a step concerns. */
export function audienceOf(_before: State, _event: StampedEvent, after: State): string[] {
  const { driverId, zone } = shiftOf(after);
  return [`driver:${driverId}`, `zone:${zone}`];
}

/** Holds that the event could live with: a shift starts on the driver's one. */
export function holdCandidates(stamped: StampedEvent): string[] {
  const event = stamped as ShiftEvent;
  return event.type === 'shift.start' ? [shiftHold(event.driverId)] : [];
}

/** There is no other hold to take; without a clash any more, the event goes as it is. */
export function rebook<T extends StampedEvent>(
  stamped: T,
  taken: ReadonlySet<string>,
): { event: T } | { busy: string[] } {
  const event = stamped as unknown as ShiftEvent;
  return event.type === 'shift.start' && taken.has(shiftHold(event.driverId))
    ? { busy: [event.driverId] }
    : { event: stamped };
}
