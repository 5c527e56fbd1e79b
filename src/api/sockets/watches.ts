import { AppError } from '../../errors.ts';
import type { Answers } from '../../protocol/messages.ts';
import type { OrderStep } from '../../protocol/orders.ts';
import type { UserRole } from '../auth/users.ts';
import { type OrderCommit, presentEvent } from '../presenters/present-event.ts';
import { standingOf } from '../presenters/viewer.ts';
import { type Carried, carriedOf, type Orders } from '../services/orders.ts';
import type { Session } from './session.ts';

/** Orders that one connection may watch: a screen's worth, a counter's, a control room's. */
const MOST_WATCHES: Record<UserRole, number> = {
  customer: 100,
  driver: 100,
  store: 1_000,
  operator: 10_000,
};
/** Steps kept for a watcher whose first read is under way; beyond it he is told to read again. */
const MOST_HELD = 64;

/** One connection's watch of one order. */
export interface Watch {
  session: Session;
  orderId: string;
  /** Up to which seq every one of the connection's readers was told; Infinity before the first answer. */
  seq: number;
  /** Reads under way: a connection may watch the same order for two of its pages. */
  reads: number;
  /** Steps since the first of them was asked for; undefined while there are none. */
  held: OrderCommit[] | undefined;
  /** The driver's place that the watcher was shown last: when it was taken. */
  shownAt?: number;
}

/** Who follows which orders on this node. */
export interface Watches {
  /**
   * Joins, then reads: nothing falls between, also for who watches already. Whoever may not see the
   * order is out again before anything was told.
   * @throws {AppError} not_found, overloaded
   */
  watch(
    session: Session,
    orderId: string,
    sinceSeq: number | undefined,
  ): Promise<Answers['order:watch']>;
  /** The answer is on its way: steps that came meanwhile follow it, unless it is not awaited any more. */
  begin(answer: Answers['order:watch']): void;
  unwatch(session: Session, orderId: string): void;
  leave(session: Session): void;
  /** Tells every watcher of the order, each what they may see; ends the watch of whom it left. */
  tell(commit: OrderCommit): void;
  /** Orders that are followed and under way, with those whose first read is answered. */
  carried(): { order: Carried; watches: Watch[] }[];
}

interface Followed {
  watchers: Map<Session, Watch>;
  carried: Carried | undefined;
}

export function createWatches(orders: Orders): Watches {
  const byOrder = new Map<string, Followed>();
  const bySession = new Map<Session, Set<string>>();
  /** Whose read each answer is. */
  const readOf = new WeakMap<Answers['order:watch'], Watch>();

  function join(session: Session, orderId: string): Watch {
    // Whoever left while the message waited its turn would be kept for ever: `leave` has been.
    if (!session.isOpen()) throw new AppError('unauthenticated', 'the connection is closed');
    const watched = bySession.get(session) ?? new Set();
    if (!watched.has(orderId) && watched.size >= MOST_WATCHES[session.claims.role]) {
      throw new AppError('overloaded', `${watched.size} orders are watched already; unwatch some`);
    }
    bySession.set(session, watched.add(orderId));
    const followed = byOrder.get(orderId) ?? { watchers: new Map(), carried: undefined };
    byOrder.set(orderId, followed);
    const watch = followed.watchers.get(session) ?? newWatch(session, orderId);
    followed.watchers.set(session, watch);
    watch.reads += 1;
    watch.held ??= [];
    // To whoever begins to watch it is new.
    delete watch.shownAt;
    return watch;
  }

  const watchOf = (session: Session, orderId: string) =>
    byOrder.get(orderId)?.watchers.get(session);

  function unwatch(session: Session, orderId: string): void {
    bySession.get(session)?.delete(orderId);
    const watchers = byOrder.get(orderId)?.watchers;
    watchers?.delete(session);
    if (watchers?.size === 0) byOrder.delete(orderId);
  }

  function push(watch: Watch, commit: OrderCommit, shown: OrderStep): void {
    if (commit.seq <= watch.seq) return;
    watch.seq = commit.seq;
    const { session } = watch;
    session.push('order:event', shown);
    // The step that took the order away is the last one told.
    if (!standingOf(commit.snapshot, session.viewer)) unwatch(session, commit.id);
  }

  /** After the last read: what was held is told, or the watch ends that nobody was let in to. */
  function endRead(watch: Watch): void {
    const { session, orderId, held = [] } = watch;
    watch.reads -= 1;
    if (watch.reads > 0 || watchOf(session, orderId) !== watch) return;
    watch.held = undefined;
    if (watch.seq === Infinity) unwatch(session, orderId);
    else if (held.length > MOST_HELD) session.push('resync', {});
    for (const commit of held.length > MOST_HELD ? [] : held) {
      if (watchOf(session, orderId) !== watch) return;
      push(watch, commit, presentEvent(commit, session.viewer));
    }
  }

  return {
    async watch(session, orderId, sinceSeq) {
      const watch = join(session, orderId);
      try {
        const { snapshot, events, carried } = await orders.since(session.viewer, orderId, sinceSeq);
        // What the others were not told is owed to them, though this one has read of it.
        watch.seq = Math.min(watch.seq, snapshot.seq);
        const answer = { snapshot, events };
        readOf.set(answer, watch);
        const followed = byOrder.get(orderId);
        // A step that came meanwhile knows better; one that was read for an earlier watch may be missing here.
        const isNewest = watch.held?.length === 0 && watchOf(session, orderId) === watch;
        if (followed && isNewest) followed.carried = carried;
        return answer;
      } catch (error) {
        endRead(watch);
        throw error;
      }
    },

    begin(answer) {
      const watch = readOf.get(answer);
      if (watch) endRead(watch);
    },

    unwatch,

    leave(session) {
      for (const orderId of bySession.get(session) ?? []) unwatch(session, orderId);
      bySession.delete(session);
    },

    tell(commit) {
      const followed = byOrder.get(commit.id);
      if (!followed) return;
      followed.carried = carriedOf(commit.snapshot);
      const shown = new Map<string, OrderStep>();
      for (const watch of followed.watchers.values()) {
        if (watch.held) {
          if (watch.held.length <= MOST_HELD) watch.held.push(commit);
          continue;
        }
        const { viewer } = watch.session;
        const key = `${viewer.role}:${viewer.id}`;
        const step = shown.get(key) ?? presentEvent(commit, viewer);
        shown.set(key, step);
        push(watch, commit, step);
      }
    },

    carried: () =>
      [...byOrder.values()].flatMap(({ watchers, carried: order }) =>
        order ? [{ order, watches: admitted(watchers) }] : [],
      ),
  };
}

const newWatch = (session: Session, orderId: string): Watch => ({
  ...{ session, orderId },
  ...{ seq: Infinity, reads: 0, held: undefined },
});

/** Whoever is still waiting for the first read may yet be refused. */
const admitted = (watchers: Map<Session, Watch>): Watch[] =>
  [...watchers.values()].filter(({ held }) => !held);
