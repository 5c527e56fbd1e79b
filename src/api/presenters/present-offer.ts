import type { Offer, OrderContext } from '../../../machines/order-types.ts';
import type { OfferView } from '../../protocol/orders.ts';
import { roughly } from './viewer.ts';

/** An open offer as its driver sees it: enough to decide by, nothing of the customer. Pure. */
export const presentOffer = (offer: Offer, order: OrderContext): OfferView => ({
  offerId: offer.offerId,
  orderId: order.orderId,
  offeredAt: offer.offeredAt,
  expiresAt: offer.expiresAt,
  pickup: order.pickup,
  dropoff: roughly(order.dropoff),
  storeId: order.storeId,
  itemCount: order.itemCount,
  currency: order.currency,
  ...(order.payCents === undefined ? {} : { payCents: order.payCents }),
  ...(offer.distanceMeters === undefined ? {} : { distanceMeters: offer.distanceMeters }),
});
