import { contextOf, isOver } from '../../../machines/order-readers.ts';
import type { StoredActor } from '../../engine/store.ts';
import { AppError } from '../../errors.ts';
import type { ShareView, TrackView } from '../../protocol/tracking.ts';
import type { Claims } from '../auth/tokens.ts';
import type { ApiContext } from '../context.ts';
import { presentTrack } from '../presenters/present-track.ts';
import { standingOf } from '../presenters/viewer.ts';
import { readArrival } from './orders.ts';
import { type People, principalOf } from './people.ts';

/** Links that show one order to whoever has them, and nothing else (docs/adr/0018). */
export interface Tracking {
  /** The link of the caller's own order, the same each time. @throws {AppError} not_found */
  share(user: Claims, orderId: string): Promise<ShareView>;
  /** Takes a link of the caller's own order back. Idempotent. @throws {AppError} not_found */
  revoke(user: Claims, orderId: string, path: string): Promise<void>;
  /** @throws {AppError} not_found: forged, or its order ended too long ago; link_revoked */
  track(token: string): Promise<TrackView>;
}

const PAGE = '/t/';
/** A link outlives its order by this long, before TIME_SCALE. */
const AFTER_END_MS = 24 * 3_600_000;

export function createTracking(ctx: ApiContext, people: People): Tracking {
  const { engine, catalog, dispatch, tokens, shares, config } = ctx;
  const afterEndMs = Math.round(AFTER_END_MS / config.timeScale);

  async function ownOrder(user: Claims, orderId: string): Promise<StoredActor> {
    const actor = await engine.read('order', orderId);
    if (actor && standingOf(actor.snapshot, principalOf(user)) === 'customer') return actor;
    throw new AppError('not_found', `no order ${orderId}`);
  }

  return {
    async share(user, orderId) {
      const actor = await ownOrder(user, orderId);
      const generation = await shares.generation(orderId);
      return {
        path: `${PAGE}${tokens.issueTracking({ orderId, generation })}`,
        afterEndMs,
        ...(isOver(actor.snapshot) ? { validUntil: actor.updatedAt + afterEndMs } : {}),
      };
    },

    async revoke(user, orderId, path) {
      await ownOrder(user, orderId);
      const link = path.startsWith(PAGE) && tokens.verifyTracking(path.slice(PAGE.length));
      if (!link || link.orderId !== orderId) {
        throw new AppError('not_found', `that is no link to order ${orderId}`);
      }
      await shares.revoke(orderId, link.generation);
    },

    async track(token) {
      const link = tokens.verifyTracking(token);
      const order = link && (await engine.read('order', link.orderId));
      // A terminal order takes no step any more: its last one is its end.
      const isValid =
        order && (!isOver(order.snapshot) || engine.clock.now() < order.updatedAt + afterEndMs);
      if (!isValid) throw new AppError('not_found', 'this link is not valid, or not any more');
      if (link.generation < (await shares.generation(link.orderId))) {
        throw new AppError('link_revoked', 'whoever shared this order has taken the link back');
      }
      const { storeId, assignment } = contextOf(order.snapshot);
      const driverId = assignment?.driverId;
      const [store, driverName, etaAt, fleet] = await Promise.all([
        catalog.store(storeId),
        driverId === undefined ? undefined : people.firstName(driverId),
        readArrival(ctx, order.snapshot),
        driverId === undefined ? undefined : dispatch.fleet.get([driverId]),
      ]);
      const { point, positionAt } = (driverId && fleet?.get(driverId)) || {};
      return presentTrack(order, {
        storeName: store?.name ?? '',
        afterEndMs,
        ...(driverName === undefined ? {} : { driverName }),
        ...(etaAt === undefined ? {} : { etaAt }),
        ...(point && positionAt !== undefined
          ? { position: { lat: point.lat, lng: point.lng, at: positionAt } }
          : {}),
      });
    },
  };
}
