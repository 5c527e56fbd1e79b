import type { AnyStateMachine } from 'xstate';
import type { GraphTransition } from '../../charts/machine-graph.ts';
import type { State } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { shiftMachine } from '../../machines/shift-machine.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import { replay } from '../../src/engine/replay.ts';
import type { HistoryEntry } from '../../src/engine/types.ts';
import { cover, type Told } from './cover.ts';
import { type Coverage, createCoverage, type Decision } from './coverage.ts';
import { walkOnEngine } from './engine-orders.ts';
import { walkShiftOnEngine } from './engine-shifts.ts';
import { explore, type ModelPath } from './explore.ts';
import { type OrderMove, type OrderWorld, orderModel } from './order-model.ts';
import { type ShiftMove, type ShiftWorld, shiftModel } from './shift-model.ts';
import { failureOf, nameOf, type Walkable, walk } from './walk.ts';

export type MachineName = 'order' | 'shift';
export type LevelName = 'machine' | 'engine' | 'api';

export const KINDS = { order: orderKind, shift: shiftKind } satisfies Record<
  MachineName,
  ActorKind
>;
export const MACHINES: Record<MachineName, AnyStateMachine> = {
  order: orderMachine,
  shift: shiftMachine,
};

/** What walking the paths of one machine showed on one level. */
export interface Level {
  name: LevelName;
  machine: MachineName;
  coverage: Coverage;
  paths: number;
  /** Guards that are to be seen both ways: on the API only those that people can have fail. */
  guards: GraphTransition[];
  /** Where walks came out otherwise than the model. */
  astray: string[];
}

export type OrderPath = ModelPath<OrderWorld, OrderMove>;
export type ShiftPath = ModelPath<ShiftWorld, ShiftMove>;

interface Paths {
  order: OrderPath[];
  shift: ShiftPath[];
}
let known: { all: Paths; causable: Paths } | undefined;

/**
 * The paths that together show everything, found once per process: `all` there is, and all that can be
 * caused from outside, where nothing is sent for the system.
 */
export function paths(): { all: Paths; causable: Paths } {
  if (known) return known;
  const [order, shift] = [explore(orderModel), explore(shiftModel)];
  known = {
    all: { order: cover(order), shift: cover(shift) },
    causable: {
      order: cover(order.filter(isCausable)),
      shift: cover(shift.filter(isCausable)),
    },
  };
  return known;
}

const isCausable = ({ steps }: OrderPath | ShiftPath): boolean =>
  !steps.some(({ move }) => move.kind === 'early');

/** @param walked what is to be walked: only guards that fail there can be expected to */
export function emptyLevel<Move>(
  name: LevelName,
  machine: MachineName,
  walked: readonly ModelPath<Told, Move>[],
): Level {
  const expected = createCoverage(MACHINES[machine]);
  for (const { steps } of walked) {
    for (const { after } of steps) if (after.last) expected.note(after.last.decision);
  }
  return {
    ...{ name, machine, paths: walked.length, astray: [] },
    coverage: createCoverage(MACHINES[machine]),
    guards: expected.bothWays(),
  };
}

/** On the bare machines: what the models themselves come to. */
export function walkMachines(): Level[] {
  const { order, shift } = paths().all;
  return [onMachine('order', order), onMachine('shift', shift)];
}

function onMachine<Move>(name: MachineName, walked: readonly ModelPath<Told, Move>[]): Level {
  const level = emptyLevel('machine', name, walked);
  for (const { steps } of walked) {
    for (const { after } of steps) if (after.last) level.coverage.note(after.last.decision);
  }
  return level;
}

/** On the engine, dispatch and the memory store, by a clock that only moves when told. */
export async function walkEngine(): Promise<Level[]> {
  const { order, shift } = paths().all;
  return [
    await onEngine('order', order, walkOnEngine),
    await onEngine('shift', shift, walkShiftOnEngine),
  ];
}

async function onEngine<World extends Told & { state: State }, Move extends { type: string }>(
  machine: MachineName,
  walked: readonly ModelPath<World, Move>[],
  open: () => Promise<Walkable<Move> & { history(): Promise<HistoryEntry[]> }>,
): Promise<Level> {
  const level = emptyLevel('engine', machine, walked);
  for (const path of walked) {
    const system = await open();
    try {
      noteRefusals(level.coverage, await walk(path, system));
      noteHistory(level.coverage, machine, 1, await system.history());
    } catch (error) {
      level.astray.push(failureOf(nameOf(path), error));
    } finally {
      await system.close();
    }
  }
  return level;
}

/** What was taken is read from the history; what was refused is in none, and known from the walk. */
export function noteRefusals(coverage: Coverage, decisions: readonly Decision[]): void {
  for (const decision of decisions) if (!decision.taken) coverage.note(decision);
}

/** Every step of a stored history, replayed. */
export function noteHistory(
  coverage: Coverage,
  machine: MachineName,
  version: number,
  history: readonly HistoryEntry[],
): void {
  for (const { before, entry } of replay(KINDS[machine], 'walked', version, history)) {
    coverage.note(coverage.decide(before, entry.event));
  }
}
