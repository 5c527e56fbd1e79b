import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ORDER_EVENT_TYPES } from '../../machines/order-events.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { SHIFT_EVENT_TYPES } from '../../machines/shift-events.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import { replay, storedForm } from '../../src/engine/replay.ts';
import type { HistoryEntry, PersistedSnapshot } from '../../src/engine/types.ts';
import { recordings } from './golden-journeys.ts';

interface Golden {
  kind: string;
  machineVersion: number;
  history: HistoryEntry[];
  holds: string[];
  snapshot: PersistedSnapshot;
}

const kinds = new Map<string, ActorKind>([orderKind, shiftKind].map((kind) => [kind.name, kind]));
const files = readdirSync('tests/golden').filter((file) => file.endsWith('.json'));
const goldens = files.map((file): [string, Golden] => [
  file,
  JSON.parse(readFileSync(`tests/golden/${file}`, 'utf8')),
]);

describe('golden histories', () => {
  it.each(goldens)('[MCH5] %s replays to the snapshot it was stored with', (_file, golden) => {
    const kind = kinds.get(golden.kind) as ActorKind;
    const { machineVersion, history } = golden;
    let last: PersistedSnapshot | undefined;
    for (const { entry, before, after } of replay(kind, 'a1', machineVersion, history)) {
      expect([kind.stateOf(before), kind.stateOf(after)]).toEqual([entry.from, entry.to]);
      expect(kind.resultOf(before, entry.event, after)).toEqual(entry.result);
      expect(kind.isEntitled(before, entry.event)).toBe(true);
      last = after;
    }
    const reached = last as PersistedSnapshot;
    const stored = storedForm(kind, 'a1', machineVersion, reached);
    // Never record it anew: a change that breaks it needs a new machine version, docs/adr/0006.
    expect(JSON.parse(JSON.stringify(stored))).toEqual(golden.snapshot);
    expect(kind.holdsOf(reached)).toEqual(golden.holds);
  });

  it('[MCH5] exist for the version that new actors are born with', () => {
    expect(files).toEqual(expect.arrayContaining(Object.keys(recordings())));
  });

  it('[MCH5] take every kind of event there is', () => {
    const taken = goldens.flatMap(([, { history }]) => history.map(({ event }) => event.type));
    const all = [...ORDER_EVENT_TYPES, ...SHIFT_EVENT_TYPES];
    // A new event: a new journey in golden-journeys.ts, then npx tsx tests/machines/record-golden.ts.
    expect([...new Set(taken)].sort()).toEqual(all.sort());
  });
});
