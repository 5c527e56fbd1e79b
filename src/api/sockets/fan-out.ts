import { contextOf, type OrderResult } from '../../../machines/order-readers.ts';
import { shiftOf } from '../../../machines/shift-readers.ts';
import type { Commit } from '../../engine/types.ts';
import { isAppError } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { presentOffer } from '../presenters/present-offer.ts';
import type { Viewer } from '../presenters/viewer.ts';
import type { Services } from '../services/services.ts';
import type { Crowd } from './crowd.ts';
import type { DriverDesk } from './driver-desk.ts';
import type { OpsBoard } from './ops-board.ts';
import type { Watches } from './watches.ts';

/**
 * Brings each committed step to the people of this node whom it concerns. Who they are is read from
 * the step itself; every node does the same for its own.
 */
export function createFanOut(
  { engine, log }: ApiContext,
  { orders, shifts, people }: Pick<Services, 'orders' | 'shifts' | 'people'>,
  deps: { crowd: Crowd; watches: Watches; board: OpsBoard; desk: DriverDesk },
): (commit: Commit) => void {
  const { crowd, watches, board, desk } = deps;

  return (commit) => {
    try {
      desk.onCommit(commit);
      if (commit.kind === 'shift') tellShift(commit);
      else if (commit.kind === 'order') tellOrder(commit);
    } catch (error) {
      // One step that cannot be shown must not stop the feed: to its watchers it is a gap, and they read again.
      log.error({ err: error, kind: commit.kind, id: commit.id, seq: commit.seq }, 'step not told');
    }
  };

  function tellOrder(commit: Commit): void {
    watches.tell(commit);
    tellOffers(commit);
    if (changesHands(commit)) tellBearers(commit);
    board.onCommit(commit);
  }

  function tellOffers({ id: orderId, entry, snapshot }: Commit): void {
    const { opened = [], closed = [] } = entry.result as unknown as OrderResult;
    for (const { offerId, driverId, outcome, reason } of closed) {
      const fate = { offerId, orderId, outcome, ...(reason === undefined ? {} : { reason }) };
      if (crowd.of('driver', driverId).length === 0) continue;
      const tell = (takenBy?: string) => {
        for (const session of crowd.of('driver', driverId)) {
          session.push('offer:closed', takenBy === undefined ? fate : { ...fate, takenBy });
        }
      };
      // Without the name rather than not at all.
      if (reason === 'taken') people.firstName(entry.by.id).then(tell, () => tell());
      else tell();
    }
    for (const offer of opened) {
      const view = presentOffer(offer, contextOf(snapshot));
      for (const session of crowd.of('driver', offer.driverId)) {
        session.push('offer:opened', { ...view, serverNow: engine.clock.now() });
      }
    }
  }

  /** Who carries it now learns the door, and the customer who comes. */
  function tellBearers({ id, snapshot }: Commit): void {
    const { assignment, customerId } = contextOf(snapshot);
    const viewers: Viewer[] = [
      { role: 'customer', id: customerId },
      ...(assignment ? [{ role: 'driver', id: assignment.driverId } as const] : []),
    ];
    for (const viewer of viewers) {
      if (crowd.of(viewer.role, viewer.id).length === 0) continue;
      orders.read(viewer, id).then(
        (view) => {
          for (const session of crowd.of(viewer.role, viewer.id)) {
            session.push('order:snapshot', view);
          }
        },
        (error: unknown) => {
          // It moved on meanwhile and is his no more: the next step tells.
          if (!isAppError(error, 'not_found')) log.warn({ err: error, orderId: id }, 'not told');
        },
      );
    }
  }

  function tellShift(commit: Commit): void {
    const { driverId } = shiftOf(commit.snapshot);
    if (crowd.of('driver', driverId).length === 0) return;
    shifts.present(commit).then(
      (view) => {
        for (const session of crowd.of('driver', driverId)) session.push('shift:state', view);
      },
      // A phone that reads again is told.
      (error: unknown) => log.warn({ err: error, shiftId: commit.id }, 'shift not told'),
    );
  }
}

/** True for a step after which someone else, or nobody any more, carries the order. */
function changesHands({ entry, snapshot }: Commit): boolean {
  switch (entry.event.type) {
    case 'offer.accept':
    case 'order.assign':
      return true;
    case 'order.release':
      return contextOf(snapshot).assignment === null;
    default:
      return false;
  }
}
