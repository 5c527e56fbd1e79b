import type { AnyStateNode } from 'xstate';
import type { Actor, State } from '../../../../machines/common.ts';
import { ORDER_EVENT_TYPES, ORDER_EVENTS } from '../../../../machines/order-events.ts';
import { orderKind } from '../../../../machines/order-kind.ts';
import { orderMachine } from '../../../../machines/order-machine.ts';
import type { OrderEventType } from '../../../../machines/order-types.ts';
import type { OrderCommandInput } from '../../../../src/protocol/commands.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { stateWord } from '../words.ts';
import { stateOfView } from './order-state.ts';

/** What a move asks for, beside the reason. */
export type MoveInput = 'driver' | 'offeredDriver' | 'search';

/** One thing an operator can do to an order. */
export interface Move {
  event: OrderEventType;
  /** What is sent for it. */
  type: OrderCommandInput['type'];
  /** On the button. */
  label: string;
  /** One sentence: what it does. */
  says: string;
  inputs: readonly MoveInput[];
  /** Cannot be taken back. */
  danger: boolean;
  /** Reasons that are given often. */
  reasons: readonly string[];
}

/**
 * What this operator may do to the order now, tried on the machine itself: what is not in it would
 * be refused.
 * @param order as the board has it, or a whole state of the machine
 */
export function legalMoves(order: OrderView | State, me: Actor): Move[] {
  const legal = new Set(orderKind.legalEvents(stateIn(order), me));
  return MOVES.filter(({ event }) => legal.has(event));
}

/** The move of an event, whether it is legal now or not; undefined for what operators never do. */
export const moveOf = (event: string): Move | undefined =>
  MOVES.find((move) => move.event === event);

/** What is not offered, and why not. */
export function refusedMoves(order: OrderView | State, me: Actor): { says: string; why: string }[] {
  const state = stateIn(order);
  const legal = new Set(orderKind.legalEvents(state, me));
  return ORDER_EVENT_TYPES.filter((event) => !legal.has(event) && event !== 'order.place').map(
    (event) => ({
      says: moveOf(event)?.label ?? ORDER_EVENTS[event].says,
      why: whyNot(event, state),
    }),
  );
}

/** Why an operator cannot send the event now. */
export function whyNot(event: OrderEventType, order: OrderView | State): string {
  const { grants } = ORDER_EVENTS[event];
  if (!grants.operator) return `Only ${Object.keys(grants).map(whoIs).join(' or ')} can.`;
  const now = orderKind.stateOf(stateIn(order));
  const states = STATES_TAKING.get(event) ?? [];
  return states.includes(now)
    ? 'It is done already.'
    : `Not while ${stateWord(now)}; only while ${states.map(stateWord).join(', ')}.`;
}

const whoIs = (role: string): string =>
  role === 'system' ? 'Waybill itself' : role === 'store' ? 'the store' : `the ${role}`;

const stateIn = (order: OrderView | State): State =>
  'context' in order ? order : stateOfView(order);

const move = (
  event: OrderEventType,
  label: string,
  more: Partial<Omit<Move, 'event' | 'label'>> = {},
): Move => ({
  ...{ event, label, type: event as Move['type'], says: ORDER_EVENTS[event].says },
  ...{ inputs: [], danger: false, reasons: ['The driver called', 'The store called'] },
  ...more,
});

/** In the order of their urgency; words beside the machine's own event table. */
const MOVES: readonly Move[] = [
  move('search.start', 'Search again', {
    ...{ inputs: ['search'], reasons: ['Drivers are free again', 'More drivers came on duty'] },
  }),
  move('offer.open', 'Offer to a driver', {
    ...{ type: 'order.offer', inputs: ['driver'], reasons: ['Knows the way', 'Closest by far'] },
    says: 'Ask one driver, who may accept or turn it down.',
  }),
  move('order.assign', 'Assign by force', {
    ...{ inputs: ['driver'], reasons: ['Agreed by phone', 'Nobody else is near'] },
  }),
  move('offer.withdraw', 'Take an offer back', {
    ...{ inputs: ['offeredDriver'], reasons: ['The driver called', 'Better driver found'] },
  }),
  move('order.release', 'Release from driver', {
    reasons: ['The driver called', 'Too far behind'],
  }),
  move('store.ready', 'Bags are packed'),
  move('order.arriveStore', 'Driver is at the store'),
  move('order.pickUp', 'Driver has the bags'),
  move('order.arriveDoor', 'Driver is at the door'),
  move('order.deliver', 'Delivered without PIN', {
    ...{ danger: true, reasons: ['The customer confirmed', 'Left with a neighbour'] },
    says: 'Close it as handed over; the PIN is not asked for.',
  }),
  move('order.fail', 'Cannot be delivered', {
    ...{ danger: true, reasons: ['Nobody at the door', 'Wrong address'] },
  }),
  move('order.startReturn', 'Bags go back'),
  move('order.completeReturn', 'Store has the bags'),
  move('order.cancel', 'Cancel', {
    ...{ danger: true, reasons: ['The customer asked', 'The store is closed', 'Sold out'] },
  }),
];

/** By event: the states that take it, one way or another. */
const STATES_TAKING = statesTaking(orderMachine.root);

function statesTaking(root: AnyStateNode): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const visit = (node: AnyStateNode, inherited: readonly string[]): void => {
    const events = [...inherited, ...node.ownEvents];
    const children = Object.values(node.states);
    for (const child of children) visit(child, events);
    if (children.length > 0) return;
    for (const event of events) {
      found.set(event, [...(found.get(event) ?? []), node.path.join('.')]);
    }
  };
  visit(root, []);
  return found;
}
