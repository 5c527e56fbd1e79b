import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { searchOf } from '../../src/dispatch/explanations.ts';
import { createDispatchWorld, STORE_POINT } from '../support/dispatch-world.ts';

type World = Awaited<ReturnType<typeof createDispatchWorld>>;
const operator = { role: 'operator', id: 'op' } as const;

describe('dispatch', () => {
  let world: World;
  beforeEach(async () => {
    world = await createDispatchWorld();
  });
  afterEach(async () => {
    await world.close();
    expect(world.errors).toEqual([]);
  });

  const asked = async (orderId = 'o1') => Object.keys(await world.offersOf(orderId)).sort();
  const shiftOf = async (driverId: string) =>
    (await world.engine.read('shift', `shift-${driverId}`))?.snapshot.context as
      | { strikes: number; pausedUntil: number | null }
      | undefined;

  it('[DSP1] asks the nearest, then the next, and who rejected never again', async () => {
    await world.drive('far', 900);
    await world.drive('near', 300);
    await world.drive('beyond', 4_000);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(500);
    expect(await asked()).toEqual(['near']);
    await world.answer('o1', 'near', 'offer.reject', { reason: 'too_far' });
    await world.pass(500);
    expect(await asked()).toEqual(['far']);
    await world.answer('o1', 'far', 'offer.reject', { reason: 'busy' });
    await world.pass(20_000);
    expect(await asked()).toEqual([]);
    expect((await world.orderOf('o1')).excluded).toEqual(['near', 'far']);
  });

  it('[DSP1] looks past a crowd that is busy or off duty', async () => {
    for (let n = 0; n < 120; n++) {
      const lat = STORE_POINT.lat + n / 1e6;
      world.fleet.report(`passer-by-${n}`, { point: { lat, lng: STORE_POINT.lng } });
    }
    await world.drive('free', 2_000);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(500);
    expect(await asked()).toEqual(['free']);
  });

  it('[DSP2] strikes for an offer that was seen and lapsed, not for one that never arrived', async () => {
    await world.drive('d1', 100);
    await world.drive('d2', 500);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(500);
    // Not acknowledged by the phone: withdrawn after five seconds, no strike, no exclusion.
    world.vanish('d1');
    await world.pass(5_500);
    expect(await asked()).toEqual(['d2']);
    await world.answer('o1', 'd2', 'offer.seen');
    await world.pass(23_000);
    expect((await shiftOf('d1'))?.strikes).toBe(0);
    expect((await shiftOf('d2'))?.strikes).toBe(1);
    const { excluded, unreached } = await world.orderOf('o1');
    expect(excluded).toEqual(['d2']);
    expect(Object.keys(unreached)).toEqual(['d1']);
  });

  it('[DSP2] asks again whose phone has been heard of since', async () => {
    await world.drive('d1', 100);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(500);
    world.vanish('d1');
    await world.pass(6_500);
    expect(await asked()).toEqual([]);
    world.fleet.report('d1', {});
    await world.pass(6_000);
    expect(await asked()).toEqual(['d1']);
  });

  it('[DSP3] widens and asks several at once after enough misses', async () => {
    for (const n of [1, 2, 3]) await world.drive(`near${n}`, n * 300);
    for (const n of [1, 2, 3, 4]) await world.drive(`mid${n}`, 3_000 + n * 300);
    await world.pass(2_000);
    await world.place('o1');
    for (const n of [1, 2, 3]) {
      await world.pass(1_000);
      expect(await asked()).toEqual([`near${n}`]);
      await world.answer('o1', `near${n}`, 'offer.reject', { reason: 'busy' });
    }
    await world.pass(1_000);
    expect(await asked()).toEqual(['mid1', 'mid2', 'mid3']);
    await world.answer('o1', 'mid2', 'offer.accept');
    await world.pass(1_000);
    expect(await world.orderOf('o1')).toMatchObject({
      state: 'preparing.toStore',
      assignment: { driverId: 'mid2' },
      offers: [],
    });
  });

  it('[DSP4] broadcasts, and leaves a manual zone to the operator', async () => {
    for (const n of [1, 2, 3, 4]) await world.drive(`d${n}`, n * 300);
    await world.pass(2_000);
    await world.place('o1', { mode: 'broadcast', batchSize: 3 });
    await world.pass(500);
    expect(await asked('o1')).toEqual(['d1', 'd2', 'd3']);
    await world.drive('elsewhere', 20_000);
    await world.place('o2', { mode: 'manual' });
    await world.pass(4_000);
    expect(await asked('o2')).toEqual([]);
    await world.dispatch.offerTo({
      orderId: 'o2',
      driverId: 'elsewhere',
      by: operator,
      reason: 'knows the way',
      commandId: 'c1',
    });
    expect(await asked('o2')).toEqual(['elsewhere']);
  });

  it('[DSP4] dispatches one order as an operator says, whatever its zone does', async () => {
    await world.place('o1', { searchMs: 4_000 });
    await world.pass(5_000);
    expect((await world.orderOf('o1')).state).toBe('pending.unassigned');
    for (const n of [1, 2, 3, 4]) await world.drive(`d${n}`, n * 300);
    await world.pass(2_000);
    await world.send('order', 'o1', operator, { type: 'search.start', mode: 'broadcast' });
    await world.pass(500);
    expect(await asked('o1')).toEqual(['d1', 'd2', 'd3']);
    expect((await world.orderOf('o1')).policy.mode).toBe('broadcast');
  });

  it('[DSP5] [I2] asks nobody who is being asked, or has no free slot', async () => {
    await world.drive('one', 100);
    await world.drive('two', 300, { capacity: 2 });
    await world.pass(2_000);
    for (const id of ['o1', 'o2', 'o3', 'o4']) {
      await world.place(id);
      await world.pass(1_000);
      const [driverId] = await asked(id);
      if (driverId) await world.answer(id, driverId, 'offer.accept');
    }
    const drivers = await Promise.all(
      ['o1', 'o2', 'o3', 'o4'].map(async (id) => (await world.orderOf(id)).assignment?.driverId),
    );
    expect(drivers).toEqual(['one', 'two', 'two', undefined]);
    const board = await world.dispatch.drivers('z1');
    expect(board.map(({ driverId, orders }) => [driverId, orders.length]).sort()).toEqual([
      ['one', 1],
      ['two', 2],
    ]);
  });

  it('[DSP5] finds another for the second of two orders that want the same driver at once', async () => {
    await world.drive('d1', 100);
    await world.drive('d2', 900);
    await world.pass(2_000);
    await Promise.all([world.place('o1'), world.place('o2')]);
    await world.pass(2_000);
    expect([...(await asked('o1')), ...(await asked('o2'))].sort()).toEqual(['d1', 'd2']);
  });

  it('[DSP6] can say of every offer why it went to whom it went', async () => {
    await world.drive('d1', 100);
    await world.drive('d2', 900);
    await world.drive('d3', 1_200);
    await world.send('shift', 'shift-d1', world.driver('d1'), { type: 'shift.break' });
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(500);
    const { d2 } = await world.offersOf('o1');
    expect(await world.dispatch.explanations.get(d2?.offerId ?? '')).toMatchObject({
      orderId: 'o1',
      driverId: 'd2',
      by: 'policy',
      radiusMeters: 3_000,
      considered: [
        { driverId: 'd2', rank: 1 },
        { driverId: 'd3', rank: 2 },
        { driverId: 'd1', leftOut: 'on_break' },
      ],
    });
  });

  it('[DSP7] [I13] brings an order nobody takes into the rescue lane, with an alarm until it is dealt with', async () => {
    await world.place('o1');
    await world.pass(179_000);
    expect((await world.orderOf('o1')).state).toBe('pending.searching');
    expect(await world.dispatch.alarms.isOpen('zone:z1', 'no_drivers')).toBe(true);
    await world.pass(4_000);
    expect((await world.orderOf('o1')).state).toBe('pending.unassigned');
    expect(await world.dispatch.alarms.isOpen('o1', 'unassigned')).toBe(true);

    const claimed = await world.dispatch.alarms.claim('o1:unassigned', 'op');
    expect(claimed).toMatchObject({ claimedBy: 'op', open: true, zone: 'z1' });
    await expect(world.dispatch.alarms.claim('o1:unassigned', 'op2')).rejects.toMatchObject({
      details: { claimedBy: 'op' },
    });

    await world.drive('d1', 100);
    await world.pass(2_000);
    await world.send('order', 'o1', operator, { type: 'search.start', reason: 'again' });
    await world.pass(1_000);
    expect(await asked()).toEqual(['d1']);
    expect(await world.dispatch.alarms.isOpen('o1', 'unassigned')).toBe(false);
    expect(await world.dispatch.alarms.isOpen('zone:z1', 'no_drivers')).toBe(false);
  });

  it('[DSP8] pauses a driver after three strikes in a row, and an answer forgets them', async () => {
    await world.drive('d1', 100);
    await world.pass(2_000);
    const lapse = async (orderId: string) => {
      await world.place(orderId);
      await world.pass(1_000);
      await world.answer(orderId, 'd1', 'offer.seen');
      await world.pass(23_000);
    };
    await lapse('o1');
    await lapse('o2');
    expect((await shiftOf('d1'))?.strikes).toBe(2);
    await world.place('o3');
    await world.pass(1_000);
    await world.answer('o3', 'd1', 'offer.reject', { reason: 'busy' });
    await world.pass(1_000);
    expect((await shiftOf('d1'))?.strikes).toBe(0);
    for (const id of ['o4', 'o5', 'o6']) await lapse(id);
    const [board] = await world.dispatch.drivers();
    expect(board).toMatchObject({ driverId: 'd1', state: 'onDuty.paused' });
    await world.place('o7');
    await world.pass(2_000);
    expect(await asked('o7')).toEqual([]);
    await world.pass(600_000);
    expect((await world.dispatch.drivers())[0]?.state).toBe('onDuty.available');
  });

  it('[DSP9] takes care of the orders of a driver who goes off duty', async () => {
    await world.drive('d1', 100, { capacity: 2 });
    await world.drive('d2', 900);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(1_000);
    await world.answer('o1', 'd1', 'offer.accept');
    await world.place('o2');
    await world.pass(1_000);
    expect(await asked('o2')).toEqual(['d1']);
    await world.send('shift', 'shift-d1', world.driver('d1'), { type: 'shift.end' });
    await world.pass(1_000);
    expect(await asked('o2')).toEqual(['d2']);
    expect((await world.orderOf('o1')).assignment?.releaseAt).toBeGreaterThan(world.clock.now());
    await world.answer('o2', 'd2', 'offer.reject', { reason: 'busy' });
    await world.pass(130_000);
    expect(await asked('o1')).toEqual(['d2']);
    expect((await world.orderOf('o1')).excluded).toContain('d1');
  });

  it('[DSP9] gives a driver who comes back in time the order back', async () => {
    await world.drive('d1', 100);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(1_000);
    await world.answer('o1', 'd1', 'offer.accept');
    await world.send('shift', 'shift-d1', world.driver('d1'), { type: 'shift.end' });
    await world.pass(1_000);
    expect((await world.orderOf('o1')).assignment?.lostAt).toBeDefined();
    await world.send('shift', 'shift-d1b', world.driver('d1'), {
      ...{ type: 'shift.start', shiftId: 'shift-d1b', driverId: 'd1', zone: 'z1', capacity: 1 },
      policy: { strikesToPause: 3, pauseMs: 600_000 },
    });
    await world.pass(200_000);
    expect(await world.orderOf('o1')).toMatchObject({ assignment: { driverId: 'd1' } });
    expect((await world.orderOf('o1')).assignment?.lostAt).toBeUndefined();
  });

  it('[DSP10] ends the shift of a driver who has vanished, unless heard of meanwhile', async () => {
    await world.drive('d1', 100);
    await world.drive('d2', 200);
    await world.pass(2_000);
    world.vanish('d1');
    world.vanish('d2');
    await world.pass(590_000);
    world.fleet.report('d2', {});
    await world.pass(60_000);
    expect((await world.dispatch.drivers()).map(({ driverId }) => driverId)).toEqual(['d2']);
  });

  it('[DSP13] raises an alarm for work in silent hands, until the driver is heard of', async () => {
    await world.drive('d1', 100);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(1_000);
    await world.answer('o1', 'd1', 'offer.seen');
    await world.answer('o1', 'd1', 'offer.accept');
    await world.drive('idle', 200);
    world.vanish('d1');
    world.vanish('idle');
    await world.pass(150_000);
    const silent = { open: true, alarm: 'driver_silent', limit: 10 };
    expect(await world.dispatch.alarms.list(silent)).toMatchObject([
      { orderId: 'o1', driverId: 'd1', zone: 'z1' },
    ]);
    world.fleet.report('d1', {});
    await world.pass(30_000);
    expect(await world.dispatch.alarms.list(silent)).toEqual([]);
  });

  it('[DSP14] counts what each driver was asked and answered, once per offer', async () => {
    await world.drive('d1', 100);
    await world.pass(2_000);
    await world.place('o1');
    await world.pass(1_000);
    await world.answer('o1', 'd1', 'offer.seen');
    await world.answer('o1', 'd1', 'offer.reject', { reason: 'busy' });
    await world.place('o2');
    await world.pass(2_000);
    await world.answer('o2', 'd1', 'offer.seen');
    await world.answer('o2', 'd1', 'offer.accept');
    await world.pass(20_000);
    const [d1] = await world.dispatch.drivers();
    expect(d1?.tally).toMatchObject({ offers: 2, accepted: 1, rejected: 1, missed: 0 });
    expect(d1?.tally.perHour).toBeCloseTo(12);
  });

  it('[DSP15] keeps why a look found nobody to ask, the last one', async () => {
    await world.drive('resting', 100);
    await world.pass(2_000);
    await world.send('shift', 'shift-resting', operator, { type: 'shift.break', reason: 'tea' });
    await world.place('o1');
    await world.pass(10_000);
    expect(await world.dispatch.explanations.get(searchOf('o1'))).toMatchObject({
      ...{ orderId: 'o1', by: 'policy', radiusMeters: 3_000 },
      considered: [{ driverId: 'resting', leftOut: 'on_break' }],
    });
  });

  it('[I5] [DSP11] a retry is answered as at first though the driver has gone off duty since', async () => {
    for (const [how, driverId] of [
      ['offerTo', 'd1'],
      ['assignTo', 'd2'],
    ] as const) {
      await world.drive(driverId, 50_000);
      await world.place(how);
      const gift = { orderId: how, driverId, by: operator, reason: 'only one left' };
      const first = await world.dispatch[how]({ ...gift, commandId: 'c1' });
      await world.send('shift', `shift-${driverId}`, world.driver(driverId), { type: 'shift.end' });
      await world.pass(1_000);
      const again = await world.dispatch[how]({ ...gift, commandId: 'c1' });
      expect(again).toEqual({ ...first, replayed: true });
      await expect(world.dispatch[how]({ ...gift, commandId: 'c2' })).rejects.toMatchObject({
        code: 'driver_busy',
      });
    }
  });

  it('[DSP11] an operator gives an order to a driver, once, however often it is sent', async () => {
    await world.drive('d1', 50_000);
    await world.place('o1');
    await world.pass(1_000);
    const first = await world.dispatch.assignTo({
      orderId: 'o1',
      driverId: 'd1',
      by: operator,
      reason: 'only one left',
      commandId: 'c1',
    });
    const again = await world.dispatch.assignTo({
      orderId: 'o1',
      driverId: 'd1',
      by: operator,
      reason: 'only one left',
      commandId: 'c1',
    });
    expect(again).toEqual({ ...first, replayed: true });
    await expect(
      world.dispatch.assignTo({
        orderId: 'o1',
        driverId: 'd1',
        by: operator,
        reason: 'another reason',
        commandId: 'c1',
      }),
    ).rejects.toMatchObject({ code: 'command_mismatch' });
    await world.place('o2');
    await expect(
      world.dispatch.assignTo({
        orderId: 'o2',
        driverId: 'd1',
        by: operator,
        reason: 'why not',
        commandId: 'c2',
      }),
    ).rejects.toMatchObject({ code: 'driver_busy', details: { driverIds: ['d1'] } });
    await expect(
      world.dispatch.offerTo({
        orderId: 'o2',
        driverId: 'nobody',
        by: operator,
        reason: 'why not',
        commandId: 'c3',
      }),
    ).rejects.toMatchObject({ code: 'driver_busy' });
  });
});
