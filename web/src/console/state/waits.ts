import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { Names } from './names.ts';

/** What an order waits for, since when and until when, epoch ms. */
export interface Waits {
  for: string;
  since: number;
  until: number;
  /** Whose the deadline is: `promise` where the state itself has none. */
  deadline: 'start' | 'giveUp' | 'offer' | 'release' | 'promise';
}

/** What has to happen next, told from what the machine is waiting for. Pure. */
export function waitsOf(order: OrderView, names: Pick<Names, 'of'>): Waits {
  const driver = order.driverId === undefined ? 'the driver' : names.of(order.driverId);
  const promise = (what: string): Waits => ({
    ...{ for: what, deadline: 'promise' },
    ...{ since: order.placedAt, until: order.promisedAt },
  });
  const { search, releaseAt, searchAt = order.placedAt } = order;
  if (releaseAt !== undefined) {
    return {
      for: `${driver} to be heard of, or another`,
      ...{ since: releaseAt - GRACE_MS, until: releaseAt, deadline: 'release' },
    };
  }
  switch (order.state) {
    case 'scheduled':
      return {
        for: 'its time to be dispatched',
        ...{ since: order.placedAt, until: searchAt, deadline: 'start' },
      };
    case 'pending.searching':
      if (!search) return promise('a driver');
      return {
        for: search.manual ? 'an operator to offer it' : 'a driver to be found',
        ...{ since: search.startedAt, until: search.giveUpAt, deadline: 'giveUp' },
      };
    case 'pending.offered':
      return waitsForAnswer(order, names) ?? promise('an answer');
    case 'pending.unassigned':
      return promise('an operator to step in');
    case 'preparing.toStore':
      return promise(`${driver} to reach the store`);
    case 'preparing.atStore':
      return promise(
        order.storeReadyAt === undefined
          ? 'the store to pack the bags'
          : `${driver} to take the bags`,
      );
    case 'outForDelivery.enRoute':
      return promise(`${driver} to reach the door`);
    case 'outForDelivery.atDoor':
      return promise(`${driver} to hand it over`);
    case 'failed':
      return promise(`${driver} to turn back`);
    case 'returning':
      return promise(`${driver} to bring it back to the store`);
    default:
      // From a newer server.
      return promise('its next step');
  }
}

/** For a ring to fill: how long a lost driver usually keeps the order. */
const GRACE_MS = 60_000;

function waitsForAnswer(order: OrderView, names: Pick<Names, 'of'>): Waits | undefined {
  const offers = order.offers ?? [];
  const [first] = offers;
  if (!first) return undefined;
  return {
    for:
      offers.length === 1
        ? `${names.of(first.driverId)} to answer`
        : `one of ${offers.length} drivers to answer`,
    since: Math.min(...offers.map(({ offeredAt }) => offeredAt)),
    until: Math.min(...offers.map(({ expiresAt }) => expiresAt)),
    deadline: 'offer',
  };
}

/** How much of the time is used up at `now`: 0 to 1. */
export const usedUp = ({ since, until }: Waits, now: number): number =>
  until <= since ? 1 : Math.min(1, Math.max(0, (now - since) / (until - since)));

const HEALTH_RANK = { late: 1, atRisk: 2, onTime: 3 } as const;

/** Smaller is more urgent: what nobody carries first, then by health, then by deadline. */
export function urgencyOf(order: OrderView, { until }: Waits): number {
  const rank = order.state === 'pending.unassigned' ? 0 : (HEALTH_RANK[order.health] ?? 2);
  // Deadlines are below 1e13 until the year 2286.
  return rank * 1e13 + Math.min(until, order.promisedAt);
}
