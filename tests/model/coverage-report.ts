import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { machineGraph } from '../../charts/machine-graph.ts';
import { type Level, type LevelName, MACHINES, type MachineName } from './levels.ts';

/** What walking on one level came to, as the report and other readers find it in a file. */
export interface LevelRecord {
  level: LevelName;
  machine: MachineName;
  transitions: Figure;
  branches: Figure;
  guards: Figure;
  paths: number;
  missed: string[];
  astray: string[];
  /** How often each transition was taken, by its id. */
  times: Record<string, number>;
}
export interface Figure {
  taken: number;
  of: number;
}

export const COVERAGE_FILE = 'coverage/model.json';
export const MATRIX_FILE = 'coverage/matrix.json';

export function recordOf({ name, machine, coverage, guards, paths, astray }: Level): LevelRecord {
  const { transitions, branches } = coverage.figures();
  const missedGuards = coverage.missedGuards(guards);
  const bothWays = new Set(coverage.bothWays());
  const graph = machineGraph(MACHINES[machine]);
  return {
    ...{ level: name, machine, transitions, branches, paths, astray },
    guards: { taken: guards.filter((guard) => isIn(bothWays, guard)).length, of: guards.length },
    missed: [...coverage.missedBranches(), ...missedGuards],
    times: Object.fromEntries(graph.transitions.map(({ id }) => [id, coverage.timesOf(id)])),
  };
}

const isIn = (transitions: ReadonlySet<{ id: string }>, { id }: { id: string }): boolean =>
  [...transitions].some((each) => each.id === id);

/** Leaves what was found for the report. */
export async function saveFindings(file: string, findings: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(findings, undefined, 1)}\n`);
}

/** What a command left there, if it was run. */
export async function loadFindings<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}
