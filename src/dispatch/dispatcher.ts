import { LRUCache } from 'lru-cache';
import { lookAgainAt } from '../../machines/order-deadlines.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { OfferRequest, OrderContext } from '../../machines/order-types.ts';
import type { Clock, Ids } from '../engine/clock.ts';
import type { Engine, WorkItem } from '../engine/engine.ts';
import type { Store } from '../engine/store.ts';
import type { JsonObject, Principal } from '../engine/types.ts';
import { type AppError, isAppError } from '../errors.ts';
import type { Alarms } from './alarms.ts';
import { findCandidates } from './candidates.ts';
import { type Explanations, searchOf } from './explanations.ts';
import type { Fleet } from './fleet.ts';
import type { OfferBook } from './offer-book.ts';
import { type Choice, choose, radiusOf } from './policy.ts';

export const DISPATCH: Principal = { role: 'system', id: 'dispatch' };

export interface DispatcherDeps {
  engine: Engine;
  store: Store;
  clock: Clock;
  ids: Ids;
  fleet: Fleet;
  alarms: Alarms;
  explanations: Explanations;
  book: OfferBook;
}

/** Searches whose last empty look is remembered, so that it is not written again and again. */
const MAX_EXPLAINED = 10_000;
/** Selections in a row that may be beaten to a driver before the next round is waited for. */
const MAX_BEATEN = 3;

/**
 * The worker of `dispatch`: picks drivers for one order and answers with `offer.open` under `ifSeq`.
 * Selection is advice, the holds decide: whoever turns out to be busy is dropped, and the rest asked.
 * Gives the instant to look again when there is nobody to ask.
 */
export function createDispatcher(deps: DispatcherDeps) {
  const { engine, store, clock, ids, fleet, alarms, explanations, book } = deps;

  // Bounded by size: room for `max` entries would be taken at once, and most nodes never need it.
  const explained = new LRUCache<string, string>({
    maxSize: MAX_EXPLAINED,
    sizeCalculation: () => 1,
  });

  return async function dispatch({ id, seq, actor }: WorkItem): Promise<number | undefined> {
    const order = contextOf(actor.snapshot);
    let candidates = await findCandidates({ fleet, store, now: clock.now() }, order);
    await tellWhetherDriven(
      order,
      candidates.some(({ shift }) => shift !== undefined),
    );

    for (let beaten = 0; beaten < MAX_BEATEN; beaten++) {
      const choice = choose(order, candidates);
      if (choice.chosen.length === 0) {
        await explainNobody(order, choice);
        break;
      }
      try {
        await offer(id, seq, order, choice);
        return undefined;
      } catch (error) {
        const busy = busyDrivers(error);
        // The order moved on: whatever it needs now, somebody else is seeing to it.
        if (!busy) return isDropped(error) ? undefined : rethrow(error);
        candidates = candidates.filter(({ driverId }) => !busy.includes(driverId));
      }
    }
    return lookAgainAt(actor.snapshot, clock.now());
  };

  async function offer(orderId: string, seq: number, order: OrderContext, choice: Choice) {
    const offers: (OfferRequest & JsonObject)[] = choice.chosen.map((candidate) => ({
      offerId: ids.next(),
      driverId: candidate.driverId,
      slot: candidate.freeSlot,
      capacity: candidate.capacity,
      distanceMeters: candidate.distanceMeters,
    }));
    const createdAt = clock.now();
    await explanations.save(
      offers.map(({ offerId, driverId }) => ({
        ...{ _id: offerId, orderId, driverId, by: 'policy', createdAt },
        ...{ radiusMeters: radiusOf(order), misses: order.search?.misses ?? 0 },
        considered: choice.considered,
      })),
    );
    await engine.send({
      kind: 'order',
      id: orderId,
      command: { type: 'offer.open', offers },
      by: DISPATCH,
      ifSeq: seq,
    });
    fleet.markOffered(offers.map(({ driverId }) => driverId));
    await book.note(offers);
  }

  /** Written when it says something new: an empty search looks again every few seconds. */
  async function explainNobody(order: OrderContext, { considered }: Choice) {
    const { orderId } = order;
    const radiusMeters = radiusOf(order);
    const says = JSON.stringify([
      radiusMeters,
      considered.map(({ driverId, leftOut }) => [driverId, leftOut]),
    ]);
    if (explained.get(orderId) === says) return;
    explained.set(orderId, says);
    await explanations.save([
      {
        ...{ _id: searchOf(orderId), orderId, by: 'policy', radiusMeters, considered },
        ...{ misses: order.search?.misses ?? 0, createdAt: clock.now() },
      },
    ]);
  }

  /** Nobody on duty anywhere in reach is the operators' business, before the search has failed. */
  async function tellWhetherDriven({ zone }: OrderContext, isDriven: boolean) {
    const subject = `zone:${zone}`;
    if (isDriven) await alarms.clear(subject, 'no_drivers');
    else await alarms.raise({ subject, alarm: 'no_drivers', zone });
  }
}

/** The drivers of a `driver_busy`, or undefined when it is something else. */
function busyDrivers(error: unknown): readonly string[] | undefined {
  if (!isAppError(error, 'driver_busy')) return undefined;
  return ((error as AppError).details?.driverIds ?? []) as string[];
}

/** `outcome_unknown` settles by itself, and the order is looked at again whatever comes of it. */
const isDropped = (error: unknown): boolean =>
  isAppError(error, 'version_conflict', 'illegal_transition', 'not_found', 'outcome_unknown');

function rethrow(error: unknown): never {
  throw error;
}
