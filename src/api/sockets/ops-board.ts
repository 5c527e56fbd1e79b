import { contextOf, isOver, stateOf } from '../../../machines/order-readers.ts';
import type { Commit } from '../../engine/types.ts';
import { AppError } from '../../errors.ts';
import type { Answers } from '../../protocol/messages.ts';
import type { TakenView } from '../../protocol/operators.ts';
import type { OrderView } from '../../protocol/orders.ts';
import type { ApiContext } from '../context.ts';
import { presentOrder } from '../presenters/present-order.ts';
import type { Orders } from '../services/orders.ts';
import type { Session } from './session.ts';

const DELTA_EVERY_MS = 250;
/** An empty delta at least so often: a console that hears nothing knows that it is behind. */
const ALIVE_EVERY_MS = 1_000;
const PAGE = 500;
/** What a console gets at once; where there are more it is told so, and may watch a zone. */
const MOST_ORDERS = 10_000;
/** Of each transition so many steps are told one by one; the others count. */
const MOST_LATEST = 5;
/** … and so many of each are remembered for a console that comes later. */
const MOST_REMEMBERED = 20;

/** The operators' live picture: what changed, conflated, four times a second at most. */
export interface OpsBoard {
  /**
   * Joins, then reads the orders that are not over, newest first.
   * @throws {AppError} unauthenticated when the connection is gone
   */
  watch(session: Session, zone: string | undefined): Promise<Answers['ops:watch']>;
  /**
   * The picture is on its way: its deltas follow it, and never go before it.
   * @returns false for one that nobody waits for any more: another was asked for, or the console left
   */
  begin(session: Session, picture: Answers['ops:watch']): boolean;
  unwatch(session: Session): void;
  onCommit(commit: Commit): void;
  stop(): void;
}

interface Console {
  zone: string | undefined;
  counter: number;
  /** Of the last delta; undefined before the first read is answered. */
  toldAt: number | undefined;
  /** What the deltas change, once it has been read. */
  picture: Answers['ops:watch'] | undefined;
  /** Newest step of each order that this console was not told yet. */
  changed: Map<string, Commit>;
  /** By transition: what this console was not told yet. */
  taken: Map<string, TakenView>;
}

export function createOpsBoard({ engine }: ApiContext, orders: Orders): OpsBoard {
  const { clock } = engine;
  const consoles = new Map<Session, Console>();
  const remembered = new Map<string, TakenView>();
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
    const taken = [...console.taken.values()];
    console.changed.clear();
    console.taken.clear();
    console.toldAt = serverNow;
    session.push('ops:delta', {
      counter: ++console.counter,
      serverNow,
      orders: steps.filter(({ snapshot }) => !isOver(snapshot)).map(viewOf),
      gone: steps.filter(({ snapshot }) => isOver(snapshot)).map(({ id }) => id),
      taken,
    });
  }

  async function readAll(
    session: Session,
    zone: string | undefined,
  ): Promise<Answers['ops:watch']> {
    const found: OrderView[] = [];
    let cursor: string | undefined;
    do {
      const page = await orders.list(session.viewer, { live: true, zone, cursor, limit: PAGE });
      found.push(...page.orders);
      cursor = page.nextCursor;
    } while (cursor !== undefined && found.length < MOST_ORDERS);
    const lately = zone === undefined ? [...remembered.values()] : [];
    return {
      ...{ orders: found, complete: cursor === undefined },
      lately: lately.map(({ type, from, to, latest }) => ({ type, from, to, latest })),
    };
  }

  return {
    async watch(session, zone) {
      // Whoever left while the message waited its turn would be kept for ever.
      if (!session.isOpen()) throw new AppError('unauthenticated', 'the connection is closed');
      const console: Console = {
        ...{ zone, counter: 0, toldAt: undefined, picture: undefined },
        ...{ changed: new Map(), taken: new Map() },
      };
      consoles.set(session, console);
      cancel ??= clock.after(DELTA_EVERY_MS, tick);
      try {
        console.picture = await readAll(session, zone);
        return console.picture;
      } catch (error) {
        if (consoles.get(session) === console) consoles.delete(session);
        throw error;
      }
    },
    begin(session, picture) {
      const console = consoles.get(session);
      if (console?.picture !== picture) return false;
      console.toldAt = clock.now();
      return true;
    },
    unwatch: (session) => void consoles.delete(session),
    onCommit(commit) {
      count(remembered, commit, MOST_REMEMBERED);
      const { zone } = contextOf(commit.snapshot);
      for (const console of consoles.values()) {
        if (console.zone === undefined || console.zone === zone) {
          console.changed.set(commit.id, commit);
          count(console.taken, commit, MOST_LATEST);
        }
      }
    },
    stop() {
      cancel?.();
      consoles.clear();
    },
  };
}

function count(
  taken: Map<string, TakenView>,
  { id: orderId, seq, entry }: Commit,
  most: number,
): void {
  const { at, from, to } = entry;
  const type = entry.event.type as TakenView['type'];
  const key = `${from} ${type} ${to}`;
  const known = taken.get(key) ?? { type, from, to, times: 0, latest: [] };
  taken.set(key, known);
  known.times += 1;
  known.latest.unshift({ orderId, seq, at });
  known.latest.length = Math.min(known.latest.length, most);
}

const viewOf = (commit: Commit): OrderView =>
  presentOrder({ ...commit, state: stateOf(commit.snapshot) }, 'operator', '');
