import { signal } from '@preact/signals';
import type { DriverView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { Move } from './moves.ts';
import type { ShiftMove } from './shift-moves.ts';

/** What is filled in already. */
export interface Preset {
  driverId?: string;
  widenMeters?: number;
}

/** What an operator is being asked about: at most one dialog at a time. */
export type Asked =
  | { about: 'order'; order: OrderView; move: Move; preset?: Preset }
  | { about: 'shift'; driver: DriverView; move: ShiftMove };

export const asked = signal<Asked | undefined>(undefined);

/**
 * Opens the dialog in which an operator does `move` to the order: it asks for the reason and whatever
 * else is due, sends it, and tells what became of it.
 * @param order as the operator sees it: the move is decided on that picture
 */
export function stepIn(order: OrderView, move: Move, preset: Preset = {}): void {
  asked.value = { about: 'order', order, move, preset };
}

/** The same for a driver's shift. */
export function stepIntoShift(driver: DriverView, move: ShiftMove): void {
  asked.value = { about: 'shift', driver, move };
}
