import type { OrderCommandInput } from '../../../../src/protocol/commands.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { Tap } from '../state/outbox.ts';

type Plain = Extract<
  OrderCommandInput['type'],
  | 'order.arriveStore'
  | 'order.pickUp'
  | 'order.arriveDoor'
  | 'order.startReturn'
  | 'order.completeReturn'
>;

/** What a driver does about an order next. */
export interface Step {
  leg: 'toStore' | 'atStore' | 'toDoor' | 'atDoor' | 'back';
  title: string;
  /** Where to. */
  place: 'store' | 'door';
  /** The one tap that goes on; at the door it is the PIN instead. */
  next?: { type: Plain; label: string };
  /** The way out. */
  out?: 'order.release' | 'order.fail';
}

const STEPS: Record<string, Step> = {
  'preparing.toStore': {
    leg: 'toStore',
    title: 'Go to the store',
    place: 'store',
    next: { type: 'order.arriveStore', label: 'I am at the store' },
    out: 'order.release',
  },
  'preparing.atStore': {
    leg: 'atStore',
    title: 'Pick up the bags',
    place: 'store',
    next: { type: 'order.pickUp', label: 'I have the bags' },
    out: 'order.release',
  },
  'outForDelivery.enRoute': {
    leg: 'toDoor',
    title: 'Bring it to the door',
    place: 'door',
    next: { type: 'order.arriveDoor', label: 'I am at the door' },
    out: 'order.fail',
  },
  'outForDelivery.atDoor': {
    leg: 'atDoor',
    title: 'Hand it over',
    place: 'door',
    out: 'order.fail',
  },
  failed: {
    leg: 'back',
    title: 'It goes back',
    place: 'store',
    next: { type: 'order.startReturn', label: 'I am on the way back' },
  },
  returning: {
    leg: 'back',
    title: 'Take it back to the store',
    place: 'store',
    next: { type: 'order.completeReturn', label: 'The store has the bags' },
  },
};

/** Where a tap brings the order, once it is taken. */
const AFTER: Partial<Record<OrderCommandInput['type'], string>> = {
  'order.arriveStore': 'preparing.atStore',
  'order.pickUp': 'outForDelivery.enRoute',
  'order.arriveDoor': 'outForDelivery.atDoor',
  'order.fail': 'failed',
  'order.startReturn': 'returning',
};

/** What comes next, as it will be once the taps on their way are taken: a tunnel stops nobody's work. */
export function nextStep(order: OrderView, taps: readonly Tap[]): Step | undefined {
  const types = typesAbout(order, taps);
  const state = types.reduce((before, type) => AFTER[type] ?? before, order.state);
  return STEPS[state];
}

/** What ends this driver's work on the order, and is on its way: nothing else is to do until it is answered. */
export const lastTap = (
  order: OrderView,
  taps: readonly Tap[],
): OrderCommandInput['type'] | undefined => {
  const type = typesAbout(order, taps).at(-1);
  return type !== undefined && AFTER[type] === undefined ? type : undefined;
};

const typesAbout = ({ orderId }: OrderView, taps: readonly Tap[]) =>
  taps.flatMap(({ deed }) =>
    deed.to === 'order' && deed.orderId === orderId && deed.command.type.startsWith('order.')
      ? [deed.command.type]
      : [],
  );
