import type { Actor, State } from '../../machines/common.ts';
import { initialState } from '../../machines/pure-step.ts';
import type { Command } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import { createDispatchWorld } from '../support/dispatch-world.ts';
import { MACHINES, type MachineName } from './levels.ts';
import { type Cast, letGo, orderIn, type Stage, shiftIn } from './matrix-cast.ts';
import {
  type Attempt,
  attemptsIn,
  eventFor,
  matrixStates,
  refusalFor,
  waitsForLost,
} from './matrix-cells.ts';
import { cellName, goldenCells } from './matrix-golden.ts';

/** Cells that were tried at one place, and those that came out otherwise than the golden file says. */
export interface Tried {
  where: string;
  cells: number;
  wrong: string[];
}

const CAST: Cast = {
  customer: { role: 'customer', id: 'c1' },
  store: { role: 'store', id: 's1' },
  driver: { role: 'driver', id: 'd1' },
  operator: { role: 'operator', id: 'op1' },
  other: { role: 'driver', id: 'd2' },
  strangers: {
    customer: { role: 'customer', id: 'c9' },
    store: { role: 'store', id: 's9' },
    driver: { role: 'driver', id: 'd9' },
  },
};

/** Every cell on the engine: what is allowed is taken, what is not has its code and moves nothing. */
export async function tryOnEngine(machine: MachineName): Promise<Tried> {
  const world = await createDispatchWorld();
  const { engine, store, clock } = world;
  const golden = goldenCells(machine);
  const tried: Tried = { where: `${machine}: engine`, cells: 0, wrong: [] };
  let ids = 0;
  const stage: Stage = {
    ...{ store, clock },
    newId: () => `${machine}-${++ids}`,
    send: (kind, id, by, command) => engine.send({ kind, id, by, command }),
  };
  for (const state of matrixStates(machine)) {
    let id = await bringInto(machine, state, CAST, stage, false);
    for (const attempt of attemptsIn(machine, state, CAST)) {
      const isAllowed = golden.has(cellName(attempt));
      if (isAllowed) {
        await letGo(machine, id, CAST, stage);
        id = await bringInto(machine, state, CAST, stage, waitsForLost(attempt));
      }
      const expected = isAllowed ? 'taken' : refusalFor(attempt, golden);
      const found = await outcomeOf(attempt, id);
      tried.cells++;
      if (found !== expected) tried.wrong.push(`${cellName(attempt)}: ${found}, not ${expected}`);
      if (isAllowed) {
        await letGo(machine, id, CAST, stage);
        id = await bringInto(machine, state, CAST, stage, false);
      }
    }
    await letGo(machine, id, CAST, stage);
  }
  await world.close();
  return tried;

  async function outcomeOf(attempt: Attempt, id: string): Promise<string> {
    const before = await store.load(machine, id);
    const state: State = before?.snapshot ?? initialState(MACHINES[machine]);
    const { at, by, ...command } = eventFor(attempt, state) as Command & { at: number; by: Actor };
    // Its instant comes; nobody's timer runs on the way.
    if (golden.has(cellName(attempt))) clock.jump(Math.max(0, at - clock.now()));
    const said = await engine
      .send({ kind: machine, id, by, command })
      .then(() => 'taken')
      .catch((error) => (isAppError(error) ? error.code : Promise.reject(error)));
    const seq = await store.readSeq(machine, id);
    const moved = seq - (before?.seq ?? 0);
    return moved === (said === 'taken' ? 1 : 0) ? said : `${said}, and seq moved by ${moved}`;
  }
}

export const bringInto = (
  machine: MachineName,
  state: string,
  cast: Cast,
  stage: Stage,
  lost: boolean,
): Promise<string> => {
  if (state === 'new') return Promise.resolve(stage.newId());
  return machine === 'order' ? orderIn(state, cast, stage, lost) : shiftIn(state, cast, stage);
};
