import { machineGraph } from '../../charts/machine-graph.ts';
import type { Actor, StampedEvent, State } from '../../machines/common.ts';
import { ORDER_EVENT_TYPES } from '../../machines/order-events.ts';
import { exampleOf } from '../../machines/order-example.ts';
import type { OrderEvent, OrderEventType } from '../../machines/order-types.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { SHIFT_EVENT_TYPES } from '../../machines/shift-events.ts';
import { exampleOfShift } from '../../machines/shift-example.ts';
import type { ShiftEvent, ShiftEventType } from '../../machines/shift-types.ts';
import { KINDS, MACHINES, type MachineName } from './levels.ts';
import { type Cast, peopleOf } from './matrix-cast.ts';
import { type Cell, cellName } from './matrix-golden.ts';

/** Somebody in the cast who tries the cell. */
export type Attempt = Cell & { by: Actor };

export const matrixStates = (machine: MachineName): string[] =>
  machineGraph(MACHINES[machine])
    .states.filter(({ type }) => type !== 'compound')
    .map(({ path }) => path);

export const eventTypes = (machine: MachineName): readonly string[] =>
  machine === 'order' ? ORDER_EVENT_TYPES : SHIFT_EVENT_TYPES;

/** Everything that everyone could try in this state. */
export function attemptsIn(machine: MachineName, state: string, cast: Cast): Attempt[] {
  return eventTypes(machine).flatMap((event) =>
    peopleOf(machine, state, cast).map(([by, relation]) => ({
      ...{ machine, state, event, role: by.role, relation, by },
    })),
  );
}

/** The event as legal as it can be; placing and starting say themselves whose it is, so a stranger names another. */
export function eventFor(
  attempt: Pick<Attempt, 'machine' | 'event' | 'relation' | 'by'>,
  state: State,
) {
  const { machine, event, relation, by } = attempt;
  const example: StampedEvent =
    machine === 'order'
      ? exampleOf(event as OrderEventType, state, by)
      : exampleOfShift(event as ShiftEventType, state, by);
  if (relation === 'owner') return example;
  if (event === 'order.place') return { ...(example as OrderEvent), customerId: 'another' };
  return event === 'shift.start' ? { ...(example as ShiftEvent), driverId: 'another' } : example;
}

/** A state that waits for its driver to be found again, or for time to take him off: some events do. */
export const waitsForLost = ({ event, role }: Pick<Cell, 'event' | 'role'>): boolean =>
  event === 'driver.find' || (event === 'order.release' && role === 'system');

/** The cells that the event tables and the bare machines allow. @param stateOf an example of each state */
export function tableCells(
  machine: MachineName,
  cast: Cast,
  stateOf: (state: string, lost: boolean) => State,
): Set<string> {
  const kind = KINDS[machine];
  const definition = MACHINES[machine];
  const allowed = new Set<string>();
  for (const state of matrixStates(machine)) {
    for (const attempt of attemptsIn(machine, state, cast)) {
      const before =
        state === 'new' ? initialState(definition) : stateOf(state, waitsForLost(attempt));
      const event = eventFor(attempt, before);
      if (!kind.isEntitled(before, event as never) || !step(definition, before, event)) continue;
      allowed.add(cellName(attempt));
    }
  }
  return allowed;
}

/**
 * What a refused cell is told by the engine, by the golden file alone: whoever may send the event as what
 * he is, in some state, learns that this is not the one; to anyone else there is nothing there.
 */
export function refusalFor(cell: Cell, golden: ReadonlySet<string>): string {
  const isBirth = cell.event === KINDS[cell.machine].birth;
  if (cell.state === 'new' || isBirth) return 'not_found';
  return maySend(cell, golden) ? 'illegal_transition' : 'not_found';
}

const maySend = ({ event, role, relation }: Cell, golden: ReadonlySet<string>): boolean =>
  [...golden].some((name) => name.endsWith(` ${event} ${role} ${relation}`));
