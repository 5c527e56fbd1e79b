import { randomUUID } from 'node:crypto';
import { isCallError } from '../../src/client/call-error.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { CommandAnswer } from '../../src/protocol/commands.ts';
import type { ShiftCommandInput, ShiftView } from '../../src/protocol/shifts.ts';
import type { ShiftMove } from './shift-model.ts';
import { refusalOf, type Taken, takenOf, type Walkable } from './walk.ts';
import { type Crew, TIME_SCALE, type Town } from './wire-town.ts';

/** A silent driver is waited for and then looked for: half a minute at the most. */
const PATIENCE_MS = 45_000;
const LOOK_EVERY_MS = 50;

/** One shift over the public API: strikes and answers come from orders that its driver is offered. */
export function walkShiftOnWire(deps: {
  town: Town;
  crew: Crew;
  quarter: number;
}): Walkable<ShiftMove> {
  const { town, crew, quarter } = deps;
  const { customer, operator } = crew;
  const driver: WaybillClient = crew.drivers.d1;
  const orders: string[] = [];
  let lapsed: { orderId: string; offerId: string; tappedAt: number } | undefined;
  let shiftId = '';
  let pausedUntil: number | null = null;
  const stopListening = driver.on('shift:state', (view: ShiftView) => {
    pausedUntil = view.pausedUntil;
  });

  async function causing(move: ShiftMove): Promise<unknown> {
    switch (move.kind) {
      case 'start': {
        driver.report(town.pointOf(quarter));
        const started = await driver.shift('shift:start', { zone: town.zoneOf(quarter) });
        shiftId = started.id;
        return started;
      }
      case 'send':
        return move.by.role === 'driver'
          ? driver.shift(move.command.type.replace('.', ':') as 'shift:break', {})
          : command({ ...move.command, reason: 'by hand' } as ShiftCommandInput);
      case 'pause': {
        const now = Math.round(operator.serverNow());
        const untilAt =
          move.aheadMs === 'same'
            ? (pausedUntil ?? now - 1)
            : now + Math.round(move.aheadMs / TIME_SCALE);
        return command({ type: 'shift.pause', untilAt, reason: 'by hand' });
      }
      case 'lapse':
        return offered((offer) => {
          lapsed = { ...offer, tappedAt: Math.round(driver.serverNow()) };
          offer.seen();
        });
      case 'excuse': {
        const { orderId = '', offerId = '', tappedAt = 0 } = lapsed ?? {};
        // The offer stays lost to him, and he is told so.
        return driver
          .command(orderId, { type: 'offer.accept', offerId, tappedAt })
          .catch(onlyRefusals);
      }
      case 'reject':
        return offered(({ orderId, offerId }) =>
          driver.command(orderId, { type: 'offer.reject', offerId, reason: 'other' }),
        );
      case 'vanish':
        return driver.disconnect();
      case 'due':
        return undefined;
      case 'early':
        throw new Error(`nobody can cause "${move.type}"`);
    }
  }

  const command = (input: ShiftCommandInput): Promise<CommandAnswer> =>
    operator.http('POST', `/v1/shifts/${shiftId}/commands`, { ...input, commandId: randomUUID() });

  /** An order that an operator offers to the driver, whatever his shift is at; and what he does about it. */
  async function offered(
    react: (offer: Parameters<Parameters<typeof driver.offers.onOpened>[0]>[0]) => unknown,
  ): Promise<void> {
    const shown = new Promise<void>((resolve) => {
      const stop = driver.offers.onOpened((offer) => {
        stop();
        resolve(Promise.resolve(react(offer)).then(() => {}));
      });
    });
    const { id } = await customer.place(town.orderAt(quarter));
    orders.push(id);
    const driverId = driver.user().userId;
    await operator.command(id, { type: 'order.offer', driverId, reason: 'by hand' });
    await shown;
  }

  async function taken(): Promise<Taken[]> {
    return takenOf(await town.store.history('shift', shiftId, 0));
  }

  return {
    perform: (move) => refusalOf(causing(move)),
    async steps(atLeast) {
      const giveUpAt = Date.now() + PATIENCE_MS;
      for (;;) {
        const steps = await taken();
        if (steps.length >= atLeast || Date.now() >= giveUpAt) return steps;
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    async close() {
      stopListening();
      driver.reconnect();
      await driver.shift('shift:end', {}).catch(onlyRefusals);
      for (const id of orders) {
        await operator.command(id, { type: 'order.cancel', reason: 'over' }).catch(onlyRefusals);
      }
    },
  };
}

/** It has ended already. */
function onlyRefusals(error: unknown): void {
  if (!isCallError(error)) throw error;
}
