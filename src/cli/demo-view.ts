import { isGoodDay, MUST_HAPPEN, type Outcome, type Progress } from '../simulator/figures.ts';

/** Where the live view goes: a terminal, or anything that takes lines. */
export interface Screen {
  isTTY?: boolean | undefined;
  write(text: string): unknown;
}

export interface DemoView {
  show(progress: Progress): void;
  /** Leaves the last picture standing, so that what follows starts on its own line. */
  end(): void;
}

/** Without a terminal, one line in so many ms. */
const LINE_EVERY_MS = 5_000;
const BAR = 40;

/** Redraws in place on a terminal; elsewhere writes one line every 5 s. */
export function createDemoView(screen: Screen): DemoView {
  let drawn = 0;
  let lineAt = 0;
  return {
    show(progress) {
      if (screen.isTTY) {
        const lines = drawProgress(progress);
        const up = drawn > 0 ? `\u001b[${drawn}A` : '';
        screen.write(up + lines.map((line) => `\u001b[2K${line}\n`).join(''));
        drawn = lines.length;
      } else if (progress.elapsedMs >= lineAt) {
        lineAt = progress.elapsedMs + LINE_EVERY_MS;
        screen.write(`${progressLine(progress)}\n`);
      }
    },
    end() {
      drawn = 0;
    },
  };
}

/** The live picture, always of the same height for the same set of states. */
export function drawProgress(progress: Progress): string[] {
  const done = progress.planned - progress.placed;
  const filled = Math.round((progress.placed / Math.max(1, progress.planned)) * BAR);
  return [
    `  ${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}  ${progress.placed}/${progress.planned} placed${done === 0 ? '' : `, ${done} to come`} · ${seconds(progress.elapsedMs)}`,
    `  drivers   ${progress.drivers.connected}/${progress.drivers.all} connected · ${progress.openOffers} open offers`,
    `  assigned  ${assignTimes(progress)}`,
    `  so far    ${MUST_HAPPEN.map((what) => `${what} ${progress.counts[what]}`).join(' · ')}`,
    `  watching  ${progress.stale} behind now · ${progress.repairs} gaps repaired`,
    ...GROUPS.map(
      ([name, states]) =>
        `  ${name.padEnd(10)}${states.map((state) => `${shortName(state)} ${progress.states[state] ?? 0}`).join(' · ')}`,
    ),
  ];
}

/** The same in one line, for a log. */
export function progressLine(progress: Progress): string {
  const live = Object.entries(progress.states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} ${count}`)
    .join(', ');
  return `${seconds(progress.elapsedMs).padStart(6)}  ${progress.placed}/${progress.planned} placed · ${progress.openOffers} open offers · assign ${assignTimes(progress)} · ${live}`;
}

/** The closing table. */
export function drawOutcome(outcome: Outcome): string[] {
  const row = (name: string, value: string | number) => `  ${name.padEnd(28)}${value}`;
  const { counts } = outcome;
  return [
    '',
    `  Run ${outcome.runId}: ${outcome.placed} of ${outcome.planned} orders placed in ${seconds(outcome.elapsedMs)}`,
    '',
    ...Object.entries(outcome.states)
      .sort(([, a], [, b]) => b - a)
      .map(([state, count]) => row(`orders ${state}`, count)),
    '',
    row('offers made', counts.offered),
    row('  accepted', counts.accepted),
    row('  rejected', counts.rejected),
    row('  expired', counts.expired),
    row('  undelivered', counts.undelivered),
    row('  withdrawn', counts.withdrawn),
    row('orders released', counts.released),
    row('orders cancelled', counts.cancelled),
    row('orders rescued', counts.rescued),
    row('orders delivered', counts.delivered),
    row('orders returned', counts.returned),
    row('wrong PINs', counts.wrongPins),
    row('time to assign (unscaled)', assignTimes(outcome)),
    row('gaps repaired', outcome.repairs),
    ...listed('not placed', outcome.notPlaced, row),
    ...listed('refused', outcome.refusals, row),
    '',
    ...verdict(outcome),
  ];
}

const GROUPS: [string, string[]][] = [
  ['pending', ['scheduled', 'pending.searching', 'pending.offered', 'pending.unassigned']],
  [
    'under way',
    ['preparing.toStore', 'preparing.atStore', 'outForDelivery.enRoute', 'outForDelivery.atDoor'],
  ],
  ['ended', ['delivered', 'cancelled', 'failed', 'returning', 'returned']],
];

const shortName = (state: string) => state.slice(state.indexOf('.') + 1);

const seconds = (ms: number) => `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`;

const assignTimes = ({ assignMs }: Progress) =>
  assignMs
    ? `p50 ${seconds(assignMs.p50)}, p95 ${seconds(assignMs.p95)} over ${assignMs.orders}`
    : '–';

function listed(
  name: string,
  counts: Record<string, number>,
  row: (name: string, value: string) => string,
): string[] {
  const entries = Object.entries(counts);
  return entries.length === 0
    ? []
    : [row(name, entries.map(([code, count]) => `${code} ${count}`).join(', '))];
}

function verdict(outcome: Outcome): string[] {
  if (isGoodDay(outcome))
    return ['  Every order came to its end or is in the rescue lane, and all of it happened.'];
  const told = [];
  if (outcome.placed < outcome.planned)
    told.push(`  ${outcome.planned - outcome.placed} orders could not be placed.`);
  if (outcome.missing.length > 0) told.push(`  Never happened: ${outcome.missing.join(', ')}.`);
  if (outcome.unfinished.length > 0)
    told.push(
      `  ${outcome.unfinished.length} orders came to no end:`,
      ...outcome.unfinished.slice(0, 10).map(({ orderId, state }) => `    ${orderId} ${state}`),
    );
  return told;
}
