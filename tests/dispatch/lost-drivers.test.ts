import { describe, expect, it } from '@jest/globals';
import type { Alarms } from '../../src/dispatch/alarms.ts';
import type { Fleet } from '../../src/dispatch/fleet.ts';
import { createLostDrivers } from '../../src/dispatch/lost-drivers.ts';
import type { Engine, SendRequest } from '../../src/engine/engine.ts';
import type { Store } from '../../src/engine/store.ts';
import { createManualClock } from '../support/manual-clock.ts';

const MINUTE = 60_000;

/** One sweep over a driver who was last heard of at each of these instants, as it is asked. */
async function sweepOver(heard: (now: number) => number[]) {
  const clock = createManualClock();
  const answers = heard(clock.now());
  const sent: SendRequest[] = [];
  const shift = { driverId: 'd1', zone: 'z1', startedAt: clock.now() - 60 * MINUTE };
  const errors: unknown[] = [];
  const lostDrivers = createLostDrivers({
    ...{ clock, timeScale: 1, random: () => 0.5, onError: (error) => errors.push(error) },
    engine: { send: async (request: SendRequest) => void sent.push(request) } as unknown as Engine,
    store: {
      list: async () => [{ id: 'shift-d1', snapshot: { context: shift } }],
    } as unknown as Store,
    fleet: {
      get: async () => new Map([['d1', { driverId: 'd1', seenAt: answers.shift() }]]),
    } as unknown as Fleet,
    alarms: { list: async () => [] } as unknown as Alarms,
  });
  const stop = lostDrivers.start();
  await clock.advance(16_000);
  stop();
  expect(errors).toEqual([]);
  return sent.map(({ id, command }) => ({ id, ...command }));
}

describe('drivers who have vanished', () => {
  it('[DSP10] are off duty after ten minutes, as of when they were last heard of', async () => {
    let seenAt = 0;
    const sent = await sweepOver((now) => {
      seenAt = now - 11 * MINUTE;
      return [seenAt, seenAt];
    });
    expect(sent).toEqual([{ id: 'shift-d1', type: 'shift.lose', seenAt }]);
  });

  it('[DSP10] stay on duty where they are heard of while the sweep is at it', async () => {
    expect(await sweepOver((now) => [now - 11 * MINUTE, now])).toEqual([]);
  });
});
