import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ORDER_EVENT_TYPES } from '../../machines/order-events.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { replay, storedForm } from '../../src/engine/replay.ts';
import type { HistoryEntry, PersistedSnapshot } from '../../src/engine/types.ts';
import { GOLDEN_JOURNEYS } from './golden-journeys.ts';

interface Golden {
  machineVersion: number;
  history: HistoryEntry[];
  holds: string[];
  snapshot: PersistedSnapshot;
}

const files = readdirSync('tests/golden').filter((file) => /^order-v\d+-.*\.json$/.test(file));
const goldens = files.map((file): [string, Golden] => [
  file,
  JSON.parse(readFileSync(`tests/golden/${file}`, 'utf8')),
]);

describe('golden histories', () => {
  it.each(goldens)('[MCH5] %s replays to the snapshot it was stored with', (_file, golden) => {
    let last: PersistedSnapshot | undefined;
    for (const { entry, before, after } of replay(
      orderKind,
      'o1',
      golden.machineVersion,
      golden.history,
    )) {
      expect([orderKind.stateOf(before), orderKind.stateOf(after)]).toEqual([entry.from, entry.to]);
      expect(orderKind.resultOf(before, entry.event, after)).toEqual(entry.result);
      expect(orderKind.isEntitled(before, entry.event)).toBe(true);
      last = after;
    }
    expect(last).toBeDefined();
    const stored = storedForm(orderKind, 'o1', golden.machineVersion, last as PersistedSnapshot);
    expect(JSON.parse(JSON.stringify(stored))).toEqual(golden.snapshot);
    expect(orderKind.holdsOf(last as PersistedSnapshot)).toEqual(golden.holds);
  });

  it('[MCH5] exist for every version that this code carries', () => {
    for (const version of orderKind.machines.keys()) {
      for (const name of Object.keys(GOLDEN_JOURNEYS)) {
        expect(files).toContain(`order-v${version}-${name}.json`);
      }
    }
  });

  it('[MCH5] take every kind of event there is', () => {
    const taken = goldens.flatMap(([, { history }]) => history.map(({ event }) => event.type));
    expect([...new Set(taken)].sort()).toEqual([...ORDER_EVENT_TYPES].sort());
  });
});
