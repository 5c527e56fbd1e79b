import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveFolder, stopMongod, urlOf } from '../../src/storage/embedded-mongod.ts';
import { catalogueFaults } from './catalogue-faults.ts';
import { type Check, type Mutant, testOf } from './mutant.ts';
import { MUTANTS } from './mutants.ts';
import { runSimulation } from './run-simulation.ts';
import { runTests } from './run-tests.ts';
import { bySimulation, linesOf, toMarkdown, unbroken } from './table.ts';
import { isCaught, type Trial, tryMutant } from './try-mutant.ts';

/** Mutants under trial at once: one a core of a small machine. */
const LANES = 2;
/** Worlds lived without a fault first, and at most with one. */
const DEFAULT_SEEDS = 200;

const say = (text: string) => void process.stdout.write(`${text}\n`);

interface Options {
  mutants: readonly Mutant[];
  seeds: number;
  write: boolean;
}

/** @throws {Error} one line that says what was expected */
function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
      write: { type: 'boolean', default: false },
    },
  });
  const names = MUTANTS.map(({ name }) => name);
  const unknown = values.only.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Error(`--only ${unknown}: no such mutant; there are ${names.join(', ')}`);
  }
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > 100_000) {
    throw new Error(`--seeds ${values.seeds}: a whole number from 1 to 100000 was expected`);
  }
  if (values.write && values.only.length > 0)
    throw new Error('--write needs all mutants: no --only');
  const mutants = MUTANTS.filter(
    ({ name }) => values.only.length === 0 || values.only.includes(name),
  );
  return { mutants, seeds, write: values.write };
}

/** A mongod for the tests that need one; `work` is given its address. */
async function withMongod<T>(isNeeded: boolean, work: (url?: string) => Promise<T>): Promise<T> {
  if (!isNeeded) return work();
  const folder = await mkdtemp(join(tmpdir(), 'waybill-mutants-'));
  const record = await serveFolder(folder, process.env.MONGOD_BINARY);
  const stop = async () => {
    await stopMongod(record);
    await rm(folder, { recursive: true, force: true });
  };
  // A run that is broken off leaves no mongod behind: it is no child that would end with it.
  const breakOff = () => void stop().finally(() => process.exit(130));
  process.once('SIGINT', breakOff);
  process.once('SIGTERM', breakOff);
  try {
    return await work(urlOf(record));
  } finally {
    await stop();
  }
}

/** What fails without any fault: until that is mended no mutant can be said to be caught. */
async function failuresWithout(
  checks: readonly Check[],
  seeds: number,
  mongoUrl: string | undefined,
): Promise<string[]> {
  const [verdicts, broken] = await Promise.all([
    runTests(checks, mongoUrl === undefined ? {} : { mongoUrl }),
    checks.includes('simulation') ? runSimulation(seeds, {}) : undefined,
  ]);
  return [
    ...[...verdicts].flatMap(([check, said]) => (said === 'passed' ? [] : [`${check}: ${said}`])),
    ...(broken ? [`simulation: seed ${broken.seed}, ${broken.invariant}: ${broken.what}`] : []),
  ];
}

async function tryAll({ mutants, seeds }: Options, mongoUrl: string | undefined): Promise<Trial[]> {
  const trials: Trial[] = [];
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < mutants.length; index = next++) {
      const mutant = mutants[index] as Mutant;
      const trial = await tryMutant(mutant, { seeds, ...(mongoUrl ? { mongoUrl } : {}) });
      trials[index] = trial;
      for (const line of linesOf(trial)) say(line);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return trials;
}

async function run(options: Options): Promise<boolean> {
  const { mutants, seeds, write } = options;
  const faults = catalogueFaults(mutants);
  for (const fault of faults) say(`  FAILED ${fault}`);
  if (faults.length > 0) return end(0, faults.length);

  const checks = [...new Set(mutants.flatMap(({ caughtBy }) => caughtBy))];
  const needsMongo = checks.some((check) => testOf(check)?.file.endsWith('-mongo.test.ts'));
  return withMongod(needsMongo, async (mongoUrl) => {
    const failures = await failuresWithout(checks, seeds, mongoUrl).catch((error: Error) => [
      error.message,
    ]);
    for (const failure of failures) say(`  FAILED without any mutant: ${failure}`);
    if (failures.length > 0) return end(0, failures.length);
    say(`${checks.length} checks pass without a mutant; ${seeds} seeds; ${mutants.length} mutants`);

    const trials = await tryAll(options, mongoUrl);
    const isWhole = mutants.length === MUTANTS.length;
    if (isWhole) {
      await mkdir('coverage', { recursive: true });
      const found = { madeAt: new Date().toISOString(), seeds, trials };
      await writeFile('coverage/mutants.json', `${JSON.stringify(found, null, 2)}\n`);
    }
    const caught = trials.filter(isCaught).length;
    say(`${bySimulation(trials)} caught by the simulation`);
    const untouched = isWhole ? unbroken(trials) : [];
    for (const invariant of untouched) say(`  FAILED no mutant breaks ${invariant}`);
    const failed = trials.length - caught + untouched.length;
    if (write && failed === 0) await writeFile('docs/MUTANTS.md', toMarkdown(trials));
    return end(caught, failed);
  });
}

function end(passed: number, failed: number): boolean {
  say(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

function optionsOrUsage(): Options {
  try {
    return readOptions();
  } catch (error) {
    process.stderr.write(`${(error as Error).message.replaceAll('\n', ' ')}\n`);
    process.exit(2);
  }
}

process.exit((await run(optionsOrUsage())) ? 0 : 1);
