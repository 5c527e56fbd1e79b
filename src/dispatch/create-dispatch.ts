import type { Point } from '../../machines/common.ts';
import { offerHold } from '../../machines/order-readers.ts';
import { shiftOf, stateOf } from '../../machines/shift-readers.ts';
import type { OpenDocuments } from '../documents.ts';
import type { Clock, Ids, Random } from '../engine/clock.ts';
import type { Engine, SendResult } from '../engine/engine.ts';
import type { Store } from '../engine/store.ts';
import type { Command, Principal } from '../engine/types.ts';
import { AppError } from '../errors.ts';
import { type Alarms, createAlarms } from './alarms.ts';
import { carriedBy, holdsOf, openShifts } from './candidates.ts';
import { createDispatcher } from './dispatcher.ts';
import { createEffects } from './effects.ts';
import { createExplanations, type Explanations } from './explanations.ts';
import type { Fleet } from './fleet.ts';
import { createLateAnswers, type LateAnswer, type LateVerdict } from './late-answers.ts';
import { createLostDrivers } from './lost-drivers.ts';
import { createOfferBook, type OfferTally } from './offer-book.ts';

/** A driver on duty, as the operators see them. Instants are epoch ms. */
export interface DriverOnDuty {
  driverId: string;
  shiftId: string;
  /** Of the shift. */
  seq: number;
  state: string;
  zone: string;
  capacity: number;
  strikes: number;
  pausedUntil: number | null;
  startedAt: number;
  tally: OfferTally;
  /** Orders in hand. */
  orders: string[];
  offered: boolean;
  point?: Point;
  positionAt?: number;
  seenAt?: number;
}

/** An operator's choice: which order to which driver, and why. */
export interface Gift {
  orderId: string;
  driverId: string;
  by: Principal;
  reason: string;
  commandId: string;
  /** Only while the order is at this step. @throws {AppError} version_conflict */
  ifSeq?: number;
}

/** Who gets the next offer, and what operators may do about it. */
export interface Dispatch {
  readonly fleet: Fleet;
  readonly alarms: Alarms;
  readonly explanations: Explanations;
  /**
   * Offers an order to one driver, as an operator chose. A retry under the same commandId is the same offer.
   * @throws {AppError} driver_busy (also: not on duty), and all that `engine.send` throws
   */
  offerTo(gift: Gift): Promise<SendResult>;
  /** Gives an order to a driver without asking. @throws {AppError} as `offerTo` */
  assignTo(gift: Gift): Promise<SendResult>;
  /**
   * What an answer is worth that says it was given in time and came too late; excuses the lapse where
   * it may. Undefined: nothing. @throws what `engine.send` throws
   */
  judgeLate(answer: LateAnswer): Promise<LateVerdict | undefined>;
  /** Drivers on duty, those who came last first; at most 500. */
  drivers(zone?: string): Promise<DriverOnDuty[]>;
  start(): () => Promise<void>;
}

const MAX_DRIVERS = 500;

/** Builds dispatch on an engine, and registers its worker and its effects there. Before `engine.start`. */
export function createDispatch(deps: {
  engine: Engine;
  store: Store;
  clock: Clock;
  ids: Ids;
  random: Random;
  fleet: Fleet;
  open: OpenDocuments;
  timeScale: number;
  onError(error: unknown): void;
}): Dispatch {
  const { engine, store, clock, ids, fleet } = deps;
  const alarms = createAlarms(deps);
  const explanations = createExplanations(deps.open);
  const book = createOfferBook(deps);
  const lostDrivers = createLostDrivers({ ...deps, alarms });
  engine.onWork('dispatch', createDispatcher({ ...deps, alarms, explanations, book }));
  for (const [type, handler] of Object.entries(createEffects({ engine, store, alarms, book }))) {
    engine.onEffect(type, handler);
  }

  /** A place with this driver: any slot, since the engine finds the free one. */
  async function placeWith(gift: Gift): Promise<{ slot: number; capacity: number }> {
    const { orderId, driverId, commandId } = gift;
    const shift = (await openShifts(store, [driverId])).get(driverId);
    if (shift) return { slot: 0, capacity: shiftOf(shift.snapshot).capacity };
    // A retry, and the driver has gone off duty since: the engine answers it as it did at first.
    if (await store.findCommand('order', orderId, commandId)) return { slot: 0, capacity: 1 };
    throw new AppError('driver_busy', `driver ${driverId} is not on duty; choose another`, {
      details: { driverIds: [driverId] },
    });
  }

  function send(gift: Gift, command: Command, said: string): Promise<SendResult> {
    const { orderId: id, by, commandId, ifSeq, driverId, reason } = gift;
    // What the operator said, without what was made up for it: a retry makes it up anew.
    const fingerprint = { type: said, driverId, reason };
    const at = ifSeq === undefined ? {} : { ifSeq };
    return engine.send({ kind: 'order', id, command, by, commandId, fingerprint, ...at });
  }

  return {
    fleet,
    alarms,
    explanations,

    async offerTo(gift) {
      const { orderId, driverId, by, reason } = gift;
      const offer = { offerId: ids.next(), driverId, ...(await placeWith(gift)) };
      await explanations.save([
        {
          ...{ _id: offer.offerId, orderId, driverId, by: by.id },
          ...{ considered: [], createdAt: clock.now() },
        },
      ]);
      const command = { type: 'offer.open', offers: [offer], reason };
      const result = await send(gift, command, 'order.offer');
      fleet.markOffered([driverId]);
      await book.note([offer]);
      return result;
    },

    async assignTo(gift) {
      const { driverId, reason } = gift;
      const command = { type: 'order.assign', driverId, ...(await placeWith(gift)), reason };
      return send(gift, command, 'order.assign');
    },

    judgeLate: createLateAnswers(deps),

    async drivers(zone) {
      const where = { live: true, ...(zone === undefined ? {} : { zone }) };
      const shifts = await store.list('shift', where, { limit: MAX_DRIVERS });
      const contexts = shifts.map(({ snapshot }) => shiftOf(snapshot));
      const driverIds = contexts.map(({ driverId }) => driverId);
      const [tallies, presences, held] = await Promise.all([
        book.tally(contexts),
        fleet.get(driverIds),
        driverIds.length > 0 ? holdsOf(store, driverIds) : new Map<string, string>(),
      ]);
      return shifts.map(({ id: shiftId, seq, snapshot }, index) => {
        const { driverId, zone: inZone, ...shift } = shiftOf(snapshot);
        const { point, positionAt, seenAt } = presences.get(driverId) ?? {};
        return {
          ...{ driverId, shiftId, seq, state: stateOf(snapshot), zone: inZone },
          ...{ capacity: shift.capacity, strikes: shift.strikes },
          ...{ pausedUntil: shift.pausedUntil, startedAt: shift.startedAt },
          tally: tallies[index] as OfferTally,
          orders: carriedBy(driverId, held),
          offered: held.has(offerHold(driverId)),
          ...(point ? { point } : {}),
          ...(positionAt === undefined ? {} : { positionAt }),
          ...(seenAt === undefined ? {} : { seenAt }),
        };
      });
    },

    start() {
      const stopFleet = fleet.start();
      const stopSweep = lostDrivers.start();
      return async () => {
        stopSweep();
        await stopFleet();
      };
    },
  };
}
