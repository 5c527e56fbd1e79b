import { contextOf } from '../../machines/order-readers.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { shiftOf } from '../../machines/shift-readers.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';
import { orderPolicyOf, shiftPolicyOf } from '../../src/catalog/policy.ts';
import type { LateAnswer } from '../../src/dispatch/late-answers.ts';
import type { StoredActor } from '../../src/engine/store.ts';
import type { Command, HistoryEntry } from '../../src/engine/types.ts';
import { operator, system } from '../machines/journey.ts';
import { createDispatchWorld, STORE_POINT } from '../support/dispatch-world.ts';
import { SHIFT_ZONES, type ShiftMove, type ShiftZone } from './shift-model.ts';
import { refusalOf, takenOf, type Walkable } from './walk.ts';

const ID = 'shift-1';
const DRIVER = 'd1';
const MOMENT_MS = 10;
/** Drivers who have vanished are noticed so much sooner … */
const TIME_SCALE = 60;
/** … and this is longer than one is waited for, and looked for. */
const SILENCE_MS = 40_000;

export interface EngineShiftWalk extends Walkable<ShiftMove> {
  history(): Promise<HistoryEntry[]>;
}

/** One shift on the real engine and dispatch, on the memory store, by a clock that only moves when told. */
export async function walkShiftOnEngine(): Promise<EngineShiftWalk> {
  const world = await createDispatchWorld({ timeScale: TIME_SCALE });
  const { clock, engine, store, dispatch } = world;
  const d1 = world.driver(DRIVER);
  let zone: ShiftZone = 'strict';
  let orders = 0;
  let lapsed: LateAnswer | undefined;

  const send = (by: typeof d1, command: ShiftCommand) =>
    world.send('shift', ID, by, command as unknown as Command);
  const shift = async () => shiftOf(((await engine.read('shift', ID)) as StoredActor).snapshot);

  async function causing(move: ShiftMove): Promise<unknown> {
    switch (move.kind) {
      case 'start':
        zone = move.zone;
        world.fleet.report(DRIVER, { point: STORE_POINT });
        return send(d1, {
          ...{ type: 'shift.start', shiftId: ID, driverId: DRIVER, zone, capacity: 1 },
          policy: shiftPolicyOf(SHIFT_ZONES[zone], 1),
        });
      case 'send':
        return send(move.by, move.command);
      case 'pause': {
        const now = clock.now();
        const untilAt =
          move.aheadMs === 'same' ? ((await shift()).pausedUntil ?? now) : now + move.aheadMs;
        return send(operator, { type: 'shift.pause', untilAt, reason: 'by hand' });
      }
      case 'early': {
        const { struckOffers, excused } = await shift();
        const known = move.command.type === 'shift.excuse' ? excused?.offers : struckOffers;
        const offerId = known?.at(-1);
        return send(system, { ...move.command, ...(offerId && { offerId }) } as ShiftCommand);
      }
      case 'lapse': {
        const { orderId, offerId } = await offered();
        lapsed = { orderId, offerId, driverId: DRIVER, tappedAt: clock.now() };
        await world.send('order', orderId, d1, { type: 'offer.seen', offerId });
        const { offerMs, graceMs } = orderPolicyOf(SHIFT_ZONES[zone], 1);
        return pass(offerMs + graceMs + MOMENT_MS);
      }
      case 'excuse':
        return lapsed && dispatch.judgeLate(lapsed);
      case 'reject': {
        const { orderId, offerId } = await offered();
        return world.send('order', orderId, d1, { type: 'offer.reject', offerId, reason: 'other' });
      }
      case 'due': {
        const actor = await engine.read('shift', ID);
        const at = actor && shiftKind.nextWakeAt(actor.snapshot);
        return pass(Math.max(0, (at ?? 0) - clock.now()) + MOMENT_MS);
      }
      case 'vanish':
        return clock.advance(SILENCE_MS);
    }
  }

  /** Time passes, and the phone is heard of. */
  async function pass(ms: number) {
    for (let left = ms; left > 0; left -= 5_000) {
      world.fleet.report(DRIVER, {});
      await clock.advance(Math.min(5_000, left));
    }
  }

  /** An order that an operator offers to the driver, whatever his shift is at. */
  async function offered(): Promise<{ orderId: string; offerId: string }> {
    const orderId = `o${++orders}`;
    await world.place(orderId, orderPolicyOf(SHIFT_ZONES[zone], 1));
    await dispatch.offerTo({
      ...{ orderId, driverId: DRIVER, by: operator, reason: 'by hand' },
      commandId: `offer-${orderId}`,
    });
    const order = (await engine.read('order', orderId)) as StoredActor;
    return { orderId, offerId: contextOf(order.snapshot).offers[0]?.offerId ?? '' };
  }

  return {
    async perform(move) {
      const refusal = await refusalOf(causing(move));
      await clock.advance(MOMENT_MS);
      return refusal;
    },
    steps: async () => takenOf(await store.history('shift', ID, 0)),
    history: () => store.history('shift', ID, 0),
    close: world.close,
  };
}
