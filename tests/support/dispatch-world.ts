import { orderKind } from '../../machines/order-kind.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { Offer, OrderPolicy } from '../../machines/order-types.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createDispatch } from '../../src/dispatch/create-dispatch.ts';
import { createMemoryFleet } from '../../src/dispatch/memory-fleet.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createMemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import type { Command, Principal } from '../../src/engine/types.ts';
import { openMemoryDocuments } from '../../src/storage/memory-documents.ts';
import { buildPlaced, customer } from '../machines/journey.ts';
import { createManualClock, quiet } from './manual-clock.ts';

/** The store every order of this world is from. */
export const STORE_POINT = { lat: 38.71, lng: -9.14 };
const METERS_PER_DEGREE = 111_195;

/** The real engine, machines and dispatch on one memory database; drivers stand where they are put. */
export async function createDispatchWorld({ timeScale = 1 } = {}) {
  const clock = createManualClock();
  const store = createMemoryStore(createMemoryDatabase({ clock }));
  const fleet = createMemoryFleet(clock);
  const errors: unknown[] = [];
  let nextId = 0;
  const ids = { next: () => `id-${++nextId}` };
  const onError = (error: unknown) => void errors.push(error);
  const engine = createEngine({
    ...{ store, ids, onError, node: 'n1', localClock: clock, random: () => 0.5 },
    kinds: [orderKind, shiftKind],
    onAlarm: ({ alarm, detail }) => void errors.push(`${alarm}: ${detail}`),
    checkLive: true,
  });
  const dispatch = createDispatch({
    ...{ engine, store, clock: engine.clock, ids, fleet, onError, timeScale },
    random: () => 0.5,
    open: openMemoryDocuments(clock),
  });
  const stopEngine = await engine.start();
  const stopDispatch = dispatch.start();
  const online = new Set<string>();

  const send = (kind: string, id: string, by: Principal, command: Command, commandId?: string) =>
    engine.send({ kind, id, by, command, ...(commandId ? { commandId } : {}) });
  const driver = (id: string): Principal => ({ role: 'driver', id });
  const orderOf = async (id: string) => {
    const actor = await engine.read('order', id);
    if (!actor) throw new Error(`no order ${id}`);
    return { state: actor.state, seq: actor.seq, ...contextOf(actor.snapshot) };
  };

  return {
    clock,
    store,
    fleet,
    engine,
    dispatch,
    errors,
    send,
    driver,
    orderOf,
    /** Moves time on while the drivers who are online keep reporting. */
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= 1_000) {
        for (const driverId of online) fleet.report(driverId, {});
        await clock.advance(Math.min(1_000, left));
      }
      await quiet();
    },
    /** A driver on duty, so many metres from the store. */
    async drive(driverId: string, meters: number, { capacity = 1 } = {}) {
      online.add(driverId);
      const lat = STORE_POINT.lat + meters / METERS_PER_DEGREE;
      fleet.report(driverId, { point: { lat, lng: STORE_POINT.lng } });
      const shiftId = `shift-${driverId}`;
      await send('shift', shiftId, driver(driverId), {
        ...{ type: 'shift.start', shiftId, driverId, zone: 'z1', capacity },
        policy: { strikesToPause: 3, pauseMs: 600_000 },
      });
    },
    vanish: (driverId: string) => void online.delete(driverId),
    place(orderId: string, policy: Partial<OrderPolicy> = {}) {
      const placed = buildPlaced({
        ...{ orderId, pickup: STORE_POINT },
        promisedAt: clock.now() + 3_600_000,
      });
      return send('order', orderId, customer, {
        type: 'order.place',
        ...placed,
        policy: { ...placed.policy, ...policy },
      } as unknown as Command);
    },
    /** The open offers of an order, as `driver` → offer. */
    async offersOf(orderId: string): Promise<Record<string, Offer>> {
      const { offers } = await orderOf(orderId);
      return Object.fromEntries(offers.map((offer) => [offer.driverId, offer]));
    },
    async answer(orderId: string, driverId: string, type: string, more: object = {}) {
      const offer = (await orderOf(orderId)).offers.find((each) => each.driverId === driverId);
      if (!offer) throw new Error(`${driverId} has no open offer of ${orderId}`);
      const { offerId } = offer;
      return send('order', orderId, driver(driverId), { type, offerId, ...more } as Command);
    },
    async close() {
      await stopDispatch();
      await stopEngine();
    },
  };
}
