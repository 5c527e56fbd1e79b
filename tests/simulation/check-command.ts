import { Command, InvalidArgumentError, Option } from 'commander';
import { type Explored, explore } from './exhaustive.ts';
import { SCENES, type SceneName } from './scenes.ts';
import type { FeedTiming } from './small-world.ts';

interface Options {
  world: SceneName;
  feed: FeedTiming | 'both';
  maxStates?: number;
  maxSeconds?: number;
}

const say = (text: string) => void process.stdout.write(`${text}\n`);

/** `check`: exit 0 when every order of things was explored and survived, 1 on a violation or an unreached end. */
export const checkCommand = (): Command =>
  new Command('check')
    .description(
      'explore every order of store operations, one crash and one deadline, in a small world',
    )
    .addOption(
      new Option('--world <name>', 'which world').choices(Object.keys(SCENES)).default('accept'),
    )
    .addOption(
      new Option(
        '--feed <when>',
        "when a node hears of another's steps: at both extremes, or whenever",
      )
        .choices(['both', 'prompt', 'late', 'any'])
        .default('both'),
    )
    .option('--max-states <n>', 'stop after so many states', bound)
    .option('--max-seconds <n>', 'stop after so long', bound)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(async (options: Options) => {
      process.exit((await check(options)) ? 0 : 1);
    });

async function check({ world, feed, maxStates, maxSeconds }: Options): Promise<boolean> {
  const timings: FeedTiming[] = feed === 'both' ? ['prompt', 'late'] : [feed];
  let passed = 0;
  for (const timing of timings) {
    say(`world ${world}, the feed ${timing === 'any' ? 'whenever it is chosen' : timing}`);
    const startedAt = performance.now();
    const found = await explore(world, timing, {
      ...(maxStates === undefined ? {} : { maxStates }),
      ...(maxSeconds === undefined ? {} : { maxMs: maxSeconds * 1_000 }),
    });
    const { states, transitions, executions, schedules, ends, longest } = found;
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    say(
      `  ${states} states, ${transitions} choices taken, ${ends} ends, the longest after ${longest} choices; ` +
        `${executions} worlds lived in ${seconds} s`,
    );
    if (!found.violation && found.bound === undefined) {
      say(`  complete: they stand for ${schedules} schedules, and no invariant is broken in any`);
      passed++;
    } else tellFailed(found);
  }
  say(`${passed} passed, ${timings.length - passed} failed`);
  return passed === timings.length;
}

function tellFailed({ bound: left, violation }: Explored) {
  if (left !== undefined) say(`  NOT complete: ${left}`);
  if (!violation) return;
  for (const label of violation.path) say(`    ${label}`);
  const { invariant, what, id } = violation.violation;
  say(`  ${invariant} is broken${id === undefined ? '' : ` by ${id}`}: ${what}`);
}

function bound(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It takes a whole number, 1 or more.');
}
