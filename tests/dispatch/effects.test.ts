import { describe, expect, it } from '@jest/globals';
import { offerHold } from '../../machines/order-readers.ts';
import type { Alarms } from '../../src/dispatch/alarms.ts';
import { slots } from '../../src/dispatch/candidates.ts';
import { createEffects } from '../../src/dispatch/effects.ts';
import type { OfferBook } from '../../src/dispatch/offer-book.ts';
import type { EffectHandler, Engine, SendRequest } from '../../src/engine/engine.ts';
import type { Store } from '../../src/engine/store.ts';

/** What is sent when the effect runs while d1 carries o1 and is asked about o2. */
async function run(type: string, shift: 'onDuty.available' | 'onDuty.onBreak' | undefined) {
  const sent: SendRequest[] = [];
  const found = {
    order: (holds: readonly string[]) =>
      [
        { id: 'o1', holds: [slots('d1')[0]] },
        { id: 'o2', holds: [slots('d1')[1], offerHold('d1')] },
      ].filter((order) => order.holds.some((hold) => holds.includes(hold as string))),
    shift: () =>
      shift ? [{ id: 's1', state: shift, snapshot: { context: { driverId: 'd1' } } }] : [],
  };
  const handlers = createEffects({
    engine: { send: async (request: SendRequest) => void sent.push(request) } as unknown as Engine,
    store: {
      findByHolds: async (kind: 'order' | 'shift', holds: readonly string[]) => found[kind](holds),
    } as unknown as Store,
    alarms: {} as Alarms,
    book: {} as OfferBook,
  });
  const handler = handlers[type] as EffectHandler;
  await handler({
    ...{ id: 'e1', kind: 'shift', actorId: 's1', type, tries: 0 },
    payload: { driverId: 'd1' },
  });
  return sent.map(({ id, command, commandId }) => `${commandId} ${id} ${command.type}`);
}

describe('what orders are told of their driver', () => {
  it('[DSP9] is that he is back, but not where he is off duty again by the time it is told', async () => {
    expect(await run('driver.back', 'onDuty.available')).toEqual([
      'e1 o1 driver.find',
      'e1 o2 driver.find',
    ]);
    expect(await run('driver.back', undefined)).toEqual([]);
  });

  it('[DSP9] is that he is gone, but not where he is on duty again by the time it is told', async () => {
    expect(await run('driver.gone', undefined)).toEqual(['e1 o1 driver.lose', 'e1 o2 driver.lose']);
    expect(await run('driver.gone', 'onDuty.available')).toEqual([]);
  });

  it('[DSP9] is nothing of a break that is over by the time it is told', async () => {
    expect(await run('driver.away', 'onDuty.onBreak')).toEqual(['e1 o2 offer.withdraw']);
    expect(await run('driver.away', 'onDuty.available')).toEqual([]);
  });
});
