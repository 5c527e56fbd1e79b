import type { OrderResult } from '../../machines/order-readers.ts';
import type { OrderContext } from '../../machines/order-types.ts';
import type { ReplayStep } from '../engine/replay.ts';
import type { PersistedSnapshot } from '../engine/types.ts';
import type { Note, WholeActor } from './verify.ts';

/** How long an offer may stay open past its time while somebody serves (I3). */
const OVERDUE_MS = 5_000;

/** Events that may change who carries an order. */
const HAND_OVERS = ['offer.accept', 'order.assign', 'order.release'];

type Closed = NonNullable<OrderResult['closed']>[number];

/** I1, I3, I12 of one order; gives the number of offers it made. */
export function checkOrder(
  order: WholeActor,
  steps: readonly ReplayStep[],
  { now, servedSince }: { now: number; servedSince: number | undefined },
  note: Note,
): number {
  const check = createOrderCheck();
  for (const step of steps) check.take(step, note);
  checkOpen(order, now, servedSince, note);
  return check.offers();
}

/** I1, I3, I12 step by step, as they happen: for whoever sees an order's steps one after the other. */
export function createOrderCheck() {
  /** How often each offer has ended. */
  const fates = new Map<string, number>();
  /** Who rejected or missed it: by what was told of the offers, not by what the machine remembers. */
  const refused = new Set<string>();

  return {
    take({ entry, before, after }: ReplayStep, note: Note) {
      const was = contextOf(before);
      const is = contextOf(after);
      checkDriver(entry.seq, entry.event.type, was, is, note);
      if (entry.event.type === 'search.start' && entry.event.clearExcluded) refused.clear();

      const open = new Set(is.offers.map(({ offerId }) => offerId));
      for (const { offerId, driverId } of is.offers) {
        if (was.offers.some((offer) => offer.offerId === offerId)) continue;
        if (fates.has(offerId)) note('I3', `#${entry.seq} opens offer ${offerId} again`);
        fates.set(offerId, 0);
        if (refused.has(driverId) && entry.event.by.role === 'system') {
          note('I12', `#${entry.seq} offers again to ${driverId}`);
        }
      }
      const closed = (entry.result.closed ?? []) as unknown as Closed[];
      for (const { driverId, outcome } of closed) {
        if (outcome === 'rejected' || outcome === 'expired') refused.add(driverId);
      }
      for (const { offerId } of was.offers) {
        if (open.has(offerId)) continue;
        const told = closed.filter((each) => each.offerId === offerId).length;
        fates.set(offerId, (fates.get(offerId) ?? 0) + told);
        if (told !== 1) note('I3', `#${entry.seq} ends offer ${offerId} with ${told} outcomes`);
      }
    },
    offers: () => fates.size,
  };
}

/** I1. One driver at a time, and none without an event that says so. */
function checkDriver(seq: number, type: string, was: OrderContext, is: OrderContext, note: Note) {
  const from = was.assignment?.driverId;
  const to = is.assignment?.driverId;
  if (from !== to && to !== undefined && !HAND_OVERS.includes(type)) {
    note('I1', `#${seq} ${type} changes the driver from ${from ?? 'none'} to ${to}`);
  }
  if (type === 'offer.accept' && from !== undefined)
    note('I1', `#${seq} accepts an order of ${from}`);
}

/** I3. None is open long past its time, unless nobody was there to close it. */
function checkOpen(order: WholeActor, now: number, servedSince: number | undefined, note: Note) {
  if (servedSince === undefined) return;
  for (const { offerId, closesAt } of contextOf(order.snapshot).offers) {
    const overdueMs = now - Math.max(closesAt, servedSince);
    if (overdueMs > OVERDUE_MS)
      note('I3', `offer ${offerId} is open ${overdueMs} ms past its time`);
  }
}

/** A new order's machine has no context yet. */
function contextOf(snapshot: PersistedSnapshot): OrderContext {
  const context = snapshot.context as unknown as Partial<OrderContext>;
  return { offers: [], assignment: null, ...context } as unknown as OrderContext;
}
