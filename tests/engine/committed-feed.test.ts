import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Store } from '../../src/engine/store.ts';
import { createWorld, type World, type WorldNode } from '../support/engine-world.ts';
import { quiet } from '../support/manual-clock.ts';

const ann = { role: 'customer', id: 'ann' } as const;

describe('a gap in the feed', () => {
  let world: World;
  let a: WorldNode;
  let b: WorldNode;
  beforeEach(async () => {
    world = createWorld();
    a = await world.node('a');
  });
  afterEach(async () => {
    await a.stop();
    await b.stop();
  });

  const send = (type: string) =>
    a.engine.send({ kind: 'lamp', id: 'l1', by: ann, command: { type, forMs: 60_000 } });

  /** A node whose stream loses some steps, and that reads histories as it is told. */
  const startLossy = (history: (store: Store) => Store['history'], lost = [2]) =>
    world.node('b', {
      wrap: (store) => ({
        ...store,
        history: history(store),
        watch: (handlers) =>
          store.watch({
            ...handlers,
            onCommit: (commit) => !lost.includes(commit.seq) && handlers.onCommit(commit),
          }),
      }),
    });

  it('[I9] [ENG16] holds back the steps that come while it is being filled', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    b = await startLossy((store) => async (...of) => {
      await held;
      return store.history(...of);
    });
    for (const type of ['lamp.make', 'lamp.light', 'lamp.extend', 'lamp.break']) await send(type);
    await quiet();
    expect(b.commits.map(({ seq }) => seq)).toEqual([1]);
    release();
    await quiet();
    expect(b.commits.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  });

  it('[I9] [ENG16] may be followed by another one, which is filled as well', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    b = await startLossy(
      (store) =>
        async (...of) => {
          await held;
          return store.history(...of);
        },
      [2, 4],
    );
    const types = ['lamp.make', 'lamp.light', 'lamp.extend', 'lamp.extend', 'lamp.break'];
    for (const type of types) await send(type);
    await quiet();
    release();
    await quiet();
    expect(b.commits.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('[I9] [ENG16] is not seen in a step that this node knew of before its stream brought it', async () => {
    await send('lamp.make');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    b = await world.node('b', {
      wrap: (store) => ({
        ...store,
        commit: async () => ({ outcome: 'late' }),
        watch: (handlers) =>
          store.watch({
            ...handlers,
            onCommit: (commit) => void held.then(() => handlers.onCommit(commit)),
          }),
      }),
    });
    await send('lamp.light');
    const extend = { kind: 'lamp', id: 'l1', by: ann, command: { type: 'lamp.extend' } };
    await expect(b.engine.send(extend)).rejects.toMatchObject({ code: 'offer_closed' });
    release();
    await quiet();
    expect(b.commits.map(({ seq }) => seq)).toEqual([2]);
  });

  it('[ENG18] throws away what was read of the actor while it was being filled', async () => {
    await send('lamp.make');
    const old = await a.store.load('lamp', 'l1');
    let isSlow = true;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const decidedOn: number[] = [];
    b = await world.node('b', {
      wrap: (store) => ({
        ...store,
        // What was asked for before the steps of the other node may well arrive after them.
        load: async (...of) => (isSlow ? old : store.load(...of)),
        async history(...of) {
          await held;
          return store.history(...of);
        },
        commit(change) {
          decidedOn.push(change.expectedSeq);
          return store.commit(change);
        },
        watch: (handlers) =>
          store.watch({
            ...handlers,
            onCommit: (commit) => commit.seq !== 3 && handlers.onCommit(commit),
          }),
      }),
    });
    for (const type of ['lamp.light', 'lamp.extend', 'lamp.extend']) await send(type);
    const command = { type: 'lamp.extend' };
    const refused = b.engine.send({ kind: 'lamp', id: 'l1', by: ann, command });
    await quiet();
    isSlow = false;
    release();
    await refused.catch(() => {});
    await b.engine.send({ kind: 'lamp', id: 'l1', by: ann, command: { type: 'lamp.break' } });
    expect(decidedOn).toEqual([4]);
  });

  it('[I9] [ENG16] that cannot be filled is told: everyone reads again', async () => {
    b = await startLossy(() => async () => {
      throw new Error('no history now');
    });
    let resyncs = 0;
    b.engine.feed.subscribe({ onCommit: () => {}, onResync: () => void resyncs++ });
    for (const type of ['lamp.make', 'lamp.light', 'lamp.extend']) await send(type);
    await quiet();
    expect(resyncs).toBe(1);
    expect(b.commits.map(({ seq }) => seq)).toEqual([1, 3]);
  });
});
