import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createWorld, type World, type WorldNode } from '../support/engine-world.ts';

const ann = { role: 'customer', id: 'ann' } as const;

describe('effects', () => {
  let world: World;
  let node: WorldNode;
  beforeEach(async () => {
    world = createWorld();
    node = await world.node('a');
  });
  afterEach(() => node.stop());

  /** Breaks a lamp: the step asks for one effect, and ends the lamp. */
  async function breakLamp() {
    for (const type of ['lamp.make', 'lamp.break']) {
      await node.engine.send({ kind: 'lamp', id: 'l1', by: ann, command: { type } });
    }
  }
  const stored = async () =>
    (await node.store.dueOutbox('lamp', Number.MAX_SAFE_INTEGER, 10)).flatMap(({ items }) => items);

  it('[ENG15] stay stored until they are done', async () => {
    const whileRunning: number[] = [];
    node.engine.onEffect('sweep.up', async () => {
      whileRunning.push((await stored()).length);
    });
    await breakLamp();
    await world.clock.advance(1_000);
    expect(whileRunning).toEqual([1]);
    expect(await stored()).toEqual([]);
  });

  it('[ENG15] that fail run again under their own id, later and later, and are reported after 20 tries', async () => {
    const runs: { id: string; at: number }[] = [];
    let broken = true;
    node.engine.onEffect('sweep.up', async ({ id }) => {
      runs.push({ id, at: world.clock.now() });
      if (broken) throw new Error('no broom');
    });
    await breakLamp();
    await world.clock.advance(10_000);
    const pauses = runs.slice(1).map(({ at }, index) => at - (runs[index]?.at ?? 0));
    expect(pauses.length).toBeGreaterThan(1);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(node.alarms).toEqual([]);

    for (let turn = 0; turn < 25; turn++) {
      world.clock.jump(5 * 60_000);
      await world.clock.advance(3_000);
    }
    expect(runs.length).toBeGreaterThan(20);
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(node.alarms).toMatchObject([{ alarm: 'stuck_effect', id: 'l1' }]);
    expect(await stored()).toMatchObject([{ tries: runs.length }]);

    broken = false;
    world.clock.jump(5 * 60_000);
    await world.clock.advance(3_000);
    expect(await stored()).toEqual([]);
  });
});
