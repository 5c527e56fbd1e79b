import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Born, Change, CommitOutcome, FeedHandlers, Store } from '../../src/engine/store.ts';
import type { Commit, HistoryEntry } from '../../src/engine/types.ts';

/** Two nodes on one database. */
export interface StorePair {
  a: Store;
  b: Store;
  /** Lets time pass, or waits for it. */
  pass(ms: number): Promise<void>;
}

const KIND = 'lamp';

/** What every store promises, as tests; each adapter runs them all. */
export function storeContract(open: () => Promise<StorePair>) {
  let a: Store;
  let b: Store;
  let pass: StorePair['pass'];
  let run = 0;

  beforeEach(async () => {
    run++;
    ({ a, b, pass } = await open());
  });
  afterEach(async () => {
    await Promise.all([a.close(), b.close()]);
  });

  const idOf = (name: string) => `${name}-${run}`;
  const stateOf = async (id: string) => a.load(KIND, id);
  const outcomes = async (changes: Change[], stores = [a, b]) => {
    const results = await Promise.all(
      changes.map((change, index) => (stores[index % stores.length] as Store).commit(change)),
    );
    return results.map(({ outcome }) => outcome).sort();
  };

  /** The step after `seq`, with everything a step may carry. */
  function step(id: string, seq: number, more: Partial<Change> = {}): Change {
    const entry: HistoryEntry = {
      seq: seq + 1,
      at: 1_700_000_000_000 + seq,
      event: {
        type: 'lamp.light',
        at: 1_700_000_000_000 + seq,
        by: { role: 'customer', id: 'ann' },
      },
      from: 'off',
      to: 'on',
      by: { role: 'customer', id: 'ann' },
      commandId: `${id}-c${seq + 1}-${Math.random()}`,
      payloadHash: 'hash',
      result: { state: 'on' },
    };
    return {
      kind: KIND,
      id,
      expectedSeq: seq,
      machineVersion: 1,
      state: 'on',
      snapshot: { status: 'active', value: 'on', context: { step: seq + 1 } },
      columns: { ownerId: `ann-${run}`, live: true },
      holds: [],
      entry,
      entryBytes: 100,
      audience: ['customer:ann'],
      node: 'a',
      effects: [],
      ...more,
    };
  }
  const born = async (name: string, more: Partial<Change> = {}) => {
    const id = idOf(name);
    expect(await a.commit(step(id, 0, more))).toEqual({ outcome: 'committed' });
    return id;
  };

  it('[STO1] inserts once: of many births under one id exactly one is committed', async () => {
    const id = idOf('birth');
    const results = await outcomes(Array.from({ length: 20 }, () => step(id, 0)));
    expect(results.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(results.filter((outcome) => outcome === 'moved')).toHaveLength(19);
    expect(await a.readSeq(KIND, id)).toBe(1);
    expect(await a.readSeq(KIND, idOf('nobody'))).toBe(0);
  });

  it('[STO2] compares and sets: of many changes on one seq exactly one is committed', async () => {
    const id = await born('cas');
    const results = await outcomes(Array.from({ length: 20 }, () => step(id, 1)));
    expect(results.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(results.filter((outcome) => outcome === 'moved')).toHaveLength(19);
    expect((await a.history(KIND, id, 0)).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await a.commit(step(id, 7))).toEqual({ outcome: 'moved' });
  });

  it('[STO2] commits one of two changes that two nodes make of the same command', async () => {
    for (const { name, laterMs } of [
      { name: 'same-instant', laterMs: 0 },
      { name: 'later', laterMs: 7 },
    ]) {
      const id = await born(name);
      const mine = step(id, 1, { node: 'a' });
      const entry = { ...mine.entry, at: mine.entry.at + laterMs };
      expect(await outcomes([mine, step(id, 1, { node: 'b', entry })])).toEqual([
        'committed',
        'moved',
      ]);
    }
  });

  it('[STO3] gives back everything a step carries, and shares no object with it', async () => {
    const context = {
      'a.b': 1,
      $set: { 'x.y': '$z' },
      text: 'Zoë ☕ \u0000 end',
      big: 1_799_999_999_999,
      tiny: 0.1,
      none: null,
      gone: undefined,
      list: [[], {}, [1, 'two', null]],
    };
    const change = step(idOf('whole'), 0, {
      snapshot: { status: 'active', value: { on: 'bright' }, context },
      wakeAt: 1_800_000_000_000,
      holds: [idOf('h')],
    });
    await a.commit(change);
    const loaded = await b.load(KIND, change.id);
    const { gone: _gone, ...kept } = context;
    expect(loaded).toEqual({
      id: change.id,
      seq: 1,
      machineVersion: 1,
      state: 'on',
      snapshot: { status: 'active', value: { on: 'bright' }, context: kept },
      wakeAt: 1_800_000_000_000,
      outbox: [],
      historyBytes: 100,
      columns: change.columns,
      createdAt: change.entry.at,
      updatedAt: change.entry.at,
    });
    expect(await b.history(KIND, change.id, 0)).toEqual([change.entry]);
  });

  it('[STO4] a hold belongs to one actor at a time, over all nodes', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => born(`holder${n}`)));
    const hold = idOf('driver#0');
    const results = await outcomes(ids.map((id) => step(id, 1, { holds: [hold, `${id}#own`] })));
    expect(results.filter((outcome) => outcome === 'committed')).toHaveLength(1);
    expect(results.filter((outcome) => outcome === 'held')).toHaveLength(19);
    const [winner = ''] = [...(await b.heldBy(KIND, [hold, 'free'])).values()];
    expect(ids).toContain(winner);
    expect((await a.findByHolds(KIND, [hold, `${winner}#own`])).map(({ id }) => id)).toEqual([
      winner,
    ]);
    const loser = ids.find((id) => id !== winner) as string;
    expect((await stateOf(loser))?.seq).toBe(1);
    // Given back, it is free for another; empty holds never clash.
    expect(await a.commit(step(winner, 2))).toEqual({ outcome: 'committed' });
    expect(await b.commit(step(loser, 1, { holds: [hold] }))).toEqual({ outcome: 'committed' });
    expect(await a.heldBy(KIND, [hold])).toEqual(new Map([[hold, loser]]));
  });

  it('[STO4] an actor that is born with a hold that is taken is not born', async () => {
    const hold = idOf('driver#shift');
    await born('first', { holds: [hold] });
    const second = step(idOf('second'), 0, { holds: [hold] });
    expect(await a.commit(second)).toEqual({ outcome: 'held' });
    expect(await a.load(KIND, second.id)).toBeUndefined();
  });

  it('[STO5] finds commands by id, and the newest of them', async () => {
    const id = await born('commands');
    const second = step(id, 1);
    await a.commit(second);
    const { seq, at, commandId, payloadHash, result, by } = second.entry;
    expect(await b.findCommand(KIND, id, commandId)).toEqual({
      seq,
      at,
      commandId,
      payloadHash,
      result,
      by,
    });
    expect(await b.findCommand(KIND, id, 'another')).toBeUndefined();
    expect((await b.loadCommands(KIND, id, 1)).map((each) => each.seq)).toEqual([2]);
    expect((await b.loadCommands(KIND, id, 99)).map((each) => each.seq)).toEqual([1, 2]);
    expect(await b.loadCommands(KIND, idOf('nobody'), 99)).toEqual([]);
  });

  it('[STO6] pages through a history', async () => {
    const id = await born('pages');
    for (let seq = 1; seq < 5; seq++) await a.commit(step(id, seq));
    expect((await a.history(KIND, id, 1, 2)).map(({ seq }) => seq)).toEqual([2, 3]);
    expect((await a.history(KIND, id, 4)).map(({ seq }) => seq)).toEqual([5]);
    expect(await a.history(KIND, id, 5)).toEqual([]);
  });

  it('[STO7] judges too late and too early by its own clock', async () => {
    const id = await born('time');
    const { at } = await a.now();
    const before = async (change: Change) => (await a.commit(change)).outcome;
    expect(await before(step(id, 1, { notAfter: at - 50 }))).toBe('late');
    expect(await before(step(id, 1, { notBefore: at + 60_000 }))).toBe('early');
    expect((await stateOf(id))?.seq).toBe(1);
    // A seq that has moved is moved, whatever the time.
    expect(await before(step(id, 0 + 4, { notAfter: at - 50 }))).toBe('moved');
    expect(await before(step(id, 1, { notAfter: at + 60_000 }))).toBe('committed');
    expect(await before(step(id, 2, { notBefore: at - 50 }))).toBe('committed');
  });

  it('[STO8] gives who is due, earliest first, until they are not', async () => {
    const base = 1_000 + run * 10;
    const ids = [
      await born('due2', { wakeAt: base + 2 }),
      await born('due1', { wakeAt: base + 1 }),
      await born('due3', { wakeAt: base + 3 }),
    ];
    await born('never');
    const due = async (before: number, limit = 10) =>
      (await b.due(KIND, before, limit)).map(({ id }) => id).filter((id) => id.endsWith(`-${run}`));
    expect(await due(base + 2)).toEqual([ids[1], ids[0]]);
    expect(await due(base + 3, 1)).toEqual([ids[1]]);
    await a.commit(step(ids[1] as string, 1));
    expect(await due(base + 3)).toEqual([ids[0], ids[2]]);
  });

  it('[STO9] defers at the seq it was told, and tells nobody', async () => {
    const seen: Commit[] = [];
    const id = await born('defer', { wakeAt: 500 });
    const close = await b.watch(collect(seen));
    expect(await a.defer(KIND, id, 1, 9_000)).toBe(true);
    expect(await a.defer(KIND, id, 0, 100)).toBe(false);
    const loaded = await stateOf(id);
    expect(loaded).toMatchObject({ seq: 1, wakeAt: 9_000 });
    await a.commit(step(id, 1));
    await until(() => seen.some((commit) => commit.id === id));
    expect(seen.filter((commit) => commit.id === id).map(({ seq }) => seq)).toEqual([2]);
    expect((await stateOf(id))?.wakeAt).toBeUndefined();
    await close();
  });

  it('[STO10] keeps effects until they are pulled, of ended actors too', async () => {
    const effect = (name: string, dueAt: number) => ({
      id: idOf(name),
      type: 'sweep.up',
      payload: { n: name },
      dueAt,
      tries: 0,
    });
    const done = { snapshot: { status: 'done' as const, value: 'broken', context: {} } };
    const id = await born('outbox', { effects: [effect('e1', 100), effect('e2', 300)] });
    await a.commit(
      step(id, 1, { ...done, effects: [effect('e3', 100)], columns: { live: undefined } }),
    );
    const due = async (before: number) =>
      (await b.dueOutbox(KIND, before, 100))
        .filter((each) => each.id === id)
        .flatMap(({ items }) => items.map((item) => item.id));
    expect(await due(200)).toEqual([idOf('e1'), idOf('e3')]);
    await a.pullEffect(KIND, id, idOf('e1'));
    await a.pullEffect(KIND, id, idOf('e1'));
    // Pulling is acknowledged by the primary alone, so a majority read may see it a little later.
    await until(async () => !(await due(200)).includes(idOf('e1')));
    await a.retryEffect(KIND, id, idOf('e3'), 5_000, 1);
    expect(await due(400)).toEqual([idOf('e2')]);
    await a.pullEffect(KIND, id, idOf('e2'));
    await until(async () => (await due(10_000)).length === 1);
    expect((await stateOf(id))?.outbox).toEqual([{ ...effect('e3', 5_000), tries: 1 }]);
    await a.pullEffect(KIND, id, idOf('e3'));
    await until(async () => (await stateOf(id))?.outbox.length === 0);
  });

  it('[STO11] tells every node of every step once, whole and in order', async () => {
    const seen: Commit[][] = [[], []];
    const closes = await Promise.all([
      a.watch(collect(seen[0] as Commit[])),
      b.watch(collect(seen[1] as Commit[])),
    ]);
    const ids = [idOf('feed1'), idOf('feed2')];
    const sent: Change[] = [];
    for (let seq = 0; seq < 8; seq++) {
      const changes = ids.map((id) =>
        step(id, seq, {
          snapshot: { status: 'active', value: 'on', context: { seq, list: [seq] } },
        }),
      );
      sent.push(...changes);
      await Promise.all(changes.map((change, index) => [a, b][index]?.commit(change)));
    }
    for (const commits of seen) {
      const mine = () => commits.filter(({ id }) => ids.includes(id));
      await until(() => mine().length === 16);
      for (const id of ids) {
        const expected = sent
          .filter((change) => change.id === id)
          .map(({ kind, entry, node, audience, snapshot }) => ({
            kind,
            id,
            seq: entry.seq,
            entry,
            node,
            audience,
            snapshot,
          }));
        expect(mine().filter((commit) => commit.id === id)).toEqual(expected);
      }
    }
    await Promise.all(closes.map((close) => close()));
  });

  it('[STO12] gives a sign of life while nothing happens', async () => {
    let beats = 0;
    const close = await a.watch({ onCommit() {}, onResync() {}, onHeartbeat: () => void beats++ });
    // On a busy machine it takes longer; that it comes is what others rely on.
    for (let waits = 0; beats < 2 && waits < 200; waits++) await pass(100);
    expect(beats).toBeGreaterThanOrEqual(2);
    await close();
  });

  it('[STO13] lists newest first, without repeats or holes, also among equals', async () => {
    const owner = `owner-${run}`;
    const names = ['l1', 'l2', 'l3', 'l4', 'l5'];
    for (const [index, name] of names.entries()) {
      const change = step(idOf(name), 0, { columns: { ownerId: owner, live: true } });
      change.entry.at = 1_000 + Math.floor(index / 2);
      await a.commit(change);
    }
    const listed: string[] = [];
    let before: { createdAt: number; id: string } | undefined;
    for (;;) {
      const page = await b.list(
        KIND,
        { ownerId: owner },
        { ...(before ? { before } : {}), limit: 2 },
      );
      if (page.length === 0) break;
      listed.push(...page.map(({ id }) => id));
      before = page.at(-1);
    }
    expect(listed).toEqual(['l5', 'l4', 'l3', 'l2', 'l1'].map(idOf));
    expect(await b.list(KIND, { ownerId: [owner, 'x'], live: true }, { limit: 9 })).toHaveLength(5);
    expect(await b.list(KIND, { ownerId: owner, state: 'off' }, { limit: 9 })).toEqual([]);
  });

  it('[STO20] gives who was born since an instant, newest first, with what was asked of their histories', async () => {
    const zone = `zone-${run}`;
    for (const [index, name] of ['b1', 'b2', 'b3', 'b4'].entries()) {
      const change = step(idOf(name), 0, { columns: { zone, live: true, nth: index } });
      change.entry.at = 5_000 + index;
      await a.commit(change);
    }
    await a.commit(step(idOf('b3'), 1, { columns: { zone, nth: 2 } }));
    const query = { columns: ['nth'], entryFields: ['at', 'event.type', 'result.state'] };
    const found: Born[] = [];
    for await (const each of b.bornSince(KIND, 5_001, { ...query, where: { zone }, limit: 2 })) {
      found.push(each);
    }
    // Those that are over count as well, and what is no column of theirs any more is not made up.
    expect(found.map(({ createdAt, columns }) => [createdAt, columns.nth])).toEqual([
      [5_003, 3],
      [5_002, 2],
    ]);
    expect(found[1]?.history).toHaveLength(2);
    expect(found[1]?.history[0]).toMatchObject({
      ...{ at: 5_002, event: { type: 'lamp.light' }, result: { state: 'on' } },
    });
    for await (const _ of b.bornSince(KIND, 5_004, { ...query, where: { zone }, limit: 9 })) {
      throw new Error('nobody was born then');
    }
  });

  it('[STO14] counts the living by state', async () => {
    const zone = `zone-${run}`;
    const columns = { zone, live: true };
    await born('c1', { columns });
    await born('c2', { columns, state: 'off' });
    await born('c3', { columns, state: 'off' });
    await born('c4', { columns: { zone } });
    expect(await a.countByState(KIND, { zone })).toEqual({ on: 1, off: 2 });
  });

  it('[STO15] gives every actor with its whole history, in id order', async () => {
    const ids = [await born('s2', { holds: [idOf('x')] }), await born('s1')];
    await a.commit(step(ids[1] as string, 1));
    const found: [string, number, string[]][] = [];
    for await (const actor of b.scan(KIND)) {
      if (ids.includes(actor.id)) found.push([actor.id, actor.history.length, actor.holds]);
    }
    expect(found).toEqual([
      [ids[1], 2, []],
      [ids[0], 1, [idOf('x')]],
    ]);
  });

  it('[STO16] knows the nodes that serve, since when, and forgets those that leave', async () => {
    const [n1, n2] = [idOf('n1'), idOf('n2')];
    const beat = (withinMs: number) => a.heartbeat({ name: n1, versions: { lamp: 1 } }, withinMs);
    await beat(60_000);
    const nodes = await b.heartbeat({ name: n2, versions: { lamp: 2 } }, 60_000);
    const mine = (all: { name: string }[]) =>
      all.map(({ name }) => name).filter((name) => name === n1 || name === n2);
    expect(mine(nodes).sort()).toEqual([n1, n2]);
    const since = nodes.find(({ name }) => name === n1)?.since;
    // One goes on, the other does not.
    let later = nodes;
    for (let waits = 0; mine(later).includes(n2) && waits < 200; waits++) {
      await pass(100);
      await beat(60_000);
      later = await a.nodes(1_000);
    }
    expect(mine(later)).toEqual([n1]);
    expect(later.find(({ name }) => name === n1)).toMatchObject({ since, versions: { lamp: 1 } });
    await a.leave(n1);
    expect(mine(await b.nodes(60_000))).toEqual([n2]);
  });

  it('[STO17] has one clock', async () => {
    const [before, other, after] = [await a.now(), await b.now(), await a.now()];
    expect(before.errorMs).toBeGreaterThanOrEqual(0);
    expect(other.at + other.errorMs).toBeGreaterThanOrEqual(before.at - before.errorMs);
    expect(other.at - other.errorMs).toBeLessThanOrEqual(after.at + after.errorMs);
  });

  it('[STO18] one change that cannot be stored fails alone', async () => {
    const good = Array.from({ length: 10 }, (_, n) => step(idOf(`good${n}`), 0));
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    const bad = step(idOf('bad'), 0, {
      snapshot: { status: 'active', value: 'on', context: loop as never },
    });
    const results = await Promise.allSettled([...good, bad].map((change) => a.commit(change)));
    const told: CommitOutcome[] = results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    expect(told).toEqual(good.map(() => ({ outcome: 'committed' })));
    expect(results.at(-1)?.status).toBe('rejected');
    expect(await a.load(KIND, bad.id)).toBeUndefined();
  });
}

const collect = (seen: Commit[]): FeedHandlers => ({
  onCommit: (commit) => void seen.push(commit),
  onHeartbeat: () => {},
  onResync: () => {},
});

/** Waits for what another node hears of. */
async function until(isMet: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000 && !(await isMet()); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(await isMet()).toBe(true);
}
