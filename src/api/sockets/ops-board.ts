import { contextOf, isOver, stateOf } from '../../../machines/order-readers.ts';
import type { Commit } from '../../engine/types.ts';
import { AppError } from '../../errors.ts';
import type { OrderView } from '../../protocol.ts';
import type { ApiContext } from '../context.ts';
import { presentOrder } from '../presenters/present-order.ts';
import type { Orders } from '../services/orders.ts';
import type { Session } from './session.ts';

const DELTA_EVERY_MS = 250;
/** An empty delta at least so often: a console that hears nothing knows that it is behind. */
const ALIVE_EVERY_MS = 1_000;
const PAGE = 100;
/** What a console gets at once; the rest is behind its filters. */
const MOST_ORDERS = 2_000;

/** The operators' live picture: what changed, conflated, four times a second at most. */
export interface OpsBoard {
  /**
   * Joins, then reads the orders that are not over, newest first.
   * @throws {AppError} unauthenticated when the connection is gone
   */
  watch(session: Session, zone: string | undefined): Promise<{ orders: OrderView[] }>;
  /** The answer is on its way: deltas follow it, and never go before it. */
  begin(session: Session): void;
  unwatch(session: Session): void;
  onCommit(commit: Commit): void;
  stop(): void;
}

interface Console {
  zone: string | undefined;
  counter: number;
  /** Of the last delta; undefined before the first read is answered. */
  toldAt: number | undefined;
  /** Newest step of each order that this console was not told yet. */
  changed: Map<string, Commit>;
}

export function createOpsBoard({ engine }: ApiContext, orders: Orders): OpsBoard {
  const { clock } = engine;
  const consoles = new Map<Session, Console>();
  let cancel: (() => void) | undefined;

  function tick(): void {
    const now = clock.now();
    for (const [session, console] of consoles) {
      const { toldAt, changed } = console;
      const isDue = toldAt !== undefined && (changed.size > 0 || now - toldAt >= ALIVE_EVERY_MS);
      // A slow console gets one large delta when it has caught up, not many to wait in line.
      if (isDue && session.isIdle()) tell(session, console, now);
    }
    cancel = consoles.size > 0 ? clock.after(DELTA_EVERY_MS, tick) : undefined;
  }

  function tell(session: Session, console: Console, serverNow: number): void {
    const steps = [...console.changed.values()];
    console.changed.clear();
    console.toldAt = serverNow;
    session.push('ops:delta', {
      counter: ++console.counter,
      serverNow,
      orders: steps.filter(({ snapshot }) => !isOver(snapshot)).map(viewOf),
      gone: steps.filter(({ snapshot }) => isOver(snapshot)).map(({ id }) => id),
    });
  }

  async function readAll(session: Session, zone: string | undefined): Promise<OrderView[]> {
    const found: OrderView[] = [];
    let cursor: string | undefined;
    do {
      const page = await orders.list(session.viewer, { live: true, zone, cursor, limit: PAGE });
      found.push(...page.orders);
      cursor = page.nextCursor;
    } while (cursor !== undefined && found.length < MOST_ORDERS);
    return found;
  }

  return {
    async watch(session, zone) {
      // Whoever left while the message waited its turn would be kept for ever.
      if (!session.isOpen()) throw new AppError('unauthenticated', 'the connection is closed');
      const console: Console = { zone, counter: 0, toldAt: undefined, changed: new Map() };
      consoles.set(session, console);
      cancel ??= clock.after(DELTA_EVERY_MS, tick);
      try {
        return { orders: await readAll(session, zone) };
      } catch (error) {
        if (consoles.get(session) === console) consoles.delete(session);
        throw error;
      }
    },
    begin(session) {
      const console = consoles.get(session);
      if (console) console.toldAt ??= clock.now();
    },
    unwatch: (session) => void consoles.delete(session),
    onCommit(commit) {
      const { zone } = contextOf(commit.snapshot);
      for (const console of consoles.values()) {
        if (console.zone === undefined || console.zone === zone) {
          console.changed.set(commit.id, commit);
        }
      }
    },
    stop() {
      cancel?.();
      consoles.clear();
    },
  };
}

const viewOf = (commit: Commit): OrderView =>
  presentOrder({ ...commit, state: stateOf(commit.snapshot) }, 'operator', '');
