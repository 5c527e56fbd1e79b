import type { StampedEvent } from './common.ts';
import { offerHold, slotHold } from './order-readers.ts';
import type { OrderEvent } from './order-types.ts';

interface Booking {
  driverId: string;
  slot: number;
  capacity: number;
}

/** Every hold that the event could live with: all slots of the drivers it names. */
export function holdCandidates(stamped: StampedEvent): string[] {
  const event = stamped as OrderEvent;
  switch (event.type) {
    case 'offer.open':
      return event.offers.flatMap((offer) => [offerHold(offer.driverId), ...slotsOf(offer)]);
    case 'order.assign':
      return slotsOf(event);
    default:
      return [];
  }
}

/**
 * The same event on slots that are free, or the drivers who have none or are being asked already.
 * @param taken holds that other orders have now
 */
export function rebook<T extends StampedEvent>(
  stamped: T,
  taken: ReadonlySet<string>,
): { event: T } | { busy: string[] } {
  const event = stamped as unknown as OrderEvent;
  switch (event.type) {
    case 'offer.open': {
      const placed = event.offers.map((offer) => ({
        offer,
        slot: taken.has(offerHold(offer.driverId)) ? undefined : freeSlot(offer, taken),
      }));
      const busy = placed.filter(({ slot }) => slot === undefined);
      if (busy.length > 0) return { busy: busy.map(({ offer }) => offer.driverId) };
      return {
        event: { ...stamped, offers: placed.map(({ offer, slot }) => ({ ...offer, slot })) },
      };
    }
    case 'order.assign': {
      const slot = freeSlot(event, taken);
      return slot === undefined ? { busy: [event.driverId] } : { event: { ...stamped, slot } };
    }
    default:
      return { event: stamped };
  }
}

const slotsOf = (booking: Booking): string[] =>
  Array.from({ length: booking.capacity }, (_, slot) => slotHold({ ...booking, slot }));

/** The slot asked for if it is free, else the lowest free one. */
function freeSlot(booking: Booking, taken: ReadonlySet<string>): number | undefined {
  const slots = [booking.slot, ...Array.from({ length: booking.capacity }, (_, slot) => slot)];
  return slots.find((slot) => !taken.has(slotHold({ ...booking, slot })));
}
