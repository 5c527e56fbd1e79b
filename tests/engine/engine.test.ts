import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SendRequest } from '../../src/engine/engine.ts';
import type { Store } from '../../src/engine/store.ts';
import { createWorld, type World, type WorldNode } from '../support/engine-world.ts';
import { quiet } from '../support/manual-clock.ts';

const ann = { role: 'customer', id: 'ann' } as const;
const bob = { role: 'customer', id: 'bob' } as const;
const staff = { role: 'operator', id: 'op' } as const;

const command = (type: string, more: Partial<SendRequest> = {}): SendRequest => ({
  kind: 'lamp',
  id: 'l1',
  by: ann,
  ...more,
  command: { type, ...more.command },
});
const light = (forMs = 1_000, more: Partial<SendRequest> = {}, fields = {}) =>
  command('lamp.light', { ...more, command: { type: 'lamp.light', forMs, ...fields } });

describe('engine', () => {
  let world: World;
  let a: WorldNode;
  const started: WorldNode[] = [];

  const node = async (name: string, wrap?: (store: Store) => Store) => {
    const made = await world.node(name, wrap ? { wrap } : {});
    started.push(made);
    return made;
  };

  /** Node b, which is not told what becomes of its next `line.broken` commits. */
  const unsure = async (fate: 'applied' | 'lost') => {
    const line = { broken: 0 };
    const b = await node('b', (store) => ({
      ...store,
      async commit(change) {
        if (line.broken === 0) return store.commit(change);
        line.broken--;
        if (fate === 'applied') await store.commit(change);
        return { outcome: 'unknown', cause: new Error('the line went dead') };
      },
    }));
    return { b, line };
  };

  beforeEach(async () => {
    world = createWorld();
    a = await node('a');
  });
  afterEach(async () => {
    for (const each of started.splice(0)) await each.stop();
  });

  const history = (id = 'l1') => a.store.history('lamp', id, 0);
  const steps = async (id = 'l1') => (await history(id)).map(({ event }) => event.type);

  it('[ENG2] takes a birth as history entry 1, once', async () => {
    const born = await a.engine.send(command('lamp.make', { commandId: 'c1' }));
    expect(born).toEqual({
      seq: 1,
      state: 'off',
      result: { state: 'off', switches: 0 },
      replayed: false,
    });
    const again = await a.engine.send(command('lamp.make', { commandId: 'c1' }));
    expect(again).toEqual({ ...born, replayed: true });
    expect((await history())[0]).toMatchObject({ seq: 1, from: 'new', to: 'off', by: ann });
    await expect(a.engine.send(command('lamp.light', { id: 'nobody' }))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('[I5] [ENG3] answers a retry with the first result, even after the actor moved on', async () => {
    await a.engine.send(command('lamp.make'));
    const first = await a.engine.send(light(1_000, { commandId: 'c2' }));
    await world.clock.advance(2_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
    expect(await a.engine.send(light(1_000, { commandId: 'c2' }))).toEqual({
      ...first,
      replayed: true,
    });
    await expect(a.engine.send(light(2_000, { commandId: 'c2' }))).rejects.toMatchObject({
      code: 'command_mismatch',
    });
    await expect(a.engine.send(light(1_000, { commandId: 'c2', by: staff }))).rejects.toMatchObject(
      { code: 'command_mismatch' },
    );
    expect(await history()).toHaveLength(3);
  });

  it('[I5] takes a command once although both nodes are sent it at the same time', async () => {
    const b = await node('b');
    await a.engine.send(command('lamp.make'));
    const answers = await Promise.all(
      [a, b, a, b].map((each) => each.engine.send(light(1_000, { commandId: 'same' }))),
    );
    expect(answers.map(({ seq }) => seq)).toEqual([2, 2, 2, 2]);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await history()).toHaveLength(2);
  });

  it('[ENG4] [I10] tells a stranger nothing, not even that his command id was used', async () => {
    await a.engine.send(command('lamp.make', { commandId: 'c1' }));
    for (const commandId of ['c1', 'other']) {
      await expect(
        a.engine.send(command('lamp.break', { by: bob, commandId })),
      ).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await history()).toHaveLength(1);
  });

  it('[I7] [ENG4] asks again who may, on the state that another node has left', async () => {
    const deaf = await node('deaf', (store) => ({ ...store, watch: async () => async () => {} }));
    await deaf.engine.send(command('lamp.make'));
    await a.engine.send(
      command('lamp.give', { by: staff, command: { type: 'lamp.give', to: 'bob' } }),
    );
    await expect(deaf.engine.send(light())).rejects.toMatchObject({ code: 'not_found' });
    expect(await steps()).toEqual(['lamp.make', 'lamp.give']);
  });

  it('[I7] [ENG5] refuses what the machine does not take, naming what it would', async () => {
    await a.engine.send(command('lamp.make'));
    await expect(a.engine.send(command('lamp.timeout'))).rejects.toMatchObject({
      code: 'illegal_transition',
      details: { state: 'off', seq: 1, accepted: ['lamp.light', 'lamp.break'] },
    });
    expect(await history()).toHaveLength(1);
  });

  it('[ENG6] never refuses on a cached state that another node has moved', async () => {
    const deaf = await node('deaf', (store) => ({
      ...store,
      watch: async () => async () => {},
    }));
    await deaf.engine.send(command('lamp.make'));
    await expect(deaf.engine.send(command('lamp.extend'))).rejects.toMatchObject({
      code: 'offer_closed',
    });
    await a.engine.send(light(5_000));
    const taken = await deaf.engine.send(command('lamp.extend'));
    expect(taken).toMatchObject({ seq: 3, state: 'on' });
  });

  it('[ENG7] takes a command at its seq or not at all', async () => {
    await a.engine.send(command('lamp.make'));
    await expect(a.engine.send(light(1_000, { ifSeq: 0 }))).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await a.engine.send(light(1_000, { ifSeq: 1 }))).toMatchObject({ seq: 2 });
    expect(await history()).toHaveLength(2);
  });

  for (const applied of [true, false]) {
    it(`[I4] [ENG8] [ENG9] settles an unknown outcome that was ${applied ? '' : 'not '}applied`, async () => {
      const { b, line } = await unsure(applied ? 'applied' : 'lost');
      await b.engine.send(command('lamp.make'));
      line.broken = 3;
      const sent = b.engine.send(light(60_000, { commandId: 'c2' }));
      await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown', retryable: true });
      const later = b.engine.send(light(60_000, { commandId: 'c2' }));
      expect(b.engine.stats().messages).toBeGreaterThan(0);
      await world.clock.advance(1_000);
      expect(await later).toMatchObject({ seq: 2, replayed: true });
      expect(b.commits.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(await history()).toHaveLength(2);
    });
  }

  it('[ENG8] an unknown command that can no longer be taken ends with the deadline that passed', async () => {
    let broken = false;
    const b = await node('b', (store) => ({
      ...store,
      async commit(change) {
        if (!broken || change.entry.event.type !== 'lamp.extend') return store.commit(change);
        // The first attempt is lost on the way; later ones meet the closed deadline.
        world.clock.jump(600);
        broken = false;
        return { outcome: 'unknown', cause: new Error('lost') };
      },
    }));
    await b.engine.send(command('lamp.make'));
    await b.engine.send(light(500));
    broken = true;
    const sent = b.engine.send(command('lamp.extend', { commandId: 'late' }));
    await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown' });
    await world.clock.advance(5_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
    expect(b.engine.stats().messages).toBe(0);
  });

  it('[ENG8] an unknown command whose seq another node took has no effect and is not published', async () => {
    const { b, line } = await unsure('lost');
    await b.engine.send(command('lamp.make'));
    line.broken = 2;
    const sent = b.engine.send(command('lamp.break'));
    await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown' });
    await a.engine.send(light(60_000));
    await world.clock.advance(1_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light']);
    expect(b.commits.map(({ entry }) => entry.event.type)).toEqual(['lamp.make', 'lamp.light']);
    expect(b.effects).toEqual([]);
  });

  it('[ENG8] an unknown command that another node took on a retry is published once, as that node took it', async () => {
    const { b, line } = await unsure('lost');
    await a.engine.send(command('lamp.make'));
    line.broken = 2;
    const sent = b.engine.send(command('lamp.break', { commandId: 'c2' }));
    await expect(sent).rejects.toMatchObject({ code: 'outcome_unknown' });
    world.clock.jump(20);
    const taken = await a.engine.send(command('lamp.break', { commandId: 'c2' }));
    expect(taken).toMatchObject({ seq: 2, replayed: false });
    await world.clock.advance(1_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.break']);
    expect(b.commits.map(({ entry }) => entry)).toEqual(await history());
    expect([a.effects, b.effects].flat()).toHaveLength(1);
  });

  it('[I2] [ENG10] finds a free hold, or says who is busy', async () => {
    for (const id of ['l1', 'l2', 'l3']) await a.engine.send(command('lamp.make', { id }));
    await a.engine.send(light(60_000, { id: 'l1' }, { socket: 's1' }));
    await a.engine.send(light(60_000, { id: 'l2' }, { socket: 's1' }));
    const held = await a.store.heldBy('lamp', ['s1', 's2']);
    expect(Object.fromEntries(held)).toEqual({ s1: 'l1', s2: 'l2' });
    await expect(
      a.engine.send(light(60_000, { id: 'l3' }, { socket: 's1' })),
    ).rejects.toMatchObject({ code: 'driver_busy', details: { driverIds: ['s1', 's2'] } });
    expect(await history('l3')).toHaveLength(1);
  });

  it('[I8] [ENG11] lets the database say what is late, whatever this node believes', async () => {
    const b = await node('b', (store) => ({
      ...store,
      // This node's clock runs two seconds behind.
      now: async () => ({ at: world.clock.now() - 2_000, errorMs: 0 }),
    }));
    await b.engine.send(command('lamp.make'));
    await a.engine.send(light(500));
    world.clock.jump(600);
    await expect(b.engine.send(command('lamp.extend'))).rejects.toMatchObject({
      code: 'offer_closed',
    });
    expect(await history()).toHaveLength(2);
  });

  it('[I8] [ENG12] takes a deadline once, at its instant, with any number of nodes', async () => {
    await node('b');
    await node('c');
    await a.engine.send(command('lamp.make'));
    await a.engine.send(light(1_000));
    await world.clock.advance(999);
    expect(await history()).toHaveLength(2);
    await world.clock.advance(5_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
    const [, lit, off] = await history();
    expect((off?.at ?? 0) - (lit?.at ?? 0)).toBe(1_000);
  });

  it('[ENG12] a node that came up early asks the clock again and waits', async () => {
    const b = await node('b', (store) => ({
      ...store,
      now: async () => ({ at: world.clock.now() + 3_000, errorMs: 5 }),
    }));
    await a.stop();
    await b.engine.send(command('lamp.make'));
    await b.engine.send(light(1_000));
    const [, lit] = await history();
    await world.clock.advance((lit?.at ?? 0) + 1_000 - world.clock.now() - 1);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light']);
    await world.clock.advance(6_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
  });

  it('[ENG12] a timer that comes before its time is set again', async () => {
    const b = await node('b');
    await a.engine.send(command('lamp.make'));
    await a.engine.send(light(1_000));
    const litAt = world.clock.now();
    await world.clock.advance(500);
    await b.engine.send(command('lamp.extend'));
    await b.stop();
    await world.clock.advance(2_000);
    const off = (await history())[3];
    expect(off).toMatchObject({ event: { type: 'lamp.timeout' }, at: litAt + 1_500 });
  });

  it('[I3] [ENG12] takes at once what fell due while no node ran', async () => {
    await a.engine.send(command('lamp.make'));
    await a.engine.send(light(3_000));
    await a.stop();
    world.clock.jump(60_000);
    const startedAt = world.clock.now();
    await node('next');
    await world.clock.advance(100);
    const off = (await history())[2];
    expect(off?.event.type).toBe('lamp.timeout');
    expect((off?.at ?? 0) - startedAt).toBeLessThanOrEqual(100);
  });

  it('[I3] [ENG12] takes the deadlines of a node that died, soon after they pass', async () => {
    const dying = await node('dying');
    await dying.engine.send(command('lamp.make'));
    await dying.engine.send(light(3_000));
    const litAt = world.clock.now();
    await dying.stop();
    await world.clock.advance(8_000);
    expect(await steps()).toEqual(['lamp.make', 'lamp.light', 'lamp.timeout']);
    const off = (await history())[2];
    expect((off?.at ?? 0) - litAt).toBeLessThanOrEqual(4_000);
  });

  it('[ENG13] defers a poisoned actor, reports it, and serves the others on time', async () => {
    const tries: number[] = [];
    const b = await node('b', (store) => ({
      ...store,
      async commit(change) {
        if (change.id === 'l1' && change.entry.event.type === 'lamp.timeout') {
          tries.push(world.clock.now());
          throw new Error('a document the driver refuses');
        }
        return store.commit(change);
      },
    }));
    await a.stop();
    for (const id of ['l1', 'l2']) {
      await b.engine.send(command('lamp.make', { id }));
      await b.engine.send(light(1_000, { id }));
    }
    await world.clock.advance(120_000);
    expect(await steps('l2')).toHaveLength(3);
    expect(await steps('l1')).toHaveLength(2);
    // Later and later: 1, 2, 4, … s apart, at most a minute.
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(4);
    expect(pauses).toEqual(pauses.map((_, index) => Math.min(60_000, 1_000 * 2 ** index)));
    expect(b.alarms).toMatchObject([{ alarm: 'poisoned', kind: 'lamp', id: 'l1' }]);
    const due = await a.store.due('lamp', world.clock.now() + 600_000, 10);
    expect(due.map(({ id }) => id)).toEqual(['l1']);
  });

  it('[ENG14] hands work to its worker until somebody answers, and drops an old answer', async () => {
    await a.engine.send(command('lamp.make'));
    await a.engine.send(command('lamp.ask'));
    await world.clock.advance(3_500);
    expect(a.worked.length).toBeGreaterThanOrEqual(2);
    await expect(a.engine.send(light(1_000, { by: staff, ifSeq: 1 }))).rejects.toMatchObject({
      code: 'version_conflict',
    });
    await a.engine.send(light(60_000, { by: staff, ifSeq: 2 }));
    const times = a.worked.length;
    await world.clock.advance(5_000);
    expect(a.worked).toHaveLength(times);
  });

  it('[ENG15] gives the effects of one step one id each, whichever of two nodes decides it', async () => {
    const ids = new Map<string, string[]>();
    const witnessed = (store: Store): Store => ({
      ...store,
      async commit(change) {
        if (change.entry.event.type !== 'lamp.break') return store.commit(change);
        ids.set(
          change.node,
          change.effects.map(({ id }) => id),
        );
        // Lost on the way, until the other node has been asked in the same instant.
        return ids.size > 1
          ? store.commit(change)
          : { outcome: 'unknown', cause: new Error('lost on the way') };
      },
    });
    const b = await node('b', witnessed);
    const c = await node('c', witnessed);
    await b.engine.send(command('lamp.make'));
    const breaking = command('lamp.break', { commandId: 'c2' });
    await expect(b.engine.send(breaking)).rejects.toMatchObject({ code: 'outcome_unknown' });
    await c.engine.send(breaking);
    await world.clock.advance(100);
    expect(ids.get('b')).toHaveLength(1);
    expect(ids.get('c')).toEqual(ids.get('b'));
  });

  it('[ENG15] runs an effect of an ended actor, also when the node that committed it died', async () => {
    let dead = false;
    const dying = await node('dying', (store) => ({
      ...store,
      pullEffect: async (...of) => {
        if (dead) throw new Error('dead');
        return store.pullEffect(...of);
      },
    }));
    await dying.engine.send(command('lamp.make'));
    dead = true;
    await dying.engine.send(command('lamp.break'));
    await quiet();
    expect(dying.effects).toEqual(['l1']);
    await dying.stop();
    await world.clock.advance(8_000);
    expect(a.effects).toEqual(['l1']);
    expect(await a.store.dueOutbox('lamp', world.clock.now() + 60_000, 10)).toEqual([]);
  });

  it('[ENG16] every node publishes every step once, in order', async () => {
    const b = await node('b');
    await a.engine.send(command('lamp.make'));
    for (let turn = 0; turn < 10; turn++) {
      await Promise.all([
        a.engine.send(light(100)).catch(() => {}),
        b.engine.send(light(100)).catch(() => {}),
      ]);
      await world.clock.advance(300);
    }
    await world.clock.advance(1_000);
    const all = (await history()).map(({ seq }) => seq);
    expect(all.length).toBeGreaterThan(15);
    for (const each of [a, b]) {
      expect(each.commits.map(({ seq }) => seq)).toEqual(all);
    }
    const last = await a.store.load('lamp', 'l1');
    expect(b.commits.at(-1)?.snapshot.value).toEqual(last?.snapshot.value);
  });

  it('[ENG16] [ENG19] moves and publishes only what was committed', async () => {
    const deaf = await node('deaf', (store) => ({ ...store, watch: async () => async () => {} }));
    await deaf.engine.send(command('lamp.make'));
    await a.engine.send(light(60_000));
    expect(await deaf.engine.send(command('lamp.break'))).toMatchObject({ seq: 3 });
    await quiet();
    expect(deaf.commits.map(({ seq, entry }) => [seq, entry.event.type])).toEqual([
      [1, 'lamp.make'],
      [2, 'lamp.light'],
      [3, 'lamp.break'],
    ]);
  });

  it('[I9] [ENG16] fills a gap in the stream from the history', async () => {
    let dropped = 0;
    const b = await node('b', (store) => ({
      ...store,
      watch: (handlers) =>
        store.watch({
          ...handlers,
          onCommit: (commit) =>
            commit.seq === 2 && dropped++ === 0 ? undefined : handlers.onCommit(commit),
        }),
    }));
    await a.engine.send(command('lamp.make'));
    await a.engine.send(light(60_000));
    await a.engine.send(command('lamp.break'));
    await quiet();
    expect(dropped).toBe(1);
    expect(b.commits.map(({ seq, snapshot }) => [seq, snapshot.value])).toEqual([
      [1, 'off'],
      [2, 'on'],
      [3, 'broken'],
    ]);
  });

  it('[ENG17] says when the store has gone silent, and to read again when it is back', async () => {
    const said: string[] = [];
    let deaf = false;
    const b = await node('b', (store) => ({
      ...store,
      watch: (handlers) =>
        store.watch({
          ...handlers,
          onHeartbeat: () => {
            if (!deaf) handlers.onHeartbeat();
          },
        }),
    }));
    b.engine.feed.subscribe({
      onCommit: () => {},
      onStale: (stale) => said.push(stale ? 'stale' : 'fresh'),
      onResync: () => said.push('resync'),
    });
    await world.clock.advance(5_000);
    expect(said).toEqual([]);
    deaf = true;
    await world.clock.advance(3_000);
    expect(said).toEqual(['stale']);
    deaf = false;
    await world.clock.advance(2_000);
    expect(said).toEqual(['stale', 'fresh', 'resync']);
  });

  it('[ENG18] forgets a cached actor when another node moved it', async () => {
    const b = await node('b');
    await a.engine.send(command('lamp.make'));
    await b.engine.send(light(60_000));
    await quiet();
    expect(a.engine.stats().hotActors).toBe(0);
    expect(await a.engine.send(command('lamp.break'))).toMatchObject({ seq: 3, state: 'broken' });
  });

  it('[ENG20] a full history takes only what ends the actor', async () => {
    await a.engine.send(command('lamp.make'));
    await a.engine.send(light(10_000_000));
    for (let step = 2; step < 300; step++) await a.engine.send(command('lamp.extend'));
    await expect(a.engine.send(command('lamp.extend'))).rejects.toMatchObject({
      code: 'order_full',
    });
    expect(a.alarms).toMatchObject([{ alarm: 'full', id: 'l1' }]);
    expect(await a.engine.send(command('lamp.break'))).toMatchObject({ seq: 301 });
  });

  it('[I14] a guard that throws is an answer to its sender and nothing else', async () => {
    await a.engine.send(command('lamp.make'));
    await expect(a.engine.send(command('lamp.explode'))).rejects.toThrow('a guard that throws');
    expect(await a.engine.send(light(1_000))).toMatchObject({ seq: 2 });
  });

  it('[I11] an ended actor takes nothing more', async () => {
    await a.engine.send(command('lamp.make'));
    await a.engine.send(command('lamp.break'));
    for (const type of ['lamp.light', 'lamp.break', 'lamp.timeout']) {
      await expect(a.engine.send(command(type, { by: staff }))).rejects.toMatchObject({
        code: 'illegal_transition',
      });
    }
    await world.clock.advance(10_000);
    expect(await history()).toHaveLength(2);
  });

  it('[ENG23] finishes what is under way when it stops, and takes nothing new', async () => {
    const b = await node('b');
    const under = b.engine.send(command('lamp.make'));
    const stopping = b.stop();
    await expect(b.engine.send(command('lamp.make', { id: 'l2' }))).rejects.toMatchObject({
      code: 'not_ready',
    });
    expect(await under).toMatchObject({ seq: 1 });
    await stopping;
    expect(await history()).toHaveLength(1);
  });
});
