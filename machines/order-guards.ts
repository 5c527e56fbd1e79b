import { atRiskAtOf, failAtOf, isOverslept } from './order-deadlines.ts';
import { closingsOf, offerTo } from './order-offers.ts';
import type { OrderContext, OrderEvent } from './order-types.ts';

interface Args {
  context: OrderContext;
  event: OrderEvent;
}

/** True when the customer's PIN was given wrongly so often that only an operator can deliver. */
export const isPinLocked = ({ pin, pinFailures, policy }: OrderContext): boolean =>
  pin !== null && pinFailures >= policy.pinTries;

const isOperator = ({ event }: Args) => event.by.role === 'operator';

/** Drivers are distinct and new to this order; only an operator may ask one who is excluded. */
function canOpen({ context, event }: Args): boolean {
  if (event.type !== 'offer.open' || event.offers.length === 0) return false;
  const drivers = event.offers.map((offer) => offer.driverId);
  const known = [
    ...context.offers.map((offer) => offer.driverId),
    ...(isOperator({ context, event }) ? [] : context.excluded),
  ];
  return (
    new Set(drivers).size === drivers.length && !drivers.some((driver) => known.includes(driver))
  );
}

const isExplained = ({ event }: Args) =>
  event.type === 'order.deliver' && event.by.role === 'operator' && !!event.reason?.trim();

/** When each event is taken, beside who may send it (order-events.ts). Pure. */
export const orderGuards = {
  isForLater: ({ event }: Args) =>
    event.type === 'order.place' && event.searchAt !== undefined && event.searchAt > event.at,
  canStart: ({ context, event }: Args) =>
    event.by.role === 'operator' || event.at >= context.searchAt,
  isOperator,
  canOpen,
  canOpenByHand: (args: Args) => isOperator(args) && canOpen(args),
  hasGivenUp: ({ context, event }: Args) =>
    context.search !== null && event.at >= failAtOf(context.search),
  hasOverslept: ({ context, event }: Args) =>
    event.type === 'search.extend' &&
    event.byMs > 0 &&
    context.search !== null &&
    isOverslept(context.search, event.at),
  isUnseen: ({ context, event }: Args) => {
    if (event.type !== 'offer.seen') return false;
    const offer = offerTo(context, event.offerId, event.by);
    return offer !== undefined && offer.seenAt === undefined && event.at < offer.closesAt;
  },
  closesSome: ({ context, event }: Args) => closingsOf(context, event).length > 0,
  closesLast: ({ context, event }: Args) => {
    const { length } = closingsOf(context, event);
    return length > 0 && length === context.offers.length;
  },
  isAnother: ({ context, event }: Args) =>
    event.type === 'order.assign' && event.driverId !== context.assignment?.driverId,
  canRelease: ({ context, event }: Args) =>
    event.by.role !== 'system' || event.at >= (context.assignment?.releaseAt ?? Infinity),
  isNotCustomer: ({ event }: Args) => event.by.role !== 'customer',
  isPacking: ({ context }: Args) => context.storeReadyAt === null,
  isExplained,
  canDeliver: (args: Args) => {
    const { context, event } = args;
    if (event.type !== 'order.deliver') return false;
    if (event.by.role !== 'driver') return isExplained(args);
    return !isPinLocked(context) && (context.pin === null || event.pin === context.pin);
  },
  isWrongPin: ({ context, event }: Args) =>
    event.type === 'order.deliver' &&
    event.by.role === 'driver' &&
    context.pin !== null &&
    event.pin !== undefined &&
    event.pin !== context.pin &&
    !isPinLocked(context),
  isLosing: ({ context, event }: Args) =>
    event.type === 'driver.lose' &&
    event.driverId === context.assignment?.driverId &&
    context.assignment.lostAt === undefined,
  isFinding: ({ context, event }: Args) =>
    event.type === 'driver.find' &&
    event.driverId === context.assignment?.driverId &&
    context.assignment.lostAt !== undefined,
  isAtRisk: ({ context, event }: Args) =>
    context.health === 'onTime' && event.at >= atRiskAtOf(context),
  isLate: ({ context, event }: Args) => context.health !== 'late' && event.at >= context.promisedAt,
  isStalled: ({ context, event }: Args) => context.stallAt !== null && event.at >= context.stallAt,
};
