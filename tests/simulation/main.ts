import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { FAULT_KINDS } from './faults.ts';
import { runSeeds, type SeedReport } from './pool.ts';
import { runSeed } from './run-seed.ts';
import { shrink } from './shrink.ts';
import { tellAll, tellShort } from './story.ts';
import { createTotals, saveTotals } from './totals.ts';
import { DEFAULT_WORLD, type WorldOptions, type WorldResult } from './world.ts';

interface Options {
  seeds: number;
  from: number;
  twice?: boolean;
  story?: boolean;
  spare: string[];
  nodes: number;
  orders: number;
  drivers: number;
  workers: number;
}

/** Fewer seeds need not meet every fault. */
const ENOUGH_SEEDS = 200;
/** Violations told with their story; all are counted. */
const MAX_TOLD = 3;
const PROGRESS_EVERY_MS = 10_000;

const say = (text: string) => void process.stdout.write(`${text}\n`);

const command = new Command('simulate')
  .description('live random worlds of several nodes, and hold them against the invariants')
  .option('--seeds <n>', 'how many worlds', count(1), 200)
  .option('--from <seed>', 'the first seed', count(0), 1)
  .option('--twice', 'live each world twice and compare the traces')
  .option('--story', 'tell everything that happened, of one seed')
  .addOption(
    new Option('--spare <faults>', 'faults that do not happen: kind or kind#n, comma-separated')
      .argParser(faults)
      .default([]),
  )
  .option('--nodes <n>', 'nodes of each world', count(1), DEFAULT_WORLD.nodes)
  .option('--orders <n>', 'orders of each world', count(1), DEFAULT_WORLD.orders)
  .option('--drivers <n>', 'drivers of each world', count(0), DEFAULT_WORLD.drivers)
  .option('--workers <n>', 'processes', count(1), availableParallelism())
  .allowExcessArguments(false)
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'simulate: ')) })
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

process.exit(await main(command.parse().opts<Options>()));

async function main(options: Options): Promise<number> {
  const { nodes, orders, drivers } = options;
  const world = { nodes, orders, drivers, spared: new Set(options.spare) };
  if (options.story) return (await tellOne(options, world)) ? 0 : 1;

  const startedAt = performance.now();
  const totals = createTotals();
  const failed: SeedReport[] = [];
  let saidAt = startedAt;

  const batch = {
    ...{ from: options.from, seeds: options.seeds, twice: options.twice === true },
    options: { nodes, orders, drivers, spared: options.spare },
  };
  await runSeeds(batch, options.workers, (report) => {
    totals.add(report);
    if (report.violations.length > 0) {
      failed.push(report);
      // At once: a long run may be cut short.
      say(`  seed ${report.seed} fails: ${report.violations[0]?.invariant}`);
    }
    if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = performance.now();
    say(`  ${totals.lived} of ${options.seeds} seeds, ${failed.length} failed`);
  });

  const seconds = (performance.now() - startedAt) / 1_000;
  const { lived } = totals;
  const found = totals.of({ from: options.from, failed: failed.length, seconds });
  const missing = FAULT_KINDS.filter((kind) => found.faults[kind] === 0 && !world.spared.has(kind));
  const tooTame = options.seeds >= ENOUGH_SEEDS ? missing : [];
  for (const kind of FAULT_KINDS) say(`  ${String(found.faults[kind]).padStart(8)}  ${kind}`);
  const { commits, calls, faults, crashes, events, virtualSeconds } = found.mean;
  say(
    `  a seed has on average ${commits.toFixed(1)} commits, ${calls.toFixed(1)} calls of clients, ` +
      `${faults.toFixed(1)} faults, ${crashes.toFixed(1)} of them crashes, ${events.toFixed(1)} events ` +
      `in ${virtualSeconds.toFixed(1)} virtual seconds`,
  );
  say(
    `  seeds ${options.from} to ${options.from + options.seeds - 1}${options.twice ? ', each twice' : ''}: ` +
      `${seconds.toFixed(1)} s, ${(lived / seconds).toFixed(1)} seeds/s in ${options.workers} processes, ` +
      `${(totals.cpuMs / lived).toFixed(1)} ms of one core each`,
  );
  // A few seeds that are looked at again say nothing new of the whole.
  if (options.seeds >= ENOUGH_SEEDS) await saveTotals(found);
  for (const kind of tooTame) say(`  never happened: ${kind}`);
  failed.sort((a, b) => a.seed - b.seed);
  for (const [n, report] of failed.slice(0, MAX_TOLD).entries()) {
    await tellFailed(report, world, n === 0);
  }
  if (failed.length > MAX_TOLD) {
    say(
      `\n  and of seeds ${failed
        .slice(MAX_TOLD)
        .map(({ seed }) => seed)
        .join(', ')}`,
    );
  }
  const failures = failed.length + (tooTame.length > 0 ? 1 : 0);
  say(`${lived - failed.length} passed, ${failures} failed`);
  return failures === 0 ? 0 : 1;
}

/** One seed from beginning to end. */
async function tellOne({ from, seeds }: Options, world: WorldOptions): Promise<boolean> {
  if (seeds !== 1) command.error('simulate: --story tells one seed: --from SEED --seeds 1');
  const result = await runSeed(from, world);
  for (const line of tellAll(result)) say(line);
  tellViolations(result);
  say(`trace ${result.trace}`);
  const holds = result.violations.length === 0;
  say(holds ? '1 passed, 0 failed' : '0 passed, 1 failed');
  return holds;
}

async function tellFailed(report: SeedReport, world: WorldOptions, isShrunk: boolean) {
  const { seed } = report;
  say(`\n--- seed ${seed} ---`);
  const result = await runSeed(seed, world);
  if (result.violations.length === 0) {
    tellViolations(report);
    return;
  }
  for (const line of tellShort(result)) say(line);
  tellViolations(result);
  say(`  again: ${commandFor(seed, world)}`);
  if (!isShrunk) return;
  const { options, runs, result: small } = await shrink(result, world);
  const count = Object.values(small.faults).reduce((sum, n) => sum + n, 0);
  const { orders = world.orders, drivers = world.drivers } = options;
  say(
    `\n--- seed ${seed}, shrunk in ${runs} runs to ${orders} orders, ${drivers} drivers and ${count} faults ---`,
  );
  for (const line of tellShort(small)) say(line);
  tellViolations(small);
  say(`  again: ${commandFor(seed, { ...world, ...options })}`);
}

function tellViolations({ violations }: Pick<WorldResult, 'violations'>) {
  for (const { invariant, what, id } of violations.slice(0, 3)) {
    say(`  ${invariant} is broken${id === undefined ? '' : ` by ${id}`}: ${what}`);
  }
}

function commandFor(seed: number, { nodes, orders, drivers, spared }: WorldOptions): string {
  const size = [
    ...(nodes === DEFAULT_WORLD.nodes ? [] : [`--nodes ${nodes}`]),
    ...(orders === DEFAULT_WORLD.orders ? [] : [`--orders ${orders}`]),
    ...(drivers === DEFAULT_WORLD.drivers ? [] : [`--drivers ${drivers}`]),
    ...(spared.size === 0 ? [] : [`--spare "${[...spared].join(',')}"`]),
  ];
  return ['npm run simulate -- --from', seed, '--seeds 1 --story', ...size].join(' ');
}

function count(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It takes a whole number, ${least} or more.`);
  };
}

function faults(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find(
    (name) => !FAULT_KINDS.some((kind) => name.replace(/#[1-9]\d*$/, '') === kind),
  );
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`"${unknown}" is none of: ${FAULT_KINDS.join(', ')}.`);
}
