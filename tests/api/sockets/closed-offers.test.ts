import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiServer, type Member, startApiServer } from '../../support/api-server.ts';
import { connectLive, type LiveSocket } from '../../support/live-socket.ts';

describe('offers that are closed', () => {
  let server: ApiServer;
  let customer: Member;
  let operator: Member;
  let ann: Member;
  let bea: Member;

  const enter = (who: Member): Promise<LiveSocket> =>
    connectLive(server.url, { auth: { token: who.token } });
  const offer = (orderId: string, to: Member) =>
    server.command(operator, orderId, {
      ...{ type: 'order.offer', driverId: to.user._id, reason: 'near' },
    });
  const accept = (
    of: { orderId: string; offerId: string },
    more: { tappedAt?: number; commandId?: string; reason?: string } = {},
  ) => ({
    ...{ orderId: of.orderId, offerId: of.offerId, commandId: 'a1' },
    ...more,
  });

  beforeEach(async () => {
    server = await startApiServer();
    [customer, operator, ann, bea] = await Promise.all([
      server.member('customer'),
      server.member('operator'),
      server.member('driver', { name: 'Ann Archer' }),
      server.member('driver', { name: 'Bea Baker' }),
    ]);
    await server.drive(ann);
    await server.drive(bea);
  });
  afterEach(() => server.close());

  it('[SOC20] tells whoever was beaten to one by whom, live and when asked', async () => {
    const [hers, others] = await Promise.all([enter(ann), enter(bea)]);
    const { id } = await server.place(customer);
    await offer(id, ann);
    await offer(id, bea);
    const lost = await hers.when('offer:opened');
    const won = await others.when('offer:opened');
    expect(await others.ask('offer:accept', accept(won))).toMatchObject({ ok: true });
    expect(await hers.when('offer:closed')).toEqual({
      ...{ offerId: lost.offerId, orderId: id, outcome: 'withdrawn', reason: 'taken' },
      takenBy: 'Bea',
    });
    expect(await hers.ask('offer:accept', accept(lost))).toMatchObject({
      error: {
        code: 'offer_closed',
        details: { outcome: 'withdrawn', reason: 'taken', takenBy: 'Bea' },
      },
    });
    expect(JSON.stringify(hers.told)).not.toContain('Baker');
  });

  it('[DSP12] tells a tap that was in time by how much it came too late', async () => {
    const phone = await enter(ann);
    const { id } = await server.place(customer);
    await offer(id, ann);
    const opened = await phone.when('offer:opened');
    await phone.ask('offer:seen', accept(opened, { commandId: 's1' }));
    await server.clock.advance(opened.expiresAt - server.clock.now() + 4_000);
    await phone.when('offer:closed');
    const tappedAt = opened.expiresAt - 2_000;
    const answered = await phone.ask('offer:accept', accept(opened, { tappedAt }));
    expect(answered.error).toMatchObject({
      code: 'offer_closed',
      details: { outcome: 'expired', inTime: { leftMs: 2_000, lateMs: 4_000, strike: false } },
    });
    // Rejections are taps too; whoever says nothing of the time is told nothing of it.
    const rejected = await phone.ask('offer:reject', accept(opened, { reason: 'busy' }));
    expect(rejected.error.details).toEqual({ offerId: opened.offerId, outcome: 'expired' });
    const odd = { ...accept(opened), tappedAt: 'now' };
    expect(await phone.ask('offer:accept', odd)).toMatchObject({ error: { code: 'malformed' } });
  });

  it('[ORD4] takes a tap that says when it was made like any other, and once', async () => {
    const phone = await enter(ann);
    const { id } = await server.place(customer);
    await offer(id, ann);
    const opened = await phone.when('offer:opened');
    const tappedAt = server.clock.now();
    const tap = accept(opened, { tappedAt });
    const first = await phone.ask('offer:accept', tap);
    expect(first).toMatchObject({ ok: true, id });
    // The clock of the phone was corrected between two attempts.
    const again = await phone.ask('offer:accept', { ...tap, tappedAt: tappedAt + 30 });
    expect(again).toEqual(first);
  });

  it('[SHF10] tells a driver why a pause is, also after reconnecting', async () => {
    const phone = await enter(ann);
    const { shiftId } = await phone.when('shift:state');
    await operator.http('POST', `/v1/shifts/${shiftId}/commands`, {
      body: {
        ...{ type: 'shift.pause', reason: 'check the bike', commandId: 'p1' },
        untilAt: server.clock.now() + 600_000,
      },
    });
    const pause = { why: 'operator', reason: 'check the bike' };
    expect(await phone.when('shift:state', ({ state }) => state === 'onDuty.paused')).toMatchObject(
      { pause, strikesToPause: 3 },
    );
    expect(await (await enter(ann)).when('shift:state')).toMatchObject({ pause });
  });
});
