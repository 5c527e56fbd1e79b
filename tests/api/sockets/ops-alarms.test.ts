import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiServer, type Member, startApiServer } from '../../support/api-server.ts';
import { connectLive } from '../../support/live-socket.ts';

describe('alarms, live', () => {
  let server: ApiServer;
  let ann: Member;
  let bob: Member;

  beforeAll(async () => {
    server = await startApiServer();
    ann = await server.member('operator');
    bob = await server.member('operator');
  });
  afterAll(() => server.close());

  it('[OPS4] are told whole to each console that watches, and again when one of them changed', async () => {
    const { alarms } = server.dispatch;
    await alarms.raise({ subject: 'zone:baixa', alarm: 'no_drivers', zone: 'baixa' });
    const console = await connectLive(server.url, { auth: { token: ann.token } });
    await console.ask('ops:watch', {});
    const first = await console.when('ops:alarms');
    expect(first.alarms).toMatchObject([{ alarmId: 'zone:baixa:no_drivers', open: true }]);

    await bob.http('POST', '/v1/ops/alarms/zone:baixa:no_drivers/claim');
    await server.clock.advance(1_000);
    const claimed = await console.when(
      'ops:alarms',
      ({ alarms: [alarm] }) => alarm?.claimedBy !== undefined,
    );
    expect(claimed.alarms).toMatchObject([{ claimedBy: bob.user._id }]);

    await alarms.clear('zone:baixa', 'no_drivers');
    await server.clock.advance(1_000);
    await console.when('ops:alarms', ({ alarms }) => alarms.length === 0);
    await server.clock.advance(5_000);
    expect(console.all('ops:alarms')).toHaveLength(3);
    console.close();
  });

  it('[OPS4] are not told to a console that stopped watching, nor to others', async () => {
    const console = await connectLive(server.url, { auth: { token: ann.token } });
    const driver = await server.member('driver');
    const phone = await connectLive(server.url, { auth: { token: driver.token } });
    await console.ask('ops:watch', {});
    await console.when('ops:alarms');
    await console.ask('ops:unwatch', {});
    await server.dispatch.alarms.raise({ subject: 'zone:alfama', alarm: 'no_drivers' });
    await server.clock.advance(3_000);
    await Promise.all([
      console.ask('ops:unwatch', {}),
      phone.ask('order:unwatch', { orderId: 'x' }),
    ]);
    expect(console.all('ops:alarms')).toHaveLength(1);
    expect(phone.all('ops:alarms')).toHaveLength(0);
    console.close();
    phone.close();
  });
});
