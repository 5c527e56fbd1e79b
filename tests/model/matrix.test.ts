import { describe, expect, it } from '@jest/globals';
import type { MachineName } from './levels.ts';
import { tryOnApi } from './matrix-api.ts';
import { matrixStates } from './matrix-cells.ts';
import { tryOnEngine } from './matrix-engine.ts';
import { goldenCells } from './matrix-golden.ts';
import { tryOnTable } from './matrix-table.ts';

const machines: MachineName[] = ['order', 'shift'];
/** None is left out unnoticed; more events, states or roles make more. */
const CELLS = { order: 2_889, shift: 300 };

describe('the permission matrix', () => {
  it.each(machines)('[MOD5] of the %s is what the event table and the machine say', (machine) => {
    const { cells, found } = tryOnTable(machine);
    expect([...found].sort()).toEqual([...goldenCells(machine)].sort());
    expect(cells).toBeGreaterThanOrEqual(CELLS[machine]);
  });

  it.each(machines)('[MOD5] of the %s names no state that there is not', (machine) => {
    const states = new Set(matrixStates(machine));
    const unknown = [...goldenCells(machine)].filter(
      (name) => !states.has(name.split(' ')[0] ?? ''),
    );
    expect(unknown).toEqual([]);
  });

  it.each(machines)(
    '[MOD5] of the %s holds on the engine: what is refused has its code and moves nothing',
    async (machine) => {
      const { cells, wrong } = await tryOnEngine(machine);
      expect(wrong).toEqual([]);
      expect(cells).toBeGreaterThanOrEqual(CELLS[machine]);
    },
    120_000,
  );

  it.each(machines)(
    '[MOD5] of the %s holds over HTTP and sockets',
    async (machine) => {
      for (const { cells, wrong } of await tryOnApi(machine)) {
        expect(wrong).toEqual([]);
        // All but what only the system could try.
        expect(cells).toBeGreaterThan(CELLS[machine] * 0.8);
      }
    },
    180_000,
  );
});
