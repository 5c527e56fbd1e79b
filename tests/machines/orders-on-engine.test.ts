import { describe, expect, it } from '@jest/globals';
import type { Actor } from '../../machines/common.ts';
import { lookAgainAt } from '../../machines/order-deadlines.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { createMemoryDatabase } from '../../src/engine/memory-database.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import type { Change, CommitOutcome, Store } from '../../src/engine/store.ts';
import type { Command } from '../../src/engine/types.ts';
import { createManualClock } from '../support/manual-clock.ts';
import { buildPlaced, customer, driver, operator, POLICY, request, system } from './journey.ts';

const EFFECTS = [
  ...['shift.strike', 'shift.answer', 'alarm.raise', 'alarm.clear'],
  ...['driver.back', 'driver.gone'],
];

/** The real engine on the memory store, with a dispatcher that offers to the drivers it is told. */
async function buildWorld() {
  const clock = createManualClock();
  const database = createMemoryDatabase({ clock });
  const errors: unknown[] = [];
  const effects: string[] = [];
  const queue: string[][] = [];
  let nextId = 0;

  async function startNode(node: string, wrap = (store: Store) => store) {
    const engine = createEngine({
      store: wrap(createMemoryStore(database)),
      kinds: [orderKind, shiftKind],
      localClock: clock,
      ids: { next: () => `id-${++nextId}` },
      random: () => 0.5,
      node,
      onAlarm: (alarm) => void errors.push(alarm),
      onError: (error) => void errors.push(error),
      checkLive: true,
    });
    engine.onWork('dispatch', async ({ id, seq, actor }) => {
      const drivers = queue.shift();
      if (!drivers) return lookAgainAt(actor.snapshot, clock.now());
      await engine.send({
        kind: 'order',
        id,
        by: system,
        ifSeq: seq,
        command: {
          type: 'offer.open',
          offers: drivers.map((d) => ({ ...request(d, `${id}-${d}`) })),
        },
      });
      return undefined;
    });
    for (const type of EFFECTS) {
      engine.onEffect(type, async ({ payload }) => {
        effects.push(`${type} ${payload.alarm ?? payload.driverId}`);
      });
    }
    const stop = await engine.start();
    const send = (id: string, by: Actor, command: Command, commandId?: string) =>
      engine.send({ kind: 'order', id, by, command, ...(commandId ? { commandId } : {}) });
    const place = (id: string) =>
      send(id, customer, {
        type: 'order.place',
        ...buildPlaced({ orderId: id, promisedAt: clock.now() + 3_600_000 }),
      } as unknown as Command);
    const stateOf = async (id: string) => (await engine.read('order', id))?.state;
    return { engine, stop, send, place, stateOf };
  }
  return { clock, errors, effects, queue, startNode };
}

/** A store on which `meet` happens before an offer is opened, and may tell what became of it. */
const onOpening = (store: Store, meet: () => Promise<CommitOutcome | undefined>): Store => ({
  ...store,
  async commit(change: Change) {
    const met = change.entry.event.type === 'offer.open' ? await meet() : undefined;
    return met ?? store.commit(change);
  },
});

const accept = (offerId: string) => ({ type: 'offer.accept', offerId });

describe('orders on the engine', () => {
  it('[ORD5] are offered, lapse with a strike, are offered again and accepted', async () => {
    const world = await buildWorld();
    const { send, place, stateOf, stop } = await world.startNode('a');
    world.queue.push(['d1'], ['d2', 'd3']);
    await place('o1');
    await world.clock.advance(10);
    expect(await stateOf('o1')).toBe('pending.offered');
    await send('o1', driver('d1'), { type: 'offer.seen', offerId: 'o1-d1' });
    await world.clock.advance(POLICY.offerMs + POLICY.graceMs + 20);
    expect(await stateOf('o1')).toBe('pending.offered');
    expect(world.effects).toContain('shift.strike d1');
    await send('o1', driver('d3'), accept('o1-d3'));
    expect(await stateOf('o1')).toBe('preparing.toStore');
    await expect(send('o1', driver('d2'), accept('o1-d2'))).rejects.toMatchObject({
      code: 'offer_closed',
      details: { outcome: 'withdrawn' },
    });
    await expect(send('o1', driver('d1'), accept('o1-d1'))).rejects.toMatchObject({
      code: 'offer_closed',
      details: { outcome: 'expired' },
    });
    await expect(send('o1', driver('d4'), accept('o1-d1'))).rejects.toMatchObject({
      code: 'not_found',
    });
    await stop();
    expect(world.errors).toEqual([]);
  });

  it('[ORD3] [ENG11] are offered anew where the offer was too long on its way to the store', async () => {
    const world = await buildWorld();
    let slow = true;
    const { send, place, stateOf, stop } = await world.startNode('a', (store) =>
      onOpening(store, async () => {
        if (slow) await world.clock.sleep(POLICY.seenMs);
        slow = false;
        return undefined;
      }),
    );
    world.queue.push(['d1']);
    await place('o1');
    await world.clock.advance(POLICY.seenMs + 10);
    expect(await stateOf('o1')).toBe('pending.offered');
    // Its whole time from when it was there.
    await send('o1', driver('d1'), { type: 'offer.seen', offerId: 'o1-d1' });
    await world.clock.advance(POLICY.offerMs - 100);
    await send('o1', driver('d1'), accept('o1-d1'));
    expect(await stateOf('o1')).toBe('preparing.toStore');
    await stop();
    expect(world.errors).toEqual([]);
  });

  it('[ORD3] [ENG8] are free again soon after an offer that can no longer be opened', async () => {
    const world = await buildWorld();
    let outUntil = Number.POSITIVE_INFINITY;
    const { engine, send, place, stateOf, stop } = await world.startNode('a', (store) =>
      onOpening(store, async () => {
        outUntil = Math.min(outUntil, world.clock.now() + POLICY.seenMs);
        if (world.clock.now() >= outUntil) return undefined;
        return { outcome: 'unknown', cause: new Error('lost on the way') };
      }),
    );
    world.queue.push(['d1'], ['d2']);
    await place('o1');
    await world.clock.advance(POLICY.seenMs);
    expect(engine.stats().messages).toBeGreaterThan(0);
    // The clocks of the database's servers agree to within five seconds; it is asked every two.
    await world.clock.advance(7_500);
    expect(engine.stats().messages).toBe(0);
    expect(await stateOf('o1')).toBe('pending.offered');
    await send('o1', driver('d2'), accept('o1-d2'));
    await stop();
  });

  it('[MCH3] go on from their remaining time on another node', async () => {
    const world = await buildWorld();
    const first = await world.startNode('a');
    world.queue.push(['d1']);
    await first.place('o1');
    await world.clock.advance(10);
    await first.send('o1', driver('d1'), { type: 'offer.seen', offerId: 'o1-d1' });
    await first.stop();
    world.clock.jump(POLICY.offerMs + POLICY.graceMs - 2_000);
    const second = await world.startNode('b');
    await world.clock.advance(1_000);
    expect(await second.stateOf('o1')).toBe('pending.offered');
    await world.clock.advance(4_000);
    expect(await second.stateOf('o1')).toBe('pending.searching');
    await world.clock.advance(POLICY.searchMs + 20_000);
    expect(await second.stateOf('o1')).toBe('pending.unassigned');
    expect(world.effects).toContain('alarm.raise unassigned');
    await second.stop();
    expect(world.errors).toEqual([]);
  });

  it('[ORD17] leave a driver his slots: the second order finds the other one, the third none', async () => {
    const world = await buildWorld();
    const { send, place, engine, stop } = await world.startNode('a');
    const assign = {
      type: 'order.assign',
      driverId: 'd1',
      slot: 0,
      capacity: 2,
      reason: 'by hand',
    };
    for (const id of ['o1', 'o2', 'o3']) await place(id);
    await send('o1', operator, assign);
    await send('o2', operator, assign);
    const second = await engine.read('order', 'o2');
    expect(second?.snapshot.context).toMatchObject({ assignment: { slot: 1 } });
    await expect(send('o3', operator, assign)).rejects.toMatchObject({
      code: 'driver_busy',
      details: { driverIds: ['d1'] },
    });
    await send('o1', customer, { type: 'order.cancel', reason: 'no need' });
    await send('o3', operator, assign);
    await stop();
    expect(world.errors).toEqual([]);
  });

  it('[ORD13] count a wrong PIN once, however often the same command is sent', async () => {
    const world = await buildWorld();
    const { send, place, stop } = await world.startNode('a');
    world.queue.push(['d1']);
    await place('o1');
    await world.clock.advance(10);
    const d1 = driver('d1');
    await send('o1', d1, accept('o1-d1'));
    for (const type of ['order.arriveStore', 'order.pickUp', 'order.arriveDoor']) {
      await send('o1', d1, { type });
    }
    const wrong = { type: 'order.deliver', pin: '0000' };
    const once = await send('o1', d1, wrong, 'try-1');
    const twice = await send('o1', d1, wrong, 'try-1');
    expect(twice).toEqual({ ...once, replayed: true });
    expect(once.result).toMatchObject({ refused: { code: 'wrong_pin', triesLeft: 2 } });
    const done = await send('o1', d1, { type: 'order.deliver', pin: '4711' });
    expect(done.state).toBe('delivered');
    await stop();
    expect(world.errors).toEqual([]);
  });

  it('[SHF1] let a driver start one shift at a time', async () => {
    const world = await buildWorld();
    const { engine, stop } = await world.startNode('a');
    const start = (shiftId: string) =>
      engine.send({
        kind: 'shift',
        id: shiftId,
        by: driver('d1'),
        command: {
          type: 'shift.start',
          shiftId,
          driverId: 'd1',
          zone: 'z1',
          capacity: 1,
          policy: { strikesToPause: 3, pauseMs: 600_000 },
        },
      });
    await start('sh1');
    await expect(start('sh2')).rejects.toMatchObject({ code: 'driver_busy' });
    await engine.send({
      kind: 'shift',
      id: 'sh1',
      by: driver('d1'),
      command: { type: 'shift.end' },
    });
    await start('sh2');
    await stop();
    expect(world.errors).toEqual([]);
  });
});
