import type { OrderResult } from '../../../machines/order-readers.ts';
import { AppError } from '../../errors.ts';
import type { OfferClosedDetails } from '../../protocol/commands.ts';
import type { ApiContext } from '../context.ts';
import type { People } from './people.ts';

/** A driver's answer that was refused as `offer_closed`. */
export interface RefusedAnswer {
  orderId: string;
  driverId: string;
  /** When the driver tapped, epoch ms, as the phone says; absent: it says nothing of it. */
  tappedAt: number | undefined;
}

/** The refusal with what its driver is owed: who was faster, and what a tap that was in time is worth. */
export function createClosedOffers(
  { store, dispatch }: Pick<ApiContext, 'store' | 'dispatch'>,
  people: People,
): (refusal: AppError, answer: RefusedAnswer) => Promise<AppError> {
  async function takerOf(orderId: string, offerId: string): Promise<string | undefined> {
    const history = await store.history('order', orderId, 0);
    const taking = history.find(({ result }) =>
      (result as unknown as OrderResult).closed?.some((closed) => closed.offerId === offerId),
    );
    return taking && people.firstName(taking.by.id);
  }

  return async (refusal, { orderId, driverId, tappedAt }) => {
    const { offerId, outcome, reason } = refusal.details as unknown as OfferClosedDetails;
    const takenBy = reason === 'taken' ? await takerOf(orderId, offerId) : undefined;
    const inTime =
      outcome === 'expired' && tappedAt !== undefined
        ? await dispatch.judgeLate({ orderId, offerId, driverId, tappedAt })
        : undefined;
    const details = {
      ...refusal.details,
      ...(takenBy === undefined ? {} : { takenBy }),
      ...(inTime ? { inTime } : {}),
    };
    return new AppError('offer_closed', refusal.message, { details, cause: refusal });
  };
}
