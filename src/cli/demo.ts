import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { loadProcessConfig } from '../config.ts';
import { isGoodDay } from '../simulator/figures.ts';
import { type DemoPeople, startDemoPeople } from './demo-people.ts';
import { type DemoServer, readTimeScale, startDemoServer } from './demo-server.ts';
import { createDemoView, drawOutcome } from './demo-view.ts';

interface DemoOptions {
  orders: number;
  drivers: number;
  seed: number;
  speed?: number;
  json?: true;
  url?: string;
  operator?: string;
  password?: string;
  data?: string;
  calls?: string;
}

const DEFAULT_SPEED = 30;

/**
 * `demo`: a day of customers and drivers over real sockets, watched live. Exit 0 only when every
 * order came to its end or lies in the rescue lane, and each thing a demo must show happened.
 */
export function demoCommand(): Command {
  return new Command('demo')
    .description('live a simulated day: customers order, drivers answer, everyone watches')
    .option('--orders <n>', 'orders of the day', count(10), 120)
    .option('--drivers <n>', 'drivers on duty', count(4), 30)
    .option('--seed <n>', 'fixes who orders what, when, and what becomes of it', count(0), 1)
    .option('--speed <n>', `times faster than life, 1–60 (${DEFAULT_SPEED})`, speed)
    .option('--json', 'print nothing but the outcome, as JSON')
    .option('--url <url>', 'join a running server instead of starting one')
    .option('--operator <email>', 'sign in as this operator')
    .option('--password <password>', "the operator's password")
    .option('--data <folder>', "the server's data folder (DATA_DIR)")
    .option('--calls <file>', 'write down what everyone did and was told, for `verify --calls`')
    .addHelpText(
      'after',
      `
Starts a server on the data folder; one that runs already is joined with --url, and signed in to as
its first operator, whom the data folder knows, or as --operator.
Exits 0 when every order came to its end or lies in the rescue lane, and expired, rejected, released,
cancelled, delivered and rescued each happened; 1 otherwise.`,
    )
    .action(async (options: DemoOptions, command: Command) => {
      try {
        process.exitCode = await runDemo(options);
      } catch (error) {
        command.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
      }
    });
}

async function runDemo(options: DemoOptions): Promise<number> {
  const say = (text: string) => {
    if (!options.json) process.stdout.write(`${text}\n`);
  };
  let server: DemoServer | undefined;
  let people: DemoPeople | undefined;
  let interrupted: NodeJS.Signals | undefined;
  const interrupt = (signal: NodeJS.Signals) => {
    interrupted ??= signal;
    void people?.stop();
    // Before there are people, the server is all there is to wait for.
    if (!people) void server?.stop();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);

  try {
    const speed = options.url ? await joinedSpeed(options) : (options.speed ?? DEFAULT_SPEED);
    const dataDir = options.data ?? loadProcessConfig().dataDir;
    if (!options.url) {
      say(`  Starting a server at ${speed} × …`);
      server = await startDemoServer(speed, dataDir);
    }
    const url = options.url ?? (server as DemoServer).url;
    const operator = await operatorOf(options, dataDir);
    if (interrupted) return exitCode(interrupted);

    const runId = randomBytes(4).toString('hex');
    say(
      `  ${options.orders} orders, ${options.drivers} drivers, seed ${options.seed}, ${speed} × on ${url} (run ${runId})`,
    );
    const view = createDemoView(options.json ? { write: () => true } : process.stdout);
    people = startDemoPeople(
      {
        url,
        orders: options.orders,
        drivers: options.drivers,
        seed: options.seed,
        speed,
        runId,
        operator,
        ...(options.calls && { callsFile: options.calls }),
      },
      view.show,
    );
    const outcome = await Promise.race([people.outcome, deathOf(server)]);
    view.end();
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ ...outcome, good: isGoodDay(outcome) })}\n`
        : `${drawOutcome(outcome).join('\n')}\n`,
    );
    return interrupted ? exitCode(interrupted) : isGoodDay(outcome) ? 0 : 1;
  } catch (error) {
    if (interrupted) return exitCode(interrupted);
    throw error;
  } finally {
    await people?.stop();
    await server?.stop();
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** Only a server that ends before the day does is news. */
async function deathOf(server: DemoServer | undefined): Promise<never> {
  if (!server) return new Promise<never>(() => {});
  const { code, lastLines } = await server.ended;
  throw new Error(`the server ended in the middle of the day (${code}):\n${lastLines.join('\n')}`);
}

async function joinedSpeed({ url, speed: wanted }: DemoOptions): Promise<number> {
  const scale = await readTimeScale(url as string);
  if (wanted !== undefined && wanted !== scale)
    throw new Error(`the server at ${url} runs at ${scale} ×; leave out --speed, or say ${scale}`);
  return scale;
}

async function operatorOf(
  { operator: email, password }: DemoOptions,
  dataDir: string,
): Promise<{ email: string; password: string }> {
  if (email && password) return { email, password };
  if (email || password) throw new Error('--operator and --password go together');
  const file = join(dataDir, 'operator.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as { email: string; password: string };
  } catch {
    throw new Error(
      `no operator to sign in as: ${file} is not there; give --operator EMAIL --password PASSWORD (make one with: waybill user add)`,
    );
  }
}

/** 128 + the signal's number, as shells tell it. */
const exitCode = (signal: NodeJS.Signals) =>
  ({ SIGHUP: 129, SIGINT: 130, SIGTERM: 143 })[signal as 'SIGINT'] ?? 1;

const count = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new InvalidArgumentError(`needs a whole number, ${least} or more.`);
  return value;
};

function speed(text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value >= 1 && value <= 60))
    throw new InvalidArgumentError('needs a whole number from 1 to 60.');
  return value;
}
