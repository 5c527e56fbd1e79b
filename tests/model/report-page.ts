import type { ChartLayout } from '../../charts/chart-layout.ts';
import { escapeXml, toSvg } from '../../charts/to-svg.ts';
import type { SimulationTotals } from '../simulation/totals.ts';
import type { Figure, LevelRecord } from './coverage-report.ts';
import type { LevelName, MachineName } from './levels.ts';
import { LEGEND, type Matrix } from './matrix-command.ts';
import type { Tried } from './matrix-engine.ts';
import { HEAT_STYLE, REPORT_STYLE } from './report-style.ts';

export interface MutantTrials {
  /** ISO 8601; a file of earlier does not say. */
  madeAt?: string;
  trials: {
    mutant: { name: string; breaks: string[]; says: string; file: string };
    findings: { check: string; caught: boolean; says: string; seeds?: number }[];
  }[];
}

export interface ReportFacts {
  madeAt: Date;
  levels: readonly LevelRecord[];
  charts: Record<MachineName, ChartLayout>;
  paths: Record<MachineName, string[]>;
  matrix: Record<MachineName, Matrix>;
  tried?: readonly Tried[];
  mutants?: MutantTrials;
  simulation?: SimulationTotals;
}

const BOTH: readonly MachineName[] = ['order', 'shift'];
const LEVEL_NAMES: Record<LevelName, string> = {
  machine: 'bare machine',
  engine: 'engine on memory',
  api: 'public API on MongoDB',
};

/** Everything on one page: no script, no font, no address to fetch. */
export function reportPage(facts: ReportFacts): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Waybill: the machines, tested</title><style>${REPORT_STYLE}</style></head><body>
<header><h1>The machines, tested</h1><p>Waybill · <time>${facts.madeAt.toISOString().slice(0, 16).replace('T', ' ')} UTC</time></p></header>
<main>
${tiles(facts)}
${levelTable(facts.levels)}
${BOTH.map((machine) => chartSection(machine, facts)).join('')}
${BOTH.map((machine) => matrixSection(machine, facts.matrix[machine])).join('')}
${triedSection(facts.tried)}
${mutantSection(facts.mutants)}
${simulationSection(facts.simulation)}
${BOTH.map((machine) => pathSection(machine, facts.paths[machine])).join('')}
</main></body></html>
`;
}

// --- at a glance ---

function tiles({ levels, tried, mutants, simulation }: ReportFacts): string {
  const missed = levels.flatMap((level) => [...level.missed, ...level.astray]).length;
  const isWhole = notWalked(levels) === '' || missed > 0 ? missed === 0 : undefined;
  const cells = tried?.reduce((sum, each) => sum + each.cells, 0);
  const wrong = tried?.flatMap((each) => each.wrong).length ?? 0;
  const caught = mutants?.trials.filter(isCaught).length;
  const all = [
    tile('transitions taken', share(sumOf(levels, 'transitions')), isWhole, whereWalked(levels)),
    tile(
      'guards seen both ways',
      share(sumOf(levels, 'guards')),
      isWhole,
      'of those that can fail there',
    ),
    cells === undefined
      ? tile('permission cells', 'not run', undefined, 'npm run model -- matrix')
      : tile('permission cells', count(cells), wrong === 0, `${wrong} otherwise than by hand`),
    caught === undefined
      ? tile('mutants caught', 'not run', undefined, 'npm run mutants')
      : tile(
          'mutants caught',
          `${caught}/${mutants?.trials.length}`,
          caught === mutants?.trials.length,
          `${mutants?.trials.filter(isCaughtBySimulation).length} of them by the simulation`,
        ),
    simulation === undefined
      ? tile('simulated worlds survived', 'not run', undefined, 'npm run simulate')
      : tile(
          'simulated worlds survived',
          share({ taken: simulation.passed, of: simulation.seeds }),
          simulation.failed === 0,
          `${count(Math.round(simulation.mean.faults * simulation.seeds))} faults`,
        ),
  ];
  return `<section class="tiles">${all.join('')}</section>`;
}

const tile = (name: string, value: string, isGood: boolean | undefined, says: string): string =>
  `<div class="tile ${isGood === undefined ? 'idle' : isGood ? 'good' : 'bad'}"><b>${value}</b><span>${name}</span><small>${escapeXml(says)}</small></div>`;

const notWalked = (levels: readonly LevelRecord[]): string =>
  Object.entries(LEVEL_NAMES)
    .filter(([name]) => !levels.some(({ level }) => level === name))
    .map(([, says]) => says)
    .join(', ');

const whereWalked = (levels: readonly LevelRecord[]): string =>
  notWalked(levels) === '' ? 'on all levels' : `not walked: ${notWalked(levels)}`;

const sumOf = (levels: readonly LevelRecord[], of: 'transitions' | 'guards'): Figure => ({
  taken: levels.reduce((sum, level) => sum + level[of].taken, 0),
  of: levels.reduce((sum, level) => sum + level[of].of, 0),
});

const share = ({ taken, of }: Figure): string => `${count(taken)}/${count(of)}`;
const count = (value: number): string => value.toLocaleString('en').replace(/,/g, ' ');

function levelTable(levels: readonly LevelRecord[]): string {
  const rows = levels.map(
    ({ machine, level, transitions, branches, guards, paths, missed, astray }) =>
      row([
        machine,
        LEVEL_NAMES[level],
        ...[transitions, branches, guards].map(share),
        String(paths),
        [...missed, ...astray].map(escapeXml).join('<br>') || 'nothing',
      ]),
  );
  return `<section><h2>Walked</h2><div class="wide"><table>
<thead>${row(['machine', 'on', 'transitions', 'state × event × branch', 'guards both ways', 'paths', 'missed'], 'th')}</thead><tbody>${rows.join('')}</tbody></table></div>
${notWalked(levels) === '' ? '' : `<p class="note">Not walked: ${notWalked(levels)}. <code>npm run model -- coverage</code></p>`}</section>`;
}

const row = (cells: readonly string[], tag = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;

// --- charts ---

function chartSection(machine: MachineName, { charts, levels }: ReportFacts): string {
  const own = levels.filter((level) => level.machine === machine);
  const timesOf = (id: string) => own.reduce((sum, { times }) => sum + (times[id] ?? 0), 0);
  const svg = toSvg(charts[machine], {
    classOf: (id) => heatOf(timesOf(id)),
    titleOf: (id) =>
      `taken ${timesOf(id)} times: ${own.map(({ level, times }) => `${times[id] ?? 0} on the ${LEVEL_NAMES[level]}`).join(', ')}`,
    style: HEAT_STYLE,
  });
  return `<section><h2>The ${machine}</h2><p class="legend">Taken by tests
${HEATS.map(([name, , says]) => `<span class="heat ${name}">${says}</span>`).join(' ')}</p><div class="wide">${svg}</div></section>`;
}

const HEATS: readonly [name: string, least: number, says: string][] = [
  ['never', 0, 'never'],
  ['rare', 1, '1–9 times'],
  ['often', 10, '10–99'],
  ['hot', 100, '100 and more'],
];
const heatOf = (times: number): string => HEATS.findLast(([, least]) => times >= least)?.[0] ?? '';

// --- the matrix ---

function matrixSection(machine: MachineName, { columns, rows }: Matrix): string {
  const body = rows.map(
    ({ event, cells }) =>
      `<tr><th scope="row">${event}</th>${cells.map((cell) => `<td>${[...cell].map((letter) => `<i class="who ${letter}">${letter}</i>`).join('')}</td>`).join('')}</tr>`,
  );
  const head = columns
    .map((path) => `<th scope="col">${path.replace('.', '.<wbr>')}</th>`)
    .join('');
  return `<section><h2>Who may do what to ${machine === 'order' ? 'an order' : 'a shift'}</h2>
<div class="wide"><table class="matrix"><thead><tr><td></td>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>
<p class="note">${escapeXml(LEGEND).replace(/ {3}/g, ' · ')}</p></section>`;
}

function triedSection(tried: readonly Tried[] | undefined): string {
  if (!tried) return section('The matrix, tried', notRun('npm run model -- matrix'));
  const rows = tried.map(({ where, cells, wrong }) =>
    row([where, count(cells), wrong.map(escapeXml).join('<br>') || 'as written by hand']),
  );
  return section(
    'The matrix, tried',
    `<table><thead>${row(['at', 'cells', ''], 'th')}</thead><tbody>${rows.join('')}</tbody></table>`,
  );
}

// --- mutants, simulation, paths ---

const isCaught = ({ findings }: MutantTrials['trials'][number]): boolean =>
  findings.length > 0 && findings.every(({ caught }) => caught);
const isCaughtBySimulation = ({ findings }: MutantTrials['trials'][number]): boolean =>
  findings.some(({ seeds, caught }) => caught && seeds !== undefined);

function mutantSection(mutants: MutantTrials | undefined): string {
  if (!mutants) return section('Mutants', notRun('npm run mutants'));
  const rows = mutants.trials.map((trial) => {
    const { name, breaks, says } = trial.mutant;
    const by = trial.findings.map(({ check, seeds }) =>
      seeds === undefined ? check : `${check}, after ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    );
    return `<tr class="${isCaught(trial) ? '' : 'bad'}">${[name, breaks.join(' '), says, by.join('; '), isCaught(trial) ? 'caught' : 'NOT CAUGHT'].map((cell) => `<td>${escapeXml(cell)}</td>`).join('')}</tr>`;
  });
  return section(
    'Mutants',
    `<div class="wide"><table><thead>${row(['mutant', 'breaks', 'what is wrong', 'caught by', ''], 'th')}</thead><tbody>${rows.join('')}</tbody></table></div>${madeAt(mutants)}`,
  );
}

const madeAt = ({ madeAt }: { madeAt?: string }): string =>
  madeAt === undefined
    ? ''
    : `<p class="note">Run on ${escapeXml(madeAt.slice(0, 16).replace('T', ' '))} UTC.</p>`;

function simulationSection(simulation: SimulationTotals | undefined): string {
  if (!simulation) return section('Simulation', notRun('npm run simulate'));
  const { from, seeds, passed, failed, seconds, mean, faults } = simulation;
  const perSeed = (value: number) => count(Number(value.toFixed(1)));
  const totals: [string, string][] = [
    ['seeds', `${count(from)} to ${count(from + seeds - 1)}`],
    ['survived', `${count(passed)}, ${count(failed)} failed`],
    ['took', `${count(Math.round(seconds))} s, ${(seeds / seconds).toFixed(1)} seeds a second`],
    ['commits of a seed', perSeed(mean.commits)],
    ['calls of a seed', perSeed(mean.calls)],
    ['faults of a seed', `${perSeed(mean.faults)}, ${perSeed(mean.crashes)} of them crashes`],
    [
      'events of a seed',
      `${perSeed(mean.events)} in ${perSeed(mean.virtualSeconds)} virtual seconds`,
    ],
  ];
  const kinds = Object.entries(faults).map(([kind, times]) => [kind, count(times)] as const);
  const table = (rows: readonly (readonly [string, string])[]) =>
    `<table class="totals"><tbody>${rows.map(([name, value]) => row([escapeXml(name), value])).join('')}</tbody></table>`;
  return section(
    'Simulation',
    `<div class="beside">${table(totals)}${table(kinds)}</div>${madeAt(simulation)}`,
  );
}

function pathSection(machine: MachineName, paths: readonly string[]): string {
  const items = paths.map(
    (path) => `<li>${escapeXml(path).replaceAll(' &gt; ', ' <s>›</s> ')}</li>`,
  );
  return `<section><h2>${paths.length} paths of the ${machine}</h2><ol class="paths">${items.join('')}</ol></section>`;
}

const section = (title: string, body: string): string =>
  `<section><h2>${title}</h2>${body}</section>`;
const notRun = (command: string): string => `<p class="note">Not run: <code>${command}</code>.</p>`;
