import { describe, expect, it } from '@jest/globals';
import { assign, setup } from 'xstate';
import { pathOf } from '../../charts/machine-graph.ts';
import type { State } from '../../machines/common.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { createCoverage } from './coverage.ts';
import { recordOf } from './coverage-report.ts';
import { explore } from './explore.ts';
import { type Level, MACHINES, paths, walkEngine, walkMachines } from './levels.ts';

/** Names what is missing, and nothing else. */
function expectEverything(levels: readonly Level[]) {
  for (const { missed, astray } of levels.map(recordOf)) {
    expect(astray).toEqual([]);
    // What no path took is to be tried: TRIED in order-model.ts and in shift-model.ts.
    expect(missed).toEqual([]);
  }
}

describe('paths through the machines', () => {
  it('[MOD1] take every branch of every event in every state, and have each guard hold and fail', () => {
    const levels = walkMachines();
    expectEverything(levels);
    expect(levels.map(({ paths }) => paths > 15)).toEqual([true, true]);
  });

  it('[MOD2] lead the same way on the engine, where deadlines pass and effects follow', async () => {
    expectEverything(await walkEngine());
  }, 120_000);

  it('[MOD1] are read as XState reads the machine', () => {
    for (const machine of ['order', 'shift'] as const) {
      const { [machine]: walked } = paths().all;
      const definition = MACHINES[machine];
      const coverage = createCoverage(definition);
      for (const { steps } of walked) {
        for (const { before, after } of steps) {
          const event = after.last?.event;
          if (!event) throw new Error('not told');
          const snapshot = definition.resolveState(before.state as never);
          const own = definition.getTransitionData(snapshot, event);
          const { taken } = coverage.decide(before.state, event);
          expect(own.map(({ source, eventType }) => [pathOf(source), eventType])).toEqual(
            taken ? [[taken.source, taken.event]] : [],
          );
        }
      }
    }
  });

  it('[MOD4] name the place where a model never ends, instead of going on', () => {
    const counter = setup({ types: { context: {} as { n: number } } }).createMachine({
      ...{ id: 'counter', context: { n: 0 }, initial: 'counting' },
      states: {
        counting: { on: { more: { actions: assign({ n: ({ context }) => context.n + 1 }) } } },
      },
    });
    const endless = {
      name: 'counter',
      initial: initialState(counter),
      moves: () => [{ type: 'more' }],
      next: (state: State, { type }: { type: string }) =>
        step(counter, state, { type, at: 0, by: { role: 'system', id: 's' } }) ?? state,
      keyOf: (state: State) => JSON.stringify([state.value, state.context]),
      placeOf: (state: State) => String(state.value),
      isOver: () => false,
    } as const;
    expect(() => explore(endless, 100)).toThrow(
      /the model counter does not end: ever new worlds in counting[\s\S]*"n":100/,
    );
  });
});
