import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createAlarms } from '../dispatch/alarms.ts';
import { FRESH_MS } from '../engine/membership.ts';
import { createSystemClock } from '../engine/system-clock.ts';
import {
  type Acknowledged,
  CHECKED,
  type Invariant,
  type Report,
  verify,
} from '../verify/verify.ts';
import { CommandError, withStorage } from './with-storage.ts';

interface Options {
  acks?: string;
  json?: boolean;
}

/** `waybill verify`: exit 0 when every invariant holds, 1 on a violation, 2 when there is nothing to check. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('hold every order and shift in the database against the invariants')
    .option(
      '--acks <file>',
      'acknowledged commands, one JSON object a line, to be found again (I4)',
    )
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      '\nExits 0 when all of them hold, 1 on a violation or when it cannot check, 2 when there is nothing to check.',
    )
    .action((options: Options) =>
      withStorage(async ({ store, open }) => {
        const alarms = createAlarms({ open, clock: createSystemClock() });
        const acknowledged = options.acks ? await readAcks(options.acks) : undefined;
        const nodes = await store.nodes(FRESH_MS);
        const report = await verify({
          store,
          order: orderKind,
          shift: shiftKind,
          hasOpenAlarm: (orderId, alarm) => alarms.isOpen(orderId, alarm),
          ...(nodes.length > 0 ? { servedSince: Math.min(...nodes.map((n) => n.since)) } : {}),
          ...(acknowledged ? { acknowledged } : {}),
        });
        process.stdout.write(
          options.json ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`,
        );
        if (report.violations.length > 0) process.exitCode = 1;
        else if (report.orders + report.shifts === 0) process.exitCode = 2;
      }),
    );

async function readAcks(file: string): Promise<Acknowledged[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new CommandError(`cannot read ${file}; --acks takes a file of JSON lines`);
  });
  const lines = text.split('\n');
  // A process that was killed may have left half a line at the end.
  if (lines.at(-1) !== '') lines.pop();
  try {
    return lines.filter(Boolean).map((line) => JSON.parse(line) as Acknowledged);
  } catch (error) {
    throw new CommandError(`${file} is not made of JSON lines: ${(error as Error).message}`);
  }
}

/** Lists at most this many violations of one invariant; all are counted. */
const SHOWN = 20;

export function describe(report: Report): string {
  const { orders, shifts, offers, entries, acknowledged, violations, counts } = report;
  const lines = [
    `checked ${orders} orders, ${shifts} shifts, ${offers} offers, ${entries} history entries` +
      (acknowledged > 0 ? `, ${acknowledged} acknowledged commands` : ''),
  ];
  for (const [invariant, text] of Object.entries(CHECKED)) {
    const count = counts[invariant as Invariant] ?? 0;
    const found = violations.filter((violation) => violation.invariant === invariant);
    const isChecked = invariant !== 'I4' || acknowledged > 0;
    const verdict = count > 0 ? `${count} violations` : isChecked ? 'holds' : 'no acks given';
    lines.push(`${invariant.padEnd(4)} ${verdict.padEnd(14)} ${text}`);
    for (const { kind, id, what } of found.slice(0, SHOWN))
      lines.push(`       ${kind} ${id}: ${what}`);
  }
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  lines.push(`${all} violations`);
  return lines.join('\n');
}
