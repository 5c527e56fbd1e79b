import { contextOf, isOver } from '../../../machines/order-readers.ts';
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
  /** @throws {AppError} not_found: forged, or its order ended too long ago */
  track(token: string): Promise<TrackView>;
}

/** A link outlives its order by this long, before TIME_SCALE. */
const AFTER_END_MS = 24 * 3_600_000;

export function createTracking(ctx: ApiContext, people: People): Tracking {
  const { engine, catalog, dispatch, tokens, config } = ctx;
  const afterEndMs = Math.round(AFTER_END_MS / config.timeScale);

  return {
    async share(user, orderId) {
      const actor = await engine.read('order', orderId);
      if (!actor || standingOf(actor.snapshot, principalOf(user)) !== 'customer') {
        throw new AppError('not_found', `no order ${orderId}`);
      }
      return {
        path: `/t/${tokens.issueTracking(orderId)}`,
        afterEndMs,
        ...(isOver(actor.snapshot) ? { validUntil: actor.updatedAt + afterEndMs } : {}),
      };
    },

    async track(token) {
      const orderId = tokens.verifyTracking(token);
      const order = orderId === undefined ? undefined : await engine.read('order', orderId);
      // A terminal order takes no step any more: its last one is its end.
      const isValid =
        order && (!isOver(order.snapshot) || engine.clock.now() < order.updatedAt + afterEndMs);
      if (!isValid) throw new AppError('not_found', 'this link is not valid, or not any more');
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
