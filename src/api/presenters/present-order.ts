import { failAtOf } from '../../../machines/order-deadlines.ts';
import { contextOf, isOver } from '../../../machines/order-readers.ts';
import type { OrderContext, PlacedOrder } from '../../../machines/order-types.ts';
import type { PersistedSnapshot } from '../../engine/types.ts';
import type { OrderView } from '../../protocol/orders.ts';
import { presentOffer } from './present-offer.ts';
import { roughly, type Standing } from './viewer.ts';

/** An order as the engine has it: from the store or from the feed. */
export interface OrderAt {
  id: string;
  seq: number;
  state: string;
  snapshot: PersistedSnapshot;
}

/** What is known beside the order's own state. */
export interface OrderDetails {
  /** History entry 1: what was ordered, and where to. */
  placed?: Pick<PlacedOrder, 'address' | 'note' | 'items'>;
  /** First name of who carries it. */
  driverName?: string;
  /** By where the driver is now. @default as it was promised at placing */
  etaAt?: number;
}

/** An order as someone of this standing may see it, field by field. Pure. */
export function presentOrder(
  { id, seq, state, snapshot }: OrderAt,
  standing: Standing,
  viewerId: string,
  { placed, driverName, etaAt }: OrderDetails = {},
): OrderView {
  const of = contextOf(snapshot);
  const isStaff = standing === 'operator';
  // Whoever delivered it has no business at the door any more.
  const carries = standing === 'assigned' && !isOver(snapshot);
  const atDoor = isStaff || standing === 'customer' || carries;
  const knowsItems = standing !== 'offered';
  const knowsPay = isStaff || standing === 'assigned' || standing === 'offered';
  return {
    orderId: id,
    seq,
    state,
    ...(isStaff || standing === 'customer' ? { customerId: of.customerId } : {}),
    storeId: of.storeId,
    zone: of.zone,
    ...(of.assignment && (isStaff || standing === 'assigned')
      ? { driverId: of.assignment.driverId }
      : {}),
    ...(of.assignment && driverName !== undefined && knowsItems ? { driverName } : {}),
    pickup: of.pickup,
    dropoff: atDoor ? of.dropoff : roughly(of.dropoff),
    ...(placed && atDoor ? { address: placed.address } : {}),
    ...(placed?.note !== undefined && atDoor ? { note: placed.note } : {}),
    ...(placed && knowsItems
      ? {
          items: placed.items.map(({ productId, name, quantity, unitCents }) => ({
            productId,
            name,
            quantity,
            unitCents,
          })),
        }
      : {}),
    itemCount: of.itemCount,
    totalCents: of.totalCents,
    feeCents: of.feeCents,
    ...(of.payCents !== undefined && knowsPay ? { payCents: of.payCents } : {}),
    currency: of.currency,
    placedAt: of.placedAt,
    searchAt: of.searchAt,
    promisedAt: of.promisedAt,
    etaAt: etaAt ?? of.etaAt,
    health: of.health,
    ...(of.storeReadyAt === null ? {} : { storeReadyAt: of.storeReadyAt }),
    ...(of.pickedUpAt === null ? {} : { pickedUpAt: of.pickedUpAt }),
    ...(of.pin !== null && standing === 'customer' ? { pin: of.pin } : {}),
    ...offersFor(of, standing, viewerId),
    ...(isStaff ? deadlinesOf(of) : {}),
    ...(of.ending
      ? { ending: { by: of.ending.by.role, reason: of.ending.reason, at: of.ending.at } }
      : {}),
  };
}

/** What the order waits for, and until when. */
function deadlinesOf({
  search,
  policy,
  assignment,
  stallAt,
}: OrderContext): Pick<OrderView, 'search' | 'releaseAt' | 'stallAt'> {
  return {
    ...(search
      ? {
          search: {
            startedAt: search.startedAt,
            giveUpAt: failAtOf(search),
            misses: search.misses,
            manual: policy.mode === 'manual',
          },
        }
      : {}),
    ...(assignment?.releaseAt === undefined ? {} : { releaseAt: assignment.releaseAt }),
    ...(stallAt === null ? {} : { stallAt }),
  };
}

/** Open offers: operators see all, a driver their own. */
function offersFor(
  of: OrderContext,
  standing: Standing,
  viewerId: string,
): Pick<OrderView, 'offers'> {
  if (standing === 'customer' || standing === 'store') return {};
  const offers = of.offers.filter(
    (offer) => standing === 'operator' || offer.driverId === viewerId,
  );
  return {
    offers: offers.map((offer) => ({
      ...presentOffer(offer, of),
      driverId: offer.driverId,
      ...(offer.seenAt === undefined ? {} : { seenAt: offer.seenAt }),
    })),
  };
}
