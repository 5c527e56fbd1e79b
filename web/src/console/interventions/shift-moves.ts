import type { Actor, State } from '../../../../machines/common.ts';
import { initialState } from '../../../../machines/pure-step.ts';
import { SHIFT_EVENTS } from '../../../../machines/shift-events.ts';
import { shiftKind } from '../../../../machines/shift-kind.ts';
import { shiftMachine } from '../../../../machines/shift-machine.ts';
import { shiftOf } from '../../../../machines/shift-readers.ts';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { ShiftCommandInput } from '../../../../src/protocol/shifts.ts';
import { toCount } from '../../kit/format.ts';

/** One thing an operator can do to a driver's shift. */
export interface ShiftMove {
  type: ShiftCommandInput['type'];
  label: string;
  says: string;
  danger: boolean;
  reasons: readonly string[];
}

/** What this operator may do to the driver's shift now, tried on the machine itself. */
export function legalShiftMoves(driver: DriverView, me: Actor): ShiftMove[] {
  const legal = new Set(shiftKind.legalEvents(stateOfDriver(driver), me));
  return SHIFT_MOVES.filter(({ type }) => legal.has(type));
}

function stateOfDriver(driver: DriverView): State {
  const [parent = '', child] = driver.state.split('.');
  const { driverId, shiftId, zone, capacity, strikes, pausedUntil } = driver;
  return {
    status: parent === 'ended' ? 'done' : 'active',
    value: child === undefined ? parent : { [parent]: child },
    context: {
      ...shiftOf(initialState(shiftMachine)),
      ...{ driverId, shiftId, zone, capacity, strikes, pausedUntil },
    },
  };
}

/** What becomes of the driver's offer and work in hand, one sentence each. */
export function consequencesOf(
  type: ShiftMove['type'],
  driver: DriverView,
  inHand: readonly Pick<OrderView, 'orderId' | 'state'>[],
): string[] {
  const stops = type === 'shift.pause' || type === 'shift.break' || type === 'shift.end';
  const before = inHand.filter(({ state }) => state.startsWith('preparing'));
  const after = inHand.filter(({ state }) => !state.startsWith('preparing'));
  return [
    ...(stops && driver.offered ? ['The open offer is taken back; no strike.'] : []),
    ...(stops ? ['No new offers from now on.'] : ['Offers may come again at once.']),
    ...(type === 'shift.end' ? endOf(before.length, after.length) : keepOf(stops, inHand.length)),
  ];
}

const endOf = (before: number, after: number): string[] => [
  ...(before > 0
    ? [
        `${orders(before)} not picked up yet: given back after a grace, another driver is looked for.`,
      ]
    : []),
  ...(after > 0
    ? [`${orders(after)} with the bags on board: kept by the driver, and an alarm is raised.`]
    : []),
  ...(before + after === 0 ? ['Nothing is in hand.'] : []),
];

const keepOf = (stops: boolean, count: number): string[] =>
  count > 0 && stops ? [`${orders(count)} in hand: kept, to be carried to the end.`] : [];

const orders = (count: number): string => toCount(count, 'order');

const move = (
  type: ShiftMove['type'],
  label: string,
  more: Partial<ShiftMove> = {},
): ShiftMove => ({
  ...{ type, label, says: SHIFT_EVENTS[type].says, danger: false },
  reasons: ['The driver called', 'Agreed by phone'],
  ...more,
});

const SHIFT_MOVES: readonly ShiftMove[] = [
  move('shift.pause', 'Pause', { reasons: ['Turns down too much', 'The driver called'] }),
  move('shift.unpause', 'End the pause'),
  move('shift.break', 'Send on a break'),
  move('shift.resume', 'End the break'),
  move('shift.end', 'End the shift', {
    ...{ danger: true, reasons: ['Phone does not answer', 'The driver called'] },
  }),
];
