import { readFileSync } from 'node:fs';
import type { Role } from '../../machines/common.ts';
import type { MachineName } from './levels.ts';

const FILE = 'tests/golden/permissions.txt';

export type CellRelation = 'owner' | 'assigned' | 'offered' | 'any';

/** Somebody tries something: one line of the matrix. */
export interface Cell {
  machine: MachineName;
  state: string;
  event: string;
  role: Role;
  relation: CellRelation;
}

export const cellName = ({ state, event, role, relation }: Cell): string =>
  [state, event, role, relation].join(' ');

/** The cells that tests/golden/permissions.txt allows, by name; all others are refused. */
export function goldenCells(machine: MachineName): Set<string> {
  const lines = readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
  const wrong = lines.find((words) => words.length !== 4);
  if (wrong)
    throw new Error(`${FILE}: a line is state, event, role, relation; not ${wrong.join(' ')}`);
  return new Set(
    lines
      .filter(([, event]) => event?.startsWith('shift.') === (machine === 'shift'))
      .map((words) => words.join(' ')),
  );
}

/** What a changed cell looks like: `-` is only in the file, `+` only in what was found. */
export const diffOf = (golden: ReadonlySet<string>, found: ReadonlySet<string>): string[] => [
  ...[...golden].filter((name) => !found.has(name)).map((name) => `- ${name}`),
  ...[...found].filter((name) => !golden.has(name)).map((name) => `+ ${name}`),
];
