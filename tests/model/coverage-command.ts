import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { table } from '../../src/cli/replay.ts';
import { serveFolder, stopMongod, urlOf } from '../../src/storage/embedded-mongod.ts';
import {
  COVERAGE_FILE,
  type Figure,
  type LevelRecord,
  recordOf,
  saveFindings,
} from './coverage-report.ts';
import { type Level, type LevelName, walkEngine, walkMachines } from './levels.ts';
import { walkWire } from './walk-wire.ts';

const LEVELS: Record<LevelName, string> = {
  machine: 'bare machine',
  engine: 'engine on memory',
  api: 'public API on MongoDB',
};

/** `model coverage`: walks every path three ways; exit 1 when anything is missed or comes out otherwise. */
export const coverageCommand = (): Command =>
  new Command('coverage')
    .description('walk every path on the machine, on the engine and over the public API')
    .action(async () => {
      const { levels, failures } = await walkLevels({
        machine: walkMachines,
        engine: walkEngine,
        api: () => onMongod(walkWire),
      });
      const records = levels.map(recordOf);
      await saveFindings(COVERAGE_FILE, records);
      console.log(describe(records));
      for (const failure of failures) console.log(failure);
      const missed =
        failures.length + records.flatMap((record) => [...record.missed, ...record.astray]).length;
      const shown = records.reduce(
        (sum, { branches, guards }) => sum + branches.taken + guards.taken,
        0,
      );
      console.log(`${shown} passed, ${missed} failed`);
      if (missed > 0) process.exitCode = 1;
    });

/** Walks each level; one that cannot be walked is a failure by name and leaves the others' findings. */
export async function walkLevels(
  walks: Partial<Record<LevelName, () => Level[] | Promise<Level[]>>>,
): Promise<{ levels: Level[]; failures: string[] }> {
  const levels: Level[] = [];
  const failures: string[] = [];
  for (const [name, walkLevel] of Object.entries(walks)) {
    try {
      levels.push(...(await walkLevel()));
    } catch (error) {
      failures.push(`not walked, the ${LEVELS[name as LevelName]}: ${error}`);
    }
  }
  return { levels, failures };
}

export function describe(records: readonly LevelRecord[]): string {
  const rows = records.map(({ machine, level, transitions, branches, guards, paths }) => [
    ...[machine, LEVELS[level], share(transitions), share(branches), share(guards), String(paths)],
  ]);
  return [
    table([
      [
        'machine',
        'walked on',
        'transitions',
        'state × event × branch',
        'guards both ways',
        'paths',
      ],
      ...rows,
    ]),
    'On the API a guard counts that people can have fail: what the system sends too early or to nobody, no one outside can cause.',
    ...records.flatMap(({ machine, level, missed, astray }) => [
      ...missed.map((what) => `missed on the ${LEVELS[level]}: ${machine} ${what}`),
      ...astray.map((what) => `astray on the ${LEVELS[level]}: ${what}`),
    ]),
    ...(records.some(({ missed }) => missed.length > 0)
      ? [
          'What no path took is to be tried: TRIED in tests/model/order-model.ts and shift-model.ts.',
        ]
      : []),
    `how often each was taken: ${COVERAGE_FILE}`,
  ].join('\n');
}

const share = ({ taken, of }: Figure): string => `${taken}/${of}`;

/** A mongod of its own for as long as that takes. */
async function onMongod<T>(run: (mongoUrl: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-model-'));
  const record = await serveFolder(folder, process.env.MONGOD_BINARY);
  try {
    return await run(urlOf(record));
  } finally {
    await stopMongod(record);
    await rm(folder, { recursive: true, force: true });
  }
}
