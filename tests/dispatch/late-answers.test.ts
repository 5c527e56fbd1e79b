import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { shiftOf } from '../../machines/shift-readers.ts';
import { createDispatchWorld } from '../support/dispatch-world.ts';

type World = Awaited<ReturnType<typeof createDispatchWorld>>;

const OFFER_MS = 20_000;
const GRACE_MS = 1_500;

describe('an answer in time that came too late', () => {
  let world: World;
  beforeEach(async () => {
    world = await createDispatchWorld();
    await world.drive('d1', 100);
    await world.pass(2_000);
  });
  afterEach(async () => {
    await world.close();
    expect(world.errors).toEqual([]);
  });

  const shift = async () => {
    const actor = await world.engine.read('shift', 'shift-d1');
    if (!actor) throw new Error('d1 has no shift');
    return { state: actor.state, ...shiftOf(actor.snapshot) };
  };

  /** An offer to d1 that is seen, if so asked, and lapses. */
  async function lapse(orderId: string, { seen = true } = {}) {
    await world.place(orderId);
    await world.pass(1_000);
    const offer = (await world.offersOf(orderId)).d1;
    if (!offer) throw new Error('d1 was not asked');
    if (seen) await world.answer(orderId, 'd1', 'offer.seen');
    await world.pass(OFFER_MS + GRACE_MS + 1_000);
    return { orderId, offerId: offer.offerId, driverId: 'd1', offer };
  }

  it('[DSP12] is told so with its seconds, and is no strike', async () => {
    const { offer, ...of } = await lapse('o1');
    expect((await shift()).strikes).toBe(1);
    const answer = { ...of, tappedAt: offer.expiresAt - 4_000 };
    const lateMs = world.clock.now() - offer.expiresAt;
    expect(await world.dispatch.judgeLate(answer)).toEqual({
      leftMs: 4_000,
      lateMs,
      strike: false,
    });
    expect((await shift()).strikes).toBe(0);
    // Sent twice, it is the same answer.
    expect(await world.dispatch.judgeLate(answer)).toMatchObject({ strike: false });
    expect((await shift()).excused?.inRow).toBe(1);
  });

  it('[DSP12] ends the pause that its strike brought about', async () => {
    await lapse('o1');
    await lapse('o2');
    const { offer, ...of } = await lapse('o3');
    expect((await shift()).state).toBe('onDuty.paused');
    expect(await world.dispatch.judgeLate({ ...of, tappedAt: offer.expiresAt - 1 })).toMatchObject({
      ...{ leftMs: 1, strike: false },
    });
    expect(await shift()).toMatchObject({ state: 'onDuty.available', strikes: 2 });
  });

  it('[DSP12] leaves an operator’s pause alone', async () => {
    await lapse('o1');
    const { offer, ...of } = await lapse('o2');
    const operator = { role: 'operator', id: 'op' } as const;
    const untilAt = world.clock.now() + 600_000;
    await world.send('shift', 'shift-d1', operator, {
      ...{ type: 'shift.pause', untilAt, reason: 'check the bike' },
    });
    expect(await world.dispatch.judgeLate({ ...of, tappedAt: offer.expiresAt - 1 })).toMatchObject({
      strike: false,
    });
    expect(await shift()).toMatchObject({ state: 'onDuty.paused', pausedUntil: untilAt });
  });

  it('[DSP12] is not believed where the history says otherwise', async () => {
    const { offer, ...of } = await lapse('o1');
    const judge = (more: object) =>
      world.dispatch.judgeLate({ ...of, tappedAt: offer.expiresAt - 1, ...more });
    expect(await judge({ driverId: 'd2' })).toBeUndefined();
    expect(await judge({ offerId: 'f9' })).toBeUndefined();
    expect(await judge({ tappedAt: offer.closesAt })).toBeUndefined();
    expect(await judge({ tappedAt: offer.offeredAt - 1 })).toBeUndefined();
    await world.pass(5 * 60_000);
    expect(await judge({})).toBeUndefined();
    expect((await shift()).strikes).toBe(1);
  });

  it('[DSP12] is excused three times in a row', async () => {
    for (const orderId of ['o1', 'o2', 'o3']) {
      const { offer, ...of } = await lapse(orderId);
      const verdict = await world.dispatch.judgeLate({ ...of, tappedAt: offer.expiresAt - 1 });
      expect(verdict?.strike).toBe(false);
    }
    const { offer, ...of } = await lapse('o4');
    const verdict = await world.dispatch.judgeLate({ ...of, tappedAt: offer.expiresAt - 1 });
    expect(verdict?.strike).toBe(true);
    expect((await shift()).strikes).toBe(1);
  });
});
