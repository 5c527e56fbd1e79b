import { contextOf, offerHold, slotHold } from '../../../machines/order-readers.ts';
import type { ApiContext } from '../context.ts';
import { presentOffer } from '../presenters/present-offer.ts';
import { MAX_CAPACITY } from '../schemas/shift-schemas.ts';
import type { Services } from '../services/services.ts';
import type { Session } from './session.ts';

/**
 * Tells a driver what is his now: his shift, his open offer, the orders he carries. On connecting and
 * whenever something may have been missed, found through the holds, which are the truth.
 */
export function createDriverDesk(
  { store, engine }: ApiContext,
  { orders, shifts }: Services,
): (session: Session) => Promise<void> {
  return async function brief(session) {
    const { viewer } = session;
    const holds = [
      offerHold(viewer.id),
      ...Array.from({ length: MAX_CAPACITY }, (_, slot) => slotHold({ driverId: viewer.id, slot })),
    ];
    const [shift, found] = await Promise.all([
      shifts.current(viewer.id),
      store.findByHolds('order', holds),
    ]);
    if (shift) session.push('shift:state', shift);
    for (const { id, snapshot } of found) {
      const { assignment, offers } = contextOf(snapshot);
      if (assignment?.driverId === viewer.id) {
        session.push('order:snapshot', await orders.read(viewer, id));
        continue;
      }
      const offer = offers.find(({ driverId }) => driverId === viewer.id);
      if (!offer) continue;
      session.push('offer:opened', {
        ...presentOffer(offer, contextOf(snapshot)),
        serverNow: engine.clock.now(),
      });
    }
  };
}
