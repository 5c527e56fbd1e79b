import type { OrderResult } from '../../machines/order-readers.ts';
import type { Offer } from '../../machines/order-types.ts';
import { pauseOf, shiftOf } from '../../machines/shift-readers.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Store } from '../engine/store.ts';
import type { HistoryEntry, Principal } from '../engine/types.ts';
import { isAppError } from '../errors.ts';
import { openShifts } from './candidates.ts';

/** A driver's answer that came after its offer was closed. Instants are epoch ms, by our clock. */
export interface LateAnswer {
  orderId: string;
  offerId: string;
  driverId: string;
  /** When the driver tapped, as the phone says. */
  tappedAt: number;
}

/** What is told about it. */
export interface LateVerdict {
  /** Left of the offer's time when the driver tapped, ms, ≥ 0. */
  leftMs: number;
  /** From the offer's end to the arrival of the answer, ms. */
  lateMs: number;
  /** True: the lapse counts all the same, since too many in a row were excused. */
  strike: boolean;
}

/** A tunnel may be this long; whoever comes later could say anything. Real time: it is about the network. */
const BELIEVED_MS = 5 * 60_000;
const DISPATCH: Principal = { role: 'system', id: 'dispatch' };

/**
 * Judges answers that say they were given in time. The phone's word counts where the history bears it
 * out: the offer was this driver's, was on the screen, and lapsed no longer than five minutes ago; and
 * the shift excuses but a few in a row. Undefined: it was not in time, or says nothing believable.
 * Idempotent.
 */
export function createLateAnswers(deps: { engine: Engine; store: Store; clock: Clock }) {
  const { engine, store, clock } = deps;

  return async function judge(answer: LateAnswer): Promise<LateVerdict | undefined> {
    const history = await store.history('order', answer.orderId, 0);
    const offer = lapsedOffer(history, answer);
    if (!offer) return undefined;
    const { tappedAt } = answer;
    const lateMs = clock.now() - offer.expiresAt;
    if (tappedAt < offer.offeredAt || tappedAt >= offer.closesAt || lateMs > BELIEVED_MS) {
      return undefined;
    }
    const leftMs = Math.max(0, offer.expiresAt - tappedAt);
    return { leftMs, lateMs, strike: !(await excuse(answer)) };
  };

  /** True when the lapse is no strike. */
  async function excuse({ orderId, offerId, driverId }: LateAnswer): Promise<boolean> {
    const shift = (await openShifts(store, [driverId])).get(driverId);
    // Off duty nobody is struck.
    if (!shift) return true;
    const { pausedUntil } = shiftOf(shift.snapshot);
    const pause =
      pausedUntil === null ? undefined : pauseOf(await store.history('shift', shift.id, 0));
    const liftsUntil = pause?.why === 'strikes' ? { liftsUntil: pausedUntil } : {};
    try {
      await engine.send({
        ...{ kind: 'shift', id: shift.id, by: DISPATCH, commandId: `excuse/${offerId}` },
        command: { type: 'shift.excuse', orderId, offerId, ...liftsUntil },
        // The pause may begin or end before a retry.
        fingerprint: { type: 'shift.excuse', offerId },
      });
      return true;
    } catch (error) {
      if (isAppError(error, 'illegal_transition')) return false;
      throw error;
    }
  }
}

/** The offer as it was made, if it was this driver's, on the screen, and its time ran out. */
function lapsedOffer(
  history: readonly HistoryEntry[],
  { offerId, driverId }: LateAnswer,
): Offer | undefined {
  const results = history.map(({ result }) => result as unknown as OrderResult);
  const offer = results
    .flatMap(({ opened = [] }) => opened)
    .find((opened) => opened.offerId === offerId && opened.driverId === driverId);
  const isSeen = history.some(
    ({ event }) => event.type === 'offer.seen' && event.offerId === offerId,
  );
  const closing = results
    .flatMap(({ closed = [] }) => closed)
    .find((closed) => closed.offerId === offerId);
  // Its end may be a moment behind its time; ended otherwise, it is no strike anyway.
  return isSeen && (!closing || closing.outcome === 'expired') ? offer : undefined;
}
