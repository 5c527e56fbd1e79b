import { expect, it } from '@jest/globals';
import { createWorld } from '../support/engine-world.ts';

const ann = { role: 'customer', id: 'ann' } as const;

it('[ENG13] counts failures in a row only: an actor that was taken care of is not poisoned', async () => {
  const world = createWorld();
  let failures = 0;
  const node = await world.node('a', {
    wrap: (store) => ({
      ...store,
      async commit(change) {
        if (change.entry.event.type !== 'lamp.timeout' || failures-- <= 0) {
          return store.commit(change);
        }
        throw new Error('not now');
      },
    }),
  });
  const send = (type: string) =>
    node.engine.send({ kind: 'lamp', id: 'l1', by: ann, command: { type, forMs: 1_000 } });
  await send('lamp.make');
  for (let round = 0; round < 2; round++) {
    failures = 3;
    await send('lamp.light');
    await world.clock.advance(60_000);
    expect((await node.engine.read('lamp', 'l1'))?.state).toBe('off');
  }
  expect(node.alarms).toEqual([]);
  await node.stop();
});
