import { Command } from 'commander';
import { machineGraph } from '../../charts/machine-graph.ts';
import { table } from '../../src/cli/replay.ts';
import { MATRIX_FILE, saveFindings } from './coverage-report.ts';
import { MACHINES, type MachineName } from './levels.ts';
import { tryOnApi } from './matrix-api.ts';
import { eventTypes } from './matrix-cells.ts';
import { type Tried, tryOnEngine } from './matrix-engine.ts';
import { diffOf, goldenCells } from './matrix-golden.ts';
import { tryOnTable } from './matrix-table.ts';

const BOTH: readonly MachineName[] = ['order', 'shift'];

/** `model matrix`: who may do what where, asserted on the tables, the engine, HTTP and sockets. */
export const matrixCommand = (): Command =>
  new Command('matrix')
    .description('who may do what in which state, tried on the tables, the engine and the API')
    .action(async () => {
      for (const machine of BOTH) console.log(`${drawMatrix(machine)}\n`);
      console.log(LEGEND);
      const tried: Tried[] = [];
      for (const machine of BOTH) {
        const { cells, found } = tryOnTable(machine);
        tried.push({
          where: `${machine}: table`,
          cells,
          wrong: diffOf(goldenCells(machine), found),
        });
        tried.push(await tryOnEngine(machine), ...(await tryOnApi(machine)));
      }
      await saveFindings(MATRIX_FILE, tried);
      console.log(describeTried(tried));
      const wrong = tried.reduce((sum, each) => sum + each.wrong.length, 0);
      const cells = tried.reduce((sum, each) => sum + each.cells, 0);
      console.log(`${cells - wrong} passed, ${wrong} failed`);
      if (wrong > 0) process.exitCode = 1;
    });

/** The cells of one machine as they are in the golden file: events down, states across. */
export function drawMatrix(machine: MachineName): string {
  const { columns, rows } = matrixOf(machine);
  const last = (path: string) => path.split('.').at(-1) ?? path;
  return table([
    [machine, ...columns.map(last)],
    ...rows.map(({ event, cells }) => [event, ...cells.map((cell) => cell || '·')]),
  ]);
}

export interface Matrix {
  /** States in which anything may happen. */
  columns: string[];
  rows: { event: string; cells: string[] }[];
}

/** Who may, by letters, of each event in each state in which anything may happen. */
export function matrixOf(machine: MachineName): Matrix {
  const golden = [...goldenCells(machine)].map((name) => name.split(' '));
  const columns = machineGraph(MACHINES[machine])
    .states.filter(({ type }) => type === 'atomic')
    .map(({ path }) => path);
  const lettersOf = (state: string, event: string) =>
    golden
      .filter(([inState, type]) => inState === state && type === event)
      .map(([, , role = '', relation = '']) => LETTERS[`${role} ${relation}`] ?? '?')
      .join('');
  const rows = eventTypes(machine).map((event) => ({
    event,
    cells: columns.map((state) => lettersOf(state, event)),
  }));
  return { columns, rows };
}

const LETTERS: Record<string, string> = {
  'customer owner': 'C',
  'store owner': 'S',
  'driver assigned': 'D',
  'driver offered': 'O',
  'driver owner': 'D',
  'operator any': 'P',
  'system any': 'Y',
};
export const LEGEND =
  'C the customer who placed it   S its store   D the driver who carries it, or whose shift it is   O a driver it is offered to   P an operator   Y the system\n' +
  'Nobody else may, and nothing may happen in an end state.\n';

function describeTried(tried: readonly Tried[]): string {
  const rows = tried.map(({ where, cells, wrong }) => [
    ...[
      where,
      String(cells),
      wrong.length === 0 ? 'as the golden file says' : `${wrong.length} otherwise`,
    ],
  ]);
  const differences = tried.flatMap(({ where, wrong }) => wrong.map((what) => `${where}: ${what}`));
  return [table([['tried on', 'cells', ''], ...rows]), ...differences].join('\n');
}
