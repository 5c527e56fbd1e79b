import { randomInt } from 'node:crypto';
import { v5 } from 'uuid';
import { contextOf, isOver } from '../../../machines/order-readers.ts';
import type { Assignment, OrderContext, PlacedOrder } from '../../../machines/order-types.ts';
import type { SendResult } from '../../engine/engine.ts';
import type { StoredActor } from '../../engine/store.ts';
import type { Command, JsonObject, PersistedSnapshot } from '../../engine/types.ts';
import { AppError, type ErrorCode, isAppError } from '../../errors.ts';
import type { CommandAnswer, OrderCommandInput, Tapped } from '../../protocol/commands.ts';
import type { OrderStep, OrdersPage, OrderView, PlaceOrder } from '../../protocol/orders.ts';
import type { Claims } from '../auth/tokens.ts';
import type { ApiContext } from '../context.ts';
import { presentEvent } from '../presenters/present-event.ts';
import { presentOrder } from '../presenters/present-order.ts';
import { standingOf, type Viewer } from '../presenters/viewer.ts';
import { createClosedOffers } from './closed-offers.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { missedSteps } from './missed.ts';
import type { TellMovedOn } from './moved-on.ts';
import { type People, principalOf } from './people.ts';

export interface ListOrders {
  /** Only orders that are not over. */
  live?: boolean | undefined;
  zone?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** What a watch begins with. */
export interface Followed {
  snapshot: OrderView;
  events: OrderStep[];
  /** What it is while somebody carries it: for the server's own use. */
  carried: Carried | undefined;
}

/** An order with a driver. */
export type Carried = OrderContext & { assignment: Assignment };

/** What people do with orders, whichever door they come through. */
export interface Orders {
  /**
   * Places an order once per customer and key: a retry is answered with the same order.
   * @throws {AppError} command_mismatch, not_found, out_of_area, unavailable_item and what `engine.send` throws
   */
  place(user: Claims, body: PlaceOrder, key: string): Promise<CommandAnswer & { order: OrderView }>;
  /**
   * @param ifSeq taken only while the order is at this step
   * @throws {AppError} wrong_pin, moved_on and what `engine.send` throws
   */
  command(
    user: Claims,
    orderId: string,
    input: OrderCommandInput,
    commandId: string,
    ifSeq?: number,
  ): Promise<CommandAnswer>;
  /** @throws {AppError} not_found, also where the order is none of the viewer's */
  read(viewer: Viewer, orderId: string): Promise<OrderView>;
  /** The order, and its steps after `sinceSeq`; without it no steps. @throws {AppError} not_found */
  since(viewer: Viewer, orderId: string, sinceSeq: number | undefined): Promise<Followed>;
  /** Newest first. @throws {AppError} malformed */
  list(viewer: Viewer, query: ListOrders): Promise<OrdersPage>;
}

/** Order ids are made from who asks and under which key, so that a retry meets the order it made. */
const ORDERS_OF_CUSTOMERS = '6d2a1a1e-3e0f-4f0a-9f5e-5b8b0d7c1c52';

export function createOrders(ctx: ApiContext, people: People, movedOn: TellMovedOn): Orders {
  const { engine, store, dispatch, catalog } = ctx;
  const explainClosed = createClosedOffers(ctx, people);

  async function readOwn(viewer: Viewer, orderId: string) {
    const actor = await engine.read('order', orderId);
    const standing = actor && standingOf(actor.snapshot, viewer);
    // Another's order is no different from one that does not exist.
    if (!standing) throw new AppError('not_found', `no order ${orderId}`);
    return { actor, standing };
  }

  async function present(viewer: Viewer, orderId: string) {
    const { actor, standing } = await readOwn(viewer, orderId);
    const { assignment } = contextOf(actor.snapshot);
    const [[birth], driverName, etaAt] = await Promise.all([
      store.history('order', orderId, 0, 1),
      assignment ? people.firstName(assignment.driverId) : undefined,
      readArrival(ctx, actor.snapshot),
    ]);
    const placed = birth?.event as unknown as PlacedOrder | undefined;
    const view = presentOrder(actor, standing, viewer.id, {
      ...(placed ? { placed } : {}),
      ...(driverName === undefined ? {} : { driverName }),
      ...(etaAt === undefined ? {} : { etaAt }),
    });
    return { actor, view };
  }

  function take(
    by: Viewer,
    orderId: string,
    input: OrderCommandInput,
    commandId: string,
    ifSeq: number | undefined,
  ): Promise<SendResult> {
    const at = ifSeq === undefined ? {} : { ifSeq };
    if (input.type === 'order.offer' || input.type === 'order.assign') {
      // Whether the driver is on duty is dispatch's to say, and an operator's to know.
      if (by.role !== 'operator') throw new AppError('not_found', `no order ${orderId}`);
      const give = input.type === 'order.offer' ? dispatch.offerTo : dispatch.assignTo;
      const { driverId, reason } = input;
      return give({ orderId, driverId, by, reason, commandId, ...at });
    }
    // When the driver tapped is no part of what he says: the machine goes by when it arrived.
    const { tappedAt: _, ...said } = input as OrderCommandInput & Tapped;
    const command = said as unknown as Command;
    return engine.send({ kind: 'order', id: orderId, command, by, commandId, ...at });
  }

  /** The placing as its sender stated it, with what it takes to make it an order. */
  async function placing(user: Claims, body: PlaceOrder, orderId: string): Promise<Command> {
    const pin = String(randomInt(10_000)).padStart(4, '0');
    const now = engine.clock.now();
    try {
      const order = await catalog.preparePlacing(body, {
        ...{ orderId, customerId: user.userId, pin, now },
      });
      return { type: 'order.place', ...(order as unknown as JsonObject) };
    } catch (error) {
      // A retry is owed its first answer even if the store has since closed or sold out; the engine
      // recognises it by the fingerprint.
      if (isAppError(error) && (await store.readSeq('order', orderId)) > 0) {
        return { type: 'order.place', customerId: user.userId };
      }
      throw error;
    }
  }

  return {
    async place(user, body, key) {
      const by = principalOf(user);
      const id = v5(`${user.userId}/${key}`, ORDERS_OF_CUSTOMERS);
      const taken = await engine.send({
        kind: 'order',
        id,
        command: await placing(user, body, id),
        by,
        fingerprint: { type: 'order.place', ...(body as unknown as JsonObject) },
        commandId: key,
      });
      return { ...answer(id, key, taken), order: (await present(by, id)).view };
    },

    async command(user, orderId, input, commandId, ifSeq) {
      const by = principalOf(user);
      try {
        const taken = await take(by, orderId, input, commandId, ifSeq);
        throwIfRefused(taken);
        return answer(orderId, commandId, taken);
      } catch (error) {
        if (isAppError(error, 'offer_closed')) {
          const { tappedAt } = input as Tapped;
          throw await explainClosed(error, { orderId, driverId: by.id, tappedAt });
        }
        if (ifSeq === undefined || !isAppError(error, 'version_conflict')) throw error;
        throw await movedOn(user, 'order', orderId, ifSeq);
      }
    },

    read: async (viewer, orderId) => (await present(viewer, orderId)).view,

    async since(viewer, orderId, sinceSeq) {
      const { actor, view } = await present(viewer, orderId);
      const missed = sinceSeq === undefined ? [] : await missedSteps(store, actor, sinceSeq);
      return {
        snapshot: view,
        events: missed.map((commit) => presentEvent(commit, viewer)),
        carried: carriedOf(actor.snapshot),
      };
    },

    async list(viewer, { live, zone, cursor, limit }) {
      const where = {
        ...ownColumn(viewer),
        ...(live ? { live: true } : {}),
        ...(zone === undefined ? {} : { zone }),
      };
      const page = { limit, ...(cursor === undefined ? {} : { before: fromCursor(cursor) }) };
      const actors = await store.list('order', where, page);
      const last = actors.at(-1);
      return {
        orders: actors.flatMap((actor) => presentListed(actor, viewer)),
        ...(last && actors.length === limit ? { nextCursor: toCursor(last) } : {}),
      };
    },
  };
}

/** When the order comes, by where its driver is now; undefined where nobody is under way to the door. */
export async function readArrival(
  { catalog, dispatch, engine }: Pick<ApiContext, 'catalog' | 'dispatch' | 'engine'>,
  snapshot: PersistedSnapshot,
): Promise<number | undefined> {
  const carried = carriedOf(snapshot);
  if (!carried || !isComing(carried)) return undefined;
  const { driverId } = carried.assignment;
  const point = (await dispatch.fleet.get([driverId])).get(driverId)?.point;
  return point && catalog.arrivalAt(carried, point, engine.clock.now());
}

/** The order, while a driver is under way with it. */
export function carriedOf(snapshot: PersistedSnapshot): Carried | undefined {
  const order = contextOf(snapshot);
  return isOver(snapshot) || order.assignment === null ? undefined : (order as Carried);
}

/** True while the order is meant for the door: not once it turned back. */
export const isComing = ({ ending }: Carried): boolean => ending === null;

const answer = (id: string, commandId: string, { seq, state }: SendResult): CommandAnswer => ({
  id,
  seq,
  commandId,
  state,
});

/** A step that was taken down and yet refused: a wrong PIN. Its retry is refused alike. */
function throwIfRefused({ result }: SendResult): void {
  const refused = result.refused as
    | { code: ErrorCode; message: string; triesLeft: number }
    | undefined;
  if (!refused) return;
  const { code, message, triesLeft } = refused;
  throw new AppError(code, message, { details: { triesLeft } });
}

function ownColumn(viewer: Viewer): Record<string, string> {
  switch (viewer.role) {
    case 'customer':
      return { customerId: viewer.id };
    case 'driver':
      return { driverId: viewer.id };
    case 'store':
      return { storeId: viewer.id };
    case 'operator':
    case 'system':
      return {};
  }
}

function presentListed(actor: StoredActor, viewer: Viewer): OrderView[] {
  const standing = standingOf(actor.snapshot, viewer);
  return standing ? [presentOrder(actor, standing, viewer.id)] : [];
}
