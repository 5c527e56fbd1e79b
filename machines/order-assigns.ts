import { assertEvent } from 'xstate';
import { isPinLocked } from './order-guards.ts';
import { closingsOf, LATE_MS, latenessOf, offerTo, toOffer } from './order-offers.ts';
import type {
  AlarmKind,
  Assignment,
  OrderContext,
  OrderEvent,
  OrderPolicy,
  Search,
} from './order-types.ts';

interface Args {
  context: OrderContext;
  event: OrderEvent;
}
type Change = Partial<OrderContext>;

const LONGEST_STALL_MS = 24 * 3_600_000;

export function place({ event }: Args): Change {
  assertEvent(event, 'order.place');
  const { orderId, customerId, storeId, zone, pickup, dropoff, totalCents, feeCents } = event;
  const { currency, promisedAt, etaAt, pin, policy, at, payCents } = event;
  return {
    ...{ orderId, customerId, storeId, zone, pickup, dropoff, totalCents, feeCents },
    ...{ currency, promisedAt, etaAt, pin, policy },
    ...(payCents === undefined ? {} : { payCents }),
    itemCount: event.items.reduce((sum, item) => sum + item.quantity, 0),
    placedAt: at,
    searchAt: Math.max(event.searchAt ?? at, at),
  };
}

// --- searching and offering ---

export function beginSearch({ context, event }: Args): Change {
  const { policy } = context;
  if (event.type !== 'search.start') return { search: freshSearch(policy, event.at) };
  return {
    search: freshSearch(policy, event.at, event.widenMeters),
    ...(event.clearExcluded ? { excluded: [], unreached: {} } : {}),
    ...(event.mode ? { policy: { ...policy, mode: event.mode } } : {}),
  };
}

/** Counted from now: the whole of an outage is at least as long as what we overslept by. */
export function extendSearch({ context, event }: Args): Change {
  assertEvent(event, 'search.extend');
  const { search } = context;
  return {
    search: search && { ...search, giveUpAt: event.at + event.byMs, extendedAt: event.at },
  };
}

export const endSearch = (): Change => ({ search: null });

export function openOffers({ context, event }: Args): Change {
  assertEvent(event, 'offer.open');
  const { policy, offers, search } = context;
  const opened = event.offers.map((request) => toOffer(request, policy, event.at));
  return {
    offers: [...offers, ...opened],
    search: search ?? freshSearch(policy, event.at),
  };
}

export function markSeen({ context, event }: Args): Change {
  assertEvent(event, 'offer.seen');
  return {
    offers: context.offers.map((offer) =>
      offer.offerId === event.offerId ? { ...offer, seenAt: event.at } : offer,
    ),
  };
}

/** Takes away the offers that end, and remembers what that says about their drivers. */
export function closeOffers({ context, event }: Args): Change {
  const closings = closingsOf(context, event);
  const ended = new Set(closings.map(({ offer }) => offer.offerId));
  const missed = closings.filter(({ outcome }) => !['accepted', 'withdrawn'].includes(outcome));
  const unreached = missed.filter(({ outcome }) => outcome === 'undelivered');
  // An operator who takes an offer back does not want the same driver asked again at once.
  const barred = closings.filter(
    ({ outcome }) =>
      outcome === 'rejected' ||
      outcome === 'expired' ||
      (event.type === 'offer.withdraw' && event.by.role === 'operator'),
  );
  const { search } = context;
  return {
    offers: context.offers.filter((offer) => !ended.has(offer.offerId)),
    excluded: union(
      context.excluded,
      barred.map(({ offer }) => offer.driverId),
    ),
    unreached: {
      ...context.unreached,
      ...Object.fromEntries(unreached.map(({ offer }) => [offer.driverId, event.at])),
    },
    search: search && { ...search, misses: search.misses + missed.length },
  };
}

/** The search goes on; what our own outage took of it is given back. Runs before `closeOffers`. */
export function resumeSearch({ context, event }: Args): Change {
  const lateMs = latenessOf(closingsOf(context, event), event);
  const { search } = context;
  return {
    search: search && {
      ...search,
      readyAt: event.at,
      giveUpAt: search.giveUpAt + (lateMs > LATE_MS ? lateMs : 0),
    },
  };
}

// --- the driver ---

/** Runs before `closeOffers`, which takes the offer away. */
export function takeOffer({ context, event }: Args): Change {
  assertEvent(event, 'offer.accept');
  const offer = offerTo(context, event.offerId, event.by);
  if (!offer) return {};
  const { driverId, slot, capacity } = offer;
  return {
    search: null,
    assignment: { driverId, slot, capacity, acceptedAt: event.at, forced: false },
  };
}

export function assignDriver({ context, event }: Args): Change {
  assertEvent(event, 'order.assign');
  const { driverId, slot, capacity, at } = event;
  return {
    search: null,
    assignment: { driverId, slot, capacity, acceptedAt: at, forced: true },
    alarms: without(context.alarms, 'driver_lost'),
  };
}

export function releaseDriver({ context, event }: Args): Change {
  const { assignment, excluded, policy } = context;
  return {
    assignment: null,
    excluded: assignment ? union(excluded, [assignment.driverId]) : excluded,
    search: freshSearch(policy, event.at),
    stallAt: null,
    stalls: 0,
    alarms: without(context.alarms, 'stalled'),
  };
}

/** Before pick-up the order leaves a driver who stays away; after it only an operator can help. */
export function loseDriver({ context, event }: Args): Change {
  const { assignment, policy, pickedUpAt } = context;
  if (!assignment) return {};
  const lost = { ...assignment, lostAt: event.at };
  return pickedUpAt === null
    ? { assignment: { ...lost, releaseAt: event.at + policy.releaseMs } }
    : { assignment: lost, alarms: union(context.alarms, ['driver_lost']) };
}

export function findDriver({ context }: Args): Change {
  const { assignment } = context;
  return {
    assignment: assignment && present(assignment),
    alarms: without(context.alarms, 'driver_lost'),
  };
}

/** Who works on the order is not lost. */
export function hearDriver(args: Args): Change {
  const { context, event } = args;
  return event.by.role === 'driver' && event.by.id === context.assignment?.driverId
    ? findDriver(args)
    : {};
}

// --- on the way ---

export const markReady = ({ event }: Args): Change => ({ storeReadyAt: event.at });

/** An operator may record the pick-up of a driver who has vanished since: then it is an alarm. */
export function pickUp({ context, event }: Args): Change {
  const { assignment } = context;
  if (assignment?.lostAt === undefined) return { pickedUpAt: event.at };
  return {
    pickedUpAt: event.at,
    assignment: { ...present(assignment), lostAt: assignment.lostAt },
    alarms: union(context.alarms, ['driver_lost']),
  };
}

export function countWrongPin({ context }: Args): Change {
  const pinFailures = context.pinFailures + 1;
  return {
    pinFailures,
    ...(isPinLocked({ ...context, pinFailures })
      ? { alarms: union(context.alarms, ['pin_locked']) }
      : {}),
  };
}

export const unlockPin = ({ context }: Args): Change => ({
  alarms: without(context.alarms, 'pin_locked'),
});

export function recordEnding({ event }: Args): Change {
  const reason = 'reason' in event && event.reason ? event.reason : 'handed_over';
  return { ending: { by: event.by, reason, at: event.at } };
}

/** Nothing is owed, held or alarming any more; who carried it stays for the record. */
export const settle = (): Change => ({
  offers: [],
  search: null,
  stallAt: null,
  stalls: 0,
  alarms: [],
});

// --- health ---

/** Something happened: the working state's time starts anew. */
export const progress = ({ context, event }: Args): Change => ({
  stallAt: event.at + context.policy.stallMs,
  stalls: 0,
  alarms: without(context.alarms, 'stalled'),
});

export function stall({ context, event }: Args): Change {
  const stalls = context.stalls + 1;
  const pauseMs = Math.min(context.policy.stallMs * 2 ** stalls, LONGEST_STALL_MS);
  return { stalls, stallAt: event.at + pauseMs, alarms: union(context.alarms, ['stalled']) };
}

export const markAtRisk = (): Change => ({ health: 'atRisk' });

export const markLate = ({ context }: Args): Change => ({
  health: 'late',
  alarms: union(context.alarms, ['late']),
});

export const raiseUnassigned = ({ context }: Args): Change => ({
  alarms: union(context.alarms, ['unassigned']),
});

export const clearUnassigned = ({ context }: Args): Change => ({
  alarms: without(context.alarms, 'unassigned'),
});

const freshSearch = (policy: OrderPolicy, at: number, widenMeters = 0): Search => ({
  startedAt: at,
  giveUpAt: at + policy.searchMs,
  readyAt: at,
  misses: 0,
  widenMeters,
});

const present = ({ lostAt: _lost, releaseAt: _release, ...rest }: Assignment): Assignment => rest;

const union = <T extends string>(known: T[], more: T[]): T[] => [...new Set([...known, ...more])];

const without = (alarms: AlarmKind[], alarm: AlarmKind): AlarmKind[] =>
  alarms.filter((other) => other !== alarm);
