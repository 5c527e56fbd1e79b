import { expect, it } from '@jest/globals';
import { exampleOf } from '../../machines/order-example.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import type { Moment } from '../../web/src/console/order/replay.ts';
import { tryEvent } from '../../web/src/console/order/what-if.ts';

it('[WEB23] what is tried happens after all that has happened', () => {
  const by = { role: 'customer', id: 'ann' } as const;
  const start = initialState(orderMachine);
  const placing = exampleOf('order.place', start, by);
  const state = step(orderMachine, start, placing);
  const before = { seq: 1, at: placing.at + 60_000, state } as Moment;
  expect(tryEvent(before, 'order.cancel', by)).toMatchObject({
    ...{ to: 'cancelled', seq: 2, at: before.at },
  });
});
