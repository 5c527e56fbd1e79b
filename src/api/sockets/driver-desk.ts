import { contextOf, offerHold, slotHold } from '../../../machines/order-readers.ts';
import { shiftHold } from '../../../machines/shift-readers.ts';
import type { Commit, PersistedSnapshot } from '../../engine/types.ts';
import { isAppError } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { presentOffer } from '../presenters/present-offer.ts';
import { MAX_CAPACITY } from '../schemas/shift-schemas.ts';
import type { Services } from '../services/services.ts';
import type { Session } from './session.ts';

/** Says to drivers what is theirs now, as the holds have it, which are the truth. */
export interface DriverDesk {
  /** His shift, his open offer, the orders he carries: on connecting and when steps may have been missed. */
  brief(session: Session): Promise<void>;
  onCommit(commit: Commit): void;
}

export function createDriverDesk(
  { store, engine }: ApiContext,
  { orders, shifts }: Pick<Services, 'orders' | 'shifts'>,
): DriverDesk {
  /** Steps since each reading that is under way began: what was read of their actors may be old. */
  const readings = new Set<Map<string, Commit>>();

  async function brief({ viewer, push }: Session, newer: Map<string, Commit>): Promise<void> {
    const holds = [
      offerHold(viewer.id),
      ...Array.from({ length: MAX_CAPACITY }, (_, slot) => slotHold({ driverId: viewer.id, slot })),
    ];
    const [[shift], found] = await Promise.all([
      store.findByHolds('shift', [shiftHold(viewer.id)]),
      store.findByHolds('order', holds),
    ]);
    const shiftView = shift && (await shifts.present(shift));
    if (shiftView && !newer.has(shiftView.shiftId)) push('shift:state', shiftView);
    const carried: string[] = [];
    for (const { id, snapshot: read } of found) {
      // An offer that was closed while we read was told so, and must not come back.
      const snapshot: PersistedSnapshot = newer.get(id)?.snapshot ?? read;
      const order = contextOf(snapshot);
      const offer = order.offers.find(({ driverId }) => driverId === viewer.id);
      if (order.assignment?.driverId === viewer.id) carried.push(id);
      else if (offer) {
        push('offer:opened', { ...presentOffer(offer, order), serverNow: engine.clock.now() });
      }
    }
    for (const id of carried) {
      try {
        push('order:snapshot', await orders.read(viewer, id));
      } catch (error) {
        // It was taken from him while we read, which he is told as a step.
        if (!isAppError(error, 'not_found')) throw error;
      }
    }
  }

  return {
    async brief(session) {
      const newer = new Map<string, Commit>();
      readings.add(newer);
      try {
        await brief(session, newer);
      } finally {
        readings.delete(newer);
      }
    },
    onCommit(commit) {
      for (const newer of readings) newer.set(commit.id, commit);
    },
  };
}
