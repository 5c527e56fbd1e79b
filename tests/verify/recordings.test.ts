import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { checkVersions } from '../../src/cli/machines.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import type { Store } from '../../src/engine/store.ts';
import { maskHistory } from '../../src/verify/mask-history.ts';
import { checkRecording, type Recording } from '../../src/verify/recording.ts';
import { whatIf } from '../../src/verify/what-if.ts';

const KINDS: readonly ActorKind[] = [orderKind, shiftKind];
const kindOf = ({ kind }: Recording) => KINDS.find(({ name }) => name === kind) as ActorKind;
const read = (folder: string): [string, Recording][] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [file, parsed(`${folder}/${file}`)]);

function parsed(file: string): Recording {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no history: ${(error as Error).message}`);
  }
}

const goldens = read('tests/golden');
const incidents = read('tests/golden/incidents');
const named = (name: string): Recording =>
  goldens.find(([file]) => file === `order-v1-${name}.json`)?.[1] as Recording;

describe('recordings', () => {
  it.each(incidents)('[MOD7] incident %s replays on its machine version', (_file, recording) => {
    expect(checkRecording(kindOf(recording), recording)).toEqual([]);
  });

  it.each(goldens)(
    '[MOD7] %s masked takes the same way, and says nothing of its people',
    (_file, golden) => {
      const kind = kindOf(golden);
      const masked = maskHistory(kind, 'o1', golden.machineVersion, golden.history);
      expect(checkRecording(kind, masked)).toEqual([]);
      expect(masked.history.map(({ from, to }) => [from, to])).toEqual(
        golden.history.map(({ from, to }) => [from, to]),
      );
      const text = JSON.stringify(masked);
      for (const secret of [
        'Any Street',
        '4711',
        'Milk',
        'customer called',
        '"c1"',
        '"d1"',
        'd1#',
      ]) {
        expect(text).not.toContain(secret);
      }
      expect(masked.history.length).toBe(golden.history.length);
    },
  );

  it('[MOD7] masked leave of a point which part of town it is in', () => {
    const exact = structuredClone(named('delivered'));
    const [placed] = exact.history;
    if (placed) placed.event.dropoff = { lat: 52.517_654, lng: 13.412_345 };
    const { snapshot } = maskHistory(orderKind, 'o1', 1, exact.history);
    expect(snapshot.context.dropoff).toEqual({ lat: 52.52, lng: 13.41 });
  });

  it('[MOD7] masked leave out every word that is not known to be harmless', () => {
    const { history } = structuredClone(named('delivered'));
    const [placed] = history;
    if (placed) Object.assign(placed.event, { memo: 'ask for Ann', tags: ['Ann'], notes: ['Ann'] });
    const masked = maskHistory(orderKind, 'o1', 1, history);
    expect(JSON.stringify(masked)).not.toContain('Ann');
    expect(masked.history[0]?.event).toMatchObject({ memo: 'masked', tags: ['masked'] });
    expect(masked.history[0]?.event).toMatchObject({ zone: 'z1', currency: 'EUR' });
  });

  it('[MOD7] say what is no longer so', () => {
    const changed = structuredClone(named('delivered'));
    changed.history.splice(3, 1);
    expect(checkRecording(orderKind, changed).join()).toContain('entry 4 expected, found 5');
    const moved = structuredClone(named('delivered'));
    const [first] = moved.history;
    if (first) first.to = 'scheduled';
    expect(checkRecording(orderKind, moved)).toEqual([
      '#1 order.place goes new → pending.searching, not new → scheduled',
    ]);
  });

  it('[MOD9] are there for each machine version that the code carries', () => {
    for (const kind of KINDS) {
      for (const version of kind.machines.keys()) {
        const recorded = goldens.filter(
          ([, golden]) => golden.kind === kind.name && golden.machineVersion === version,
        );
        expect([kind.name, version, recorded.length > 0]).toEqual([kind.name, version, true]);
      }
    }
  });
});

describe('what if', () => {
  const { machineVersion, history } = named('delivered');
  const life = { kind: orderKind, id: 'o1', machineVersion, history };
  const accepted = history.find(({ event }) => event.type === 'offer.accept')?.seq as number;

  it('[MOD6] tells what the machine would have done at a step, and changes nothing', () => {
    const before = JSON.stringify(history);
    const verdict = whatIf(life, {
      seq: accepted,
      event: 'order.cancel',
      payload: { reason: 'no' },
    });
    expect(verdict).toMatchObject({
      ...{ taken: true, state: 'preparing.toStore', to: 'cancelled', wakeAt: undefined },
      holds: { taken: [], given: ['d3#0'] },
      event: { by: { role: 'customer', id: 'c1' }, reason: 'no' },
    });
    expect(JSON.stringify(history)).toBe(before);
  });

  it('[MOD6] tells why not, and what would have been taken instead', () => {
    const late = whatIf(life, { seq: history.length, event: 'order.cancel' });
    expect(late).toMatchObject({ taken: false, code: 'illegal_transition', accepted: [] });
    const stranger = { role: 'driver', id: 'd9' } as const;
    const foreign = whatIf(life, { seq: accepted, event: 'order.arriveStore', by: stranger });
    expect(foreign).toMatchObject({ taken: false, code: 'not_found', accepted: [] });
    const again = whatIf(life, {
      seq: accepted - 1,
      event: 'order.pickUp',
      by: { role: 'operator', id: 'op' },
    });
    expect(again).toMatchObject({ taken: false, state: 'pending.offered' });
  });
});

describe('machine versions', () => {
  const stored = (recording: Recording, machineVersion: number) => ({
    ...{ id: `a${machineVersion}`, seq: recording.history.length, machineVersion },
    ...{ state: 'delivered', outbox: [], historyBytes: 0, columns: {}, createdAt: 0, updatedAt: 0 },
    ...{ history: recording.history, holds: recording.holds, snapshot: recording.snapshot },
  });
  const storeOf = (...actors: ReturnType<typeof stored>[]): Pick<Store, 'scan'> => ({
    async *scan(kind) {
      if (kind === 'order') yield* actors;
    },
  });

  it('[MOD9] are checked history by history: which run on which, and whether the code carries it', async () => {
    const golden = named('delivered');
    const { runs, wrong } = await checkVersions(
      storeOf(stored(golden, 1), stored(golden, 7)),
      KINDS,
    );
    expect(runs).toEqual([
      { kind: 'order', version: 1, isCarried: true, actors: 1, live: 0, replayed: 1 },
      { kind: 'order', version: 7, isCarried: false, actors: 1, live: 0, replayed: 0 },
    ]);
    expect(wrong).toEqual(['order a7: runs on version 7, which this code does not carry']);
  });

  it('[MOD9] that lead elsewhere are named', async () => {
    const golden = structuredClone(named('delivered'));
    golden.snapshot.context = { ...golden.snapshot.context, totalCents: 1 };
    const { runs, wrong } = await checkVersions(storeOf(stored(golden, 1)), KINDS);
    expect(runs[0]?.replayed).toBe(0);
    expect(wrong.join()).toContain('not in the stored snapshot');
  });
});
