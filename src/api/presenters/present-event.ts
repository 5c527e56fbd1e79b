import { contextOf, type OrderResult } from '../../../machines/order-readers.ts';
import type { OrderEventType } from '../../../machines/order-types.ts';
import type { Commit } from '../../engine/types.ts';
import type { OrderEventView, OrderStep } from '../../protocol/orders.ts';
import type { Viewer } from './viewer.ts';

/** One step of one order, whether it comes from the feed or was read back from the history. */
export type OrderCommit = Pick<Commit, 'id' | 'seq' | 'entry' | 'audience' | 'snapshot'>;

/**
 * A step as this viewer may see it; where they may not, its number alone, since leaving it out would
 * look like a gap. The same for live and missed steps. Pure.
 */
export function presentEvent(commit: OrderCommit, viewer: Viewer): OrderStep {
  const redacted = { orderId: commit.id, seq: commit.seq };
  switch (viewer.role) {
    case 'operator':
    case 'system':
      return forOperator(commit);
    case 'customer':
    case 'store':
      return isInAudience(commit, viewer) && concernsHousehold(commit, viewer)
        ? forHousehold(commit, viewer)
        : redacted;
    case 'driver':
      return isInAudience(commit, viewer) && concernsDriver(commit, viewer.id)
        ? forDriver(commit, viewer)
        : redacted;
  }
}

const isInAudience = ({ audience }: OrderCommit, { role, id }: Viewer) =>
  audience.includes(`${role}:${id}`);

const resultOf = ({ entry }: OrderCommit) => entry.result as unknown as OrderResult;

/** What the customer and the store follow: where the order stands, and what they did themselves. */
const concernsHousehold = ({ entry }: OrderCommit, viewer: Viewer) =>
  entry.from !== entry.to ||
  HEALTH.has(entry.event.type) ||
  (entry.by.role === viewer.role && entry.by.id === viewer.id);

const HEALTH = new Set(['order.atRisk', 'order.late', 'store.ready']);

/**
 * A driver who is only asked hears of his own offers, not of who else is asked. Whoever is in the
 * audience without an open offer carries the order, or did until this step.
 */
function concernsDriver(commit: OrderCommit, driverId: string): boolean {
  const { opened = [] } = resultOf(commit);
  const isHis = (offer: { driverId: string }) => offer.driverId === driverId;
  const isMerelyAsked = contextOf(commit.snapshot).offers.some(isHis);
  return !isMerelyAsked || opened.some(isHis) || commit.entry.by.id === driverId;
}

const step = ({ id, seq, entry }: OrderCommit) => ({
  orderId: id,
  seq,
  type: entry.event.type as OrderEventType,
  at: entry.at,
  from: entry.from,
  to: entry.to,
});

function forOperator(commit: OrderCommit): OrderEventView {
  const { assignment } = contextOf(commit.snapshot);
  const { role, id } = commit.entry.by;
  return {
    ...step(commit),
    by: { role, id },
    driverId: assignment?.driverId ?? null,
    ...reasonOf(commit),
    ...fatesOf(commit, () => true),
    ...refusalOf(commit),
  };
}

/** Reasons for a bad end are owed to those who wait; why a driver said no is not theirs. */
function forHousehold(commit: OrderCommit, viewer: Viewer): OrderEventView {
  const { type } = commit.entry.event;
  return {
    ...step(commit),
    by: byFor(commit, viewer),
    ...(type === 'order.cancel' || type === 'order.fail' ? reasonOf(commit) : {}),
  };
}

function forDriver(commit: OrderCommit, viewer: Viewer): OrderEventView {
  const carries = contextOf(commit.snapshot).assignment?.driverId === viewer.id;
  return {
    ...step(commit),
    by: byFor(commit, viewer),
    driverId: carries ? viewer.id : null,
    ...reasonOf(commit),
    ...fatesOf(commit, (driverId) => driverId === viewer.id),
    ...refusalOf(commit),
  };
}

/** Others are a role, oneself is oneself. */
function byFor({ entry }: OrderCommit, viewer: Viewer): OrderEventView['by'] {
  const { role, id } = entry.by;
  return role === viewer.role && id === viewer.id ? { role, id } : { role };
}

function reasonOf({ entry }: OrderCommit): { reason?: string } {
  const { reason } = entry.event;
  return typeof reason === 'string' ? { reason } : {};
}

function fatesOf(
  commit: OrderCommit,
  mayKnow: (driverId: string) => boolean,
): Pick<OrderEventView, 'closed' | 'opened'> {
  const { closed = [], opened = [] } = resultOf(commit);
  const ended = closed.filter(({ driverId }) => mayKnow(driverId));
  const made = opened.filter(({ driverId }) => mayKnow(driverId));
  return {
    ...(ended.length > 0
      ? {
          closed: ended.map(({ offerId, driverId, outcome, reason }) => ({
            offerId,
            driverId,
            outcome,
            ...(reason === undefined ? {} : { reason }),
          })),
        }
      : {}),
    ...(made.length > 0
      ? {
          opened: made.map(({ offerId, driverId, expiresAt }) => ({
            offerId,
            driverId,
            expiresAt,
          })),
        }
      : {}),
  };
}

function refusalOf(commit: OrderCommit): Pick<OrderEventView, 'refused'> {
  const { refused } = resultOf(commit);
  return refused ? { refused: { code: refused.code } } : {};
}
