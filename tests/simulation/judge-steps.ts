import { contextOf, type OrderResult } from '../../machines/order-readers.ts';
import { shiftOf } from '../../machines/shift-readers.ts';
import type { ActorEvent, PersistedSnapshot } from '../../src/engine/types.ts';
import type { SimulatedDatabase } from './database.ts';

/** An offer may be open this long past its time while a node is there to close it (I3). */
export const OVERDUE_MS = 5_000;

/**
 * I8: by the clock of the database that took it, in the instant in which it did; and by what the
 * driver was shown and the grace, whatever the machine made of them.
 */
export function checkInstants(
  event: ActorEvent,
  before: PersistedSnapshot,
  appliedAt: number,
  note: (invariant: string, what: string) => void,
) {
  const { offers, policy } = contextOf(before);
  if (event.type === 'offer.accept' || event.type === 'offer.reject') {
    const offer = offers.find(({ offerId }) => offerId === event.offerId);
    const lateMs = offer ? appliedAt - (offer.expiresAt + policy.graceMs) : -1;
    if (lateMs >= 0) note('I8', `${event.type} began ${lateMs} ms after it had closed`);
  }
  if (event.type === 'offer.expire') {
    for (const { offerId, closesAt, expiresAt } of offers) {
      const earlyMs = expiresAt + policy.graceMs - appliedAt;
      if (closesAt <= event.at && earlyMs > 0) {
        note('I8', `${offerId} expired ${earlyMs} ms before its time`);
      }
    }
  }
}

/** A strike is for an offer that a phone had shown, and whose expiry was noticed in time. */
export function checkStrike(
  database: SimulatedDatabase,
  { orderId, offerId }: ActorEvent,
  note: (invariant: string, what: string) => void,
) {
  const history = database.collection('order').actors.get(String(orderId))?.history ?? [];
  const isOf = (offer: { offerId: string }) => offer.offerId === offerId;
  const results = history.map(({ at, result }) => ({
    at,
    ...(result as unknown as OrderResult),
  }));
  const closesAt = results.flatMap(({ opened = [] }) => opened).find(isOf)?.closesAt ?? 0;
  const endedAt = results.find(({ closed = [] }) => closed.some(isOf))?.at ?? 0;
  if (!history.some(({ event }) => event.type === 'offer.seen' && event.offerId === offerId)) {
    note('DSP2', `a strike for ${offerId}, which no phone had shown`);
  }
  if (endedAt - closesAt > OVERDUE_MS) {
    note('ORD7', `a strike for ${offerId}, noticed ${endedAt - closesAt} ms late`);
  }
}

/**
 * I2: in the order in which a majority had the steps, nothing of a driver has two holders; by what
 * the actors have in hand, not by the holds that are to keep it.
 */
export function createHoldsCheck() {
  const holders = new Map<string, string>();

  return function checkHolds(
    kind: string,
    id: string,
    after: PersistedSnapshot,
    note: (invariant: string, what: string) => void,
  ) {
    const has = kind === 'order' ? inHand(after) : onDuty(after);
    for (const [hold, holder] of holders) {
      if (holder === id && !has.includes(hold)) holders.delete(hold);
    }
    for (const hold of has) {
      const holder = holders.get(hold) ?? id;
      if (holder !== id) note('I2', `${hold} is already held by ${holder}`);
      holders.set(hold, id);
    }
    if (new Set(has).size !== has.length)
      note('I2', `it holds ${has.join(', ')}: one of them twice`);
  };
}

/** What an order has of its drivers: of who carries it a place, of who is asked a place and the offer. */
function inHand(snapshot: PersistedSnapshot): string[] {
  if (snapshot.status === 'done') return [];
  const { assignment, offers } = contextOf(snapshot);
  const places = [...(assignment ? [assignment] : []), ...offers];
  return [
    ...places.map(({ driverId, slot }) => `place ${slot} of ${driverId}`),
    ...offers.map(({ driverId }) => `the offer to ${driverId}`),
  ];
}

const onDuty = (snapshot: PersistedSnapshot): string[] =>
  snapshot.status === 'done' ? [] : [`the shift of ${shiftOf(snapshot).driverId}`];
