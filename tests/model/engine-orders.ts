import type { Actor } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { OrderCommand } from '../../machines/order-types.ts';
import { shiftHold } from '../../machines/shift-readers.ts';
import type { Command, HistoryEntry } from '../../src/engine/types.ts';
import { customer, operator, system } from '../machines/journey.ts';
import { createDispatchWorld, STORE_POINT } from '../support/dispatch-world.ts';
import { type OrderMove, placedIn } from './order-model.ts';
import { storyOf } from './order-stories.ts';
import { refusalOf, takenOf, type Walkable } from './walk.ts';

const ID = 'o1';
const DRIVERS = ['d1', 'd2'];
/** What follows from a command has followed by then: effects, feeds, other drivers. */
const MOMENT_MS = 10;

export interface EngineWalk extends Walkable<OrderMove> {
  history(): Promise<HistoryEntry[]>;
}

/** One order on the real engine and dispatch, on the memory store, by a clock that only moves when told. */
export async function walkOnEngine(): Promise<EngineWalk> {
  const world = await createDispatchWorld();
  const { clock, engine, store, dispatch } = world;
  let outageMs = 0;
  let shifts = 0;

  async function onDuty(driverId: string) {
    const shiftId = `shift-${++shifts}`;
    world.fleet.report(driverId, { point: STORE_POINT });
    await world.send('shift', shiftId, world.driver(driverId), {
      ...{ type: 'shift.start', shiftId, driverId, zone: 'z1', capacity: 1 },
      policy: { strikesToPause: 3, pauseMs: 600_000 },
    });
  }

  async function offDuty(driverId: string) {
    const [shift] = await store.findByHolds('shift', [shiftHold(driverId)]);
    if (!shift) throw new Error(`${driverId} is not on duty`);
    await world.send('shift', shift.id, world.driver(driverId), { type: 'shift.end' });
  }

  async function causing(move: OrderMove): Promise<unknown> {
    switch (move.kind) {
      case 'place': {
        const story = storyOf(move.story);
        outageMs = story.outageMs ?? 0;
        // Where dispatch is to find drivers, they come when it is to find them.
        if (story.policy.mode === 'manual') for (const id of DRIVERS) await onDuty(id);
        const placed = { ...placedIn(story, clock.now()), orderId: ID, pickup: STORE_POINT };
        return send(customer, { type: 'order.place', ...placed });
      }
      case 'send':
        return send(move.by, move.command);
      case 'early':
        return send(system, move.command);
      case 'duty':
        return move.on ? onDuty(move.driverId) : offDuty(move.driverId);
      case 'dispatch':
        await onDuty('d1');
        return world.pass(5_000);
      case 'due':
        return world.pass(await untilDue());
      case 'outage':
        // A process that was suspended finds its deadlines long past when it wakes.
        return clock.jump((await untilDue()) + outageMs);
    }
  }

  async function send(by: Actor, command: OrderCommand): Promise<unknown> {
    if (command.type === 'offer.open' && by.role === 'operator') {
      const driverId = command.offers[0]?.driverId ?? '';
      return dispatch.offerTo({ ...gift(), driverId });
    }
    if (command.type === 'order.assign') {
      return dispatch.assignTo({ ...gift(), driverId: command.driverId });
    }
    const named =
      'offerId' in command ? { ...command, offerId: await realOffer(command.offerId) } : command;
    return world.send('order', ID, by, named as unknown as Command);
  }

  const gift = () => ({
    ...{ orderId: ID, by: operator, reason: 'by hand', commandId: `c-${clock.now()}` },
  });

  /** The model's `f-d1` is the offer to `d1`. */
  async function realOffer(offerId: string): Promise<string> {
    const actor = await engine.read('order', ID);
    const driverId = offerId.slice('f-'.length);
    const { offers } = contextOf(actor?.snapshot as never);
    return offers.find((offer) => offer.driverId === driverId)?.offerId ?? offerId;
  }

  async function untilDue(): Promise<number> {
    const actor = await engine.read('order', ID);
    const at = actor && orderKind.nextWakeAt(actor.snapshot);
    return Math.max(0, (at ?? clock.now()) - clock.now()) + MOMENT_MS;
  }

  return {
    async perform(move) {
      const refusal = await refusalOf(causing(move));
      await clock.advance(MOMENT_MS);
      return refusal;
    },
    steps: async () => takenOf(await store.history('order', ID, 0)),
    history: () => store.history('order', ID, 0),
    async close() {
      await world.close();
      if (world.errors.length > 0) throw new Error(`the engine said: ${world.errors.join('; ')}`);
    },
  };
}
