import { Command } from 'commander';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { createAlarms } from '../dispatch/alarms.ts';
import { FRESH_MS } from '../engine/membership.ts';
import { createSystemClock } from '../engine/system-clock.ts';
import { readCallFile } from '../verify/call-file.ts';
import { CHECKED, type Invariant, type Report, verify } from '../verify/verify.ts';
import { CommandError, withStorage } from './with-storage.ts';

interface Options {
  calls?: string;
  json?: boolean;
}

/** `waybill verify`: exit 0 when every invariant holds, 1 on a violation, 2 when there is nothing to check. */
export const verifyCommand = (): Command =>
  new Command('verify')
    .description('hold every order and shift in the database against the invariants')
    .option('--calls <file>', 'what clients did and were told, by `demo --calls` (I4, DST5)')
    .option('--json', 'the report as JSON')
    .addHelpText(
      'after',
      '\nExits 0 when all of them hold, 1 on a violation or when it cannot check, 2 when there is nothing to check.',
    )
    .action((options: Options) =>
      withStorage(async ({ store, open }) => {
        const alarms = createAlarms({ open, clock: createSystemClock() });
        const calls = options.calls ? await readCalls(options.calls) : undefined;
        const nodes = await store.nodes(FRESH_MS);
        const report = await verify({
          store,
          order: orderKind,
          shift: shiftKind,
          hasOpenAlarm: (orderId, alarm) => alarms.isOpen(orderId, alarm),
          ...(nodes.length > 0 ? { servedSince: Math.min(...nodes.map((n) => n.since)) } : {}),
          ...(calls ? { calls } : {}),
        });
        process.stdout.write(
          options.json ? `${JSON.stringify(report)}\n` : `${describe(report)}\n`,
        );
        if (report.violations.length > 0) process.exitCode = 1;
        else if (report.orders + report.shifts === 0) {
          process.stderr.write('there is nothing to check: no order and no shift\n');
          process.exitCode = 2;
        }
      }),
    );

function readCalls(file: string) {
  return readCallFile(file).catch((error) => {
    const why = (error as Error).message;
    throw new CommandError(
      `cannot read ${file}, which \`demo --calls\` should have written: ${why}`,
    );
  });
}

/** Rules that only what clients were told can break. */
const OF_CALLS = ['I4', 'DST5'];

/** Lists at most this many violations of one invariant; all are counted. */
const SHOWN = 20;

export function describe(report: Report): string {
  const { orders, shifts, offers, entries, calls, acknowledged, violations, counts } = report;
  const lines = [
    `checked ${orders} orders, ${shifts} shifts, ${offers} offers, ${entries} history entries` +
      (calls > 0 ? `, ${calls} calls of clients (${acknowledged} answered ok)` : ''),
  ];
  for (const [invariant, text] of Object.entries(CHECKED)) {
    const count = counts[invariant as Invariant] ?? 0;
    const found = violations.filter((violation) => violation.invariant === invariant);
    const isChecked = calls > 0 || !OF_CALLS.includes(invariant);
    const verdict = count > 0 ? `${count} violations` : isChecked ? 'holds' : 'no calls given';
    lines.push(`${invariant.padEnd(4)} ${verdict.padEnd(14)} ${text}`);
    for (const { kind, id, what } of found.slice(0, SHOWN))
      lines.push(`       ${kind} ${id}: ${what}`);
  }
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  lines.push(`${all} violations`);
  return lines.join('\n');
}
