import { describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/engine/store.ts';
import { createWorld } from '../support/engine-world.ts';
import { quiet } from '../support/manual-clock.ts';

const ann = { role: 'customer', id: 'ann' } as const;

describe('stopping', () => {
  it('[ENG23] waits for a commit that is under way', async () => {
    const world = createWorld();
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const wrap = (store: Store): Store => ({
      ...store,
      async commit(change) {
        await held;
        return store.commit(change);
      },
    });
    const node = await world.node('a', { wrap });
    const sent = node.engine.send({
      ...{ kind: 'lamp', id: 'l1', by: ann },
      command: { type: 'lamp.make' },
    });
    let isStopped = false;
    const stopping = node.stop().then(() => {
      isStopped = true;
    });
    await quiet();
    expect(isStopped).toBe(false);
    release();
    expect(await sent).toMatchObject({ seq: 1 });
    await stopping;
  });

  it('[ENG23] waits for an effect that runs', async () => {
    const world = createWorld();
    const node = await world.node('a');
    let release = () => {};
    node.engine.onEffect(
      'sweep.up',
      () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    );
    for (const type of ['lamp.make', 'lamp.break']) {
      await node.engine.send({ kind: 'lamp', id: 'l1', by: ann, command: { type } });
    }
    let isStopped = false;
    const stopping = node.stop().then(() => {
      isStopped = true;
    });
    await quiet();
    expect(isStopped).toBe(false);
    release();
    await stopping;
    expect(await node.store.dueOutbox('lamp', Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
  });
});
