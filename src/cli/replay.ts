import { Command } from 'commander';
import { orderKind } from '../../machines/order-kind.ts';
import { replay } from '../engine/replay.ts';
import type { ActorEvent } from '../engine/types.ts';
import { CommandError, withStorage } from './with-storage.ts';

/** `waybill replay ORDER`: one order's history through its machine, step by step. */
export const replayCommand = (): Command =>
  new Command('replay')
    .description('one order, step by step: when, what, by whom, from → to, what was held')
    .argument('<order>', 'the id of an order')
    .action((orderId: string) =>
      withStorage(async ({ store }) => {
        const stored = await store.load('order', orderId);
        if (!stored) {
          throw new CommandError(`no order ${orderId}; its id is what placing it answered`);
        }
        const history = await store.history('order', orderId, 0);
        const rows: string[][] = [
          ['#', 'time', 'took', 'event', 'by', 'from → to', 'holds taken (+) and given back (−)'],
        ];
        let previousAt: number | undefined;
        for (const { entry, before, after } of replay(
          orderKind,
          orderId,
          stored.machineVersion,
          history,
        )) {
          const { seq, at, event, by, from, to } = entry;
          rows.push([
            String(seq),
            new Date(at).toISOString(),
            previousAt === undefined ? '' : duration(at - previousAt),
            `${event.type}${detailOf(event)}`,
            `${by.role} ${short(by.id)}`,
            from === to ? from : `${from} → ${to}`,
            holdChanges(orderKind.holdsOf(before), orderKind.holdsOf(after)),
          ]);
          previousAt = at;
        }
        process.stdout.write(`${table(rows)}\n`);
        process.stdout.write(
          `${history.length} steps on machine version ${stored.machineVersion}; now ${stored.state}\n`,
        );
      }),
    );

/** What tells this event from others of its type; never a PIN, an address or a note. */
function detailOf(event: ActorEvent): string {
  const { driverId, offerId, reason, offers } = event;
  const named = Array.isArray(offers)
    ? offers.map((offer) => (offer as { driverId: string }).driverId)
    : [driverId, offerId, reason].filter((value) => typeof value === 'string');
  return named.length > 0 ? ` (${named.map((name) => short(String(name))).join(', ')})` : '';
}

function holdChanges(before: readonly string[], after: readonly string[]): string {
  const taken = after.filter((hold) => !before.includes(hold)).map((hold) => `+${short(hold)}`);
  const given = before.filter((hold) => !after.includes(hold)).map((hold) => `−${short(hold)}`);
  return [...taken, ...given].join(' ');
}

/** Ids by their end, which tells them apart; whatever else there is as it is. */
const short = (text: string): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{6}(?=[0-9a-f]{6})/g, '…');

const duration = (ms: number): string =>
  ms < 10_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
