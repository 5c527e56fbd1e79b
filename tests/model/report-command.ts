import { statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { chartOf } from '../../charts/charted.ts';
import { SIMULATION_FILE, type SimulationTotals } from '../simulation/totals.ts';
import {
  COVERAGE_FILE,
  type LevelRecord,
  loadFindings,
  MATRIX_FILE,
  recordOf,
} from './coverage-report.ts';
import { paths, walkEngine, walkMachines } from './levels.ts';
import { matrixOf } from './matrix-command.ts';
import type { Tried } from './matrix-engine.ts';
import { type MutantTrials, reportPage } from './report-page.ts';
import { nameOf } from './walk.ts';

/** Left there by `npm run mutants`. */
const MUTANTS_FILE = 'coverage/mutants.json';

/** `model report`: everything the other commands found, on one page that needs nothing else. */
export const reportCommand = (): Command =>
  new Command('report')
    .description(
      'one HTML page: charts by how often tests took what, paths, matrix, mutants, simulation',
    )
    .option('--out <file>', 'where to write it', notFolder, 'coverage/model-report.html')
    .action(async ({ out }: { out: string }) => {
      const { order, shift } = paths().all;
      const html = reportPage({
        madeAt: new Date(),
        // Without a run over the API the page says so; machine and engine take seconds.
        levels:
          (await loadFindings<LevelRecord[]>(COVERAGE_FILE)) ??
          [...walkMachines(), ...(await walkEngine())].map(recordOf),
        charts: { order: await chartOf('order'), shift: await chartOf('shift') },
        paths: { order: order.map(nameOf), shift: shift.map(nameOf) },
        matrix: { order: matrixOf('order'), shift: matrixOf('shift') },
        ...(await optional('tried', loadFindings<Tried[]>(MATRIX_FILE))),
        ...(await optional('mutants', loadFindings<MutantTrials>(MUTANTS_FILE))),
        ...(await optional('simulation', loadFindings<SimulationTotals>(SIMULATION_FILE))),
      });
      await mkdir(dirname(out), { recursive: true });
      await writeFile(out, html);
      console.log(`wrote ${out} (${Math.round(html.length / 1024)} kB, needs nothing else)`);
    });

function notFolder(out: string): string {
  if (!statSync(out, { throwIfNoEntry: false })?.isDirectory()) return out;
  throw new InvalidArgumentError('It takes a file, and this is a folder.');
}

async function optional<K extends string, T>(key: K, value: Promise<T | undefined>) {
  const known = await value;
  return (known === undefined ? {} : { [key]: known }) as { [P in K]?: T };
}
