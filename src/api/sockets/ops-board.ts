import { contextOf, isOver, stateOf } from '../../../machines/order-readers.ts';
import type { Commit } from '../../engine/types.ts';
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
  /** Joins, then reads the orders that are not over, newest first. */
  watch(session: Session, zone: string | undefined): Promise<{ orders: OrderView[] }>;
  unwatch(session: Session): void;
  onCommit(commit: Commit): void;
  stop(): void;
}

interface Console {
  zone: string | undefined;
  counter: number;
  /** Of the last delta. */
  toldAt: number;
}

export function createOpsBoard({ engine }: ApiContext, orders: Orders): OpsBoard {
  const { clock } = engine;
  const consoles = new Map<Session, Console>();
  /** Newest step of each order that changed since the last tick. */
  let changed = new Map<string, Commit>();
  let cancel: (() => void) | undefined;

  function tick(): void {
    const serverNow = clock.now();
    const steps = [...changed.values()].map((commit) => ({
      zone: contextOf(commit.snapshot).zone,
      isOver: isOver(commit.snapshot),
      view: viewOf(commit),
    }));
    changed = new Map();
    for (const [session, console] of consoles) {
      const mine = steps.filter(({ zone }) => console.zone === undefined || console.zone === zone);
      if (mine.length === 0 && serverNow - console.toldAt < ALIVE_EVERY_MS) continue;
      console.toldAt = serverNow;
      session.push('ops:delta', {
        counter: ++console.counter,
        serverNow,
        orders: mine.filter((step) => !step.isOver).map(({ view }) => view),
        gone: mine.filter((step) => step.isOver).map(({ view }) => view.orderId),
      });
    }
    cancel = consoles.size > 0 ? clock.after(DELTA_EVERY_MS, tick) : undefined;
  }

  return {
    async watch(session, zone) {
      consoles.set(session, { zone, counter: 0, toldAt: clock.now() });
      cancel ??= clock.after(DELTA_EVERY_MS, tick);
      const found: OrderView[] = [];
      let cursor: string | undefined;
      do {
        const query = { live: true, zone, cursor, limit: PAGE };
        const page = await orders.list(session.viewer, query);
        found.push(...page.orders);
        cursor = page.nextCursor;
      } while (cursor !== undefined && found.length < MOST_ORDERS);
      // It left while we read.
      if (!session.isOpen()) consoles.delete(session);
      return { orders: found };
    },
    unwatch: (session) => void consoles.delete(session),
    onCommit(commit) {
      if (consoles.size > 0) changed.set(commit.id, commit);
    },
    stop() {
      cancel?.();
      consoles.clear();
    },
  };
}

const viewOf = (commit: Commit): OrderView =>
  presentOrder({ ...commit, state: stateOf(commit.snapshot) }, 'operator', '');
