import type { OfferRequest } from '../../../machines/order-types.ts';
import type { Store } from '../../engine/store.ts';
import type { ActorEvent, HistoryEntry } from '../../engine/types.ts';
import { AppError } from '../../errors.ts';
import type { OrderRecord, RecordedStep } from '../../protocol/operators.ts';
import type { People } from './people.ts';

/** What stands for an order's PIN, and for a wrong one, wherever a whole event is shown. */
export const PIN_MASK = { right: '••••', wrong: '××××' } as const;

/** Whole histories, for operators. */
export interface OrderRecords {
  /** Every step of the order as it was taken, PINs masked. @throws {AppError} not_found */
  read(orderId: string): Promise<OrderRecord>;
}

export function createOrderRecords(store: Store, people: People): OrderRecords {
  return {
    async read(orderId) {
      const [actor, history] = await Promise.all([
        store.load('order', orderId),
        store.history('order', orderId, 0),
      ]);
      if (!actor) throw new AppError('not_found', `no order ${orderId}`);
      return {
        orderId,
        machineVersion: actor.machineVersion,
        steps: presentRecord(history),
        names: await people.names(history.flatMap(peopleIn)),
      };
    },
  };
}

/** A history as the wire has it. Pure. */
export function presentRecord(history: readonly HistoryEntry[]): RecordedStep[] {
  const pin = history[0]?.event.pin;
  return history.map(({ seq, at, event, from, to }) => ({
    ...{ seq, at, from, to },
    event: masked(event, pin) as RecordedStep['event'],
  }));
}

function masked(event: ActorEvent, right: unknown): ActorEvent {
  if (typeof event.pin !== 'string') return event;
  return { ...event, pin: event.pin === right ? PIN_MASK.right : PIN_MASK.wrong };
}

/** Everyone whom a step names. */
function peopleIn({ by, event }: HistoryEntry): string[] {
  const offers = (event.offers ?? []) as unknown as OfferRequest[];
  return [
    ...(by.role === 'system' || by.role === 'store' ? [] : [by.id]),
    ...(typeof event.driverId === 'string' ? [event.driverId] : []),
    ...offers.map(({ driverId }) => driverId),
  ];
}
