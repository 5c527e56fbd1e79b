import { offerHold } from '../../machines/order-readers.ts';
import type { EffectHandler, Engine } from '../engine/engine.ts';
import type { Store } from '../engine/store.ts';
import type { Command } from '../engine/types.ts';
import { isAppError } from '../errors.ts';
import type { Alarms } from './alarms.ts';
import { openShifts, slots } from './candidates.ts';
import { DISPATCH } from './dispatcher.ts';
import type { Answer, OfferBook } from './offer-book.ts';

/**
 * What the world does about the steps of orders and shifts. Every handler may run twice, late, and in
 * any order: commands carry the effect's own id, and what is true is read again rather than believed.
 */
export function createEffects(deps: {
  engine: Engine;
  store: Store;
  alarms: Alarms;
  book: OfferBook;
}) {
  const { engine, store, alarms, book } = deps;

  /** Sends a command that may have become pointless meanwhile; only what may yet succeed is retried. */
  async function send(kind: string, id: string, command: Command, commandId: string) {
    try {
      await engine.send({ kind, id, command, by: DISPATCH, commandId });
    } catch (error) {
      if (isAppError(error) && !error.retryable) return;
      throw error;
    }
  }

  const followAlarm: EffectHandler = async ({ payload }) => {
    const order = await engine.read('order', String(payload.orderId));
    if (order) await alarms.follow(order, String(payload.alarm));
  };

  /** Takes the answer down, and tells the driver's open shift. One that has ended needs no telling. */
  const tellShift: EffectHandler = async ({ id, type, payload }) => {
    const { driverId, orderId, offerId, outcome } = payload as Record<string, string>;
    if (offerId && outcome) await book.settle(offerId, outcome as Answer);
    const shift = (await openShifts(store, [String(driverId)])).get(String(driverId));
    if (shift) await send('shift', shift.id, { type, orderId, offerId }, id);
  };

  const shiftStateOf = async (driverId: string) =>
    (await openShifts(store, [driverId])).get(driverId)?.state;

  async function withdrawOffer(driverId: string, commandId: string) {
    const command = { type: 'offer.withdraw', driverId, reason: 'driver_away' };
    for (const order of await store.findByHolds('order', [offerHold(driverId)])) {
      await send('order', order.id, command, commandId);
    }
  }

  /** Those the driver carries and those he is asked about: each has one of his slots. */
  async function tellOrdersOf(driverId: string, type: string, commandId: string) {
    for (const order of await store.findByHolds('order', slots(driverId))) {
      await send('order', order.id, { type, driverId }, commandId);
    }
  }

  const handlers: Record<string, EffectHandler> = {
    'alarm.raise': followAlarm,
    'alarm.clear': followAlarm,
    'shift.strike': tellShift,
    'shift.answer': tellShift,

    async 'driver.away'({ id, payload }) {
      const driverId = String(payload.driverId);
      // Back already, or gone for good, which is another effect's business.
      if ((await shiftStateOf(driverId)) === 'onDuty.available') return;
      await withdrawOffer(driverId, id);
    },

    async 'driver.gone'({ id, payload }) {
      const driverId = String(payload.driverId);
      if ((await shiftStateOf(driverId)) !== undefined) return;
      await tellOrdersOf(driverId, 'driver.lose', id);
    },

    async 'driver.back'({ id, payload }) {
      const driverId = String(payload.driverId);
      if ((await shiftStateOf(driverId)) === undefined) return;
      await tellOrdersOf(driverId, 'driver.find', id);
    },
  };
  return handlers;
}
