import { describe, expect, it } from '@jest/globals';
import { chartOf } from '../../charts/charted.ts';
import { createTotals, type SimulationTotals } from '../simulation/totals.ts';
import { recordOf } from './coverage-report.ts';
import { paths, walkMachines } from './levels.ts';
import { matrixOf } from './matrix-command.ts';
import { reportCommand } from './report-command.ts';
import { type MutantTrials, reportPage } from './report-page.ts';
import { nameOf } from './walk.ts';

async function buildReport(
  more: { mutants?: MutantTrials; simulation?: SimulationTotals; untaken?: string } = {},
): Promise<string> {
  const levels = walkMachines().map(recordOf);
  if (more.untaken) for (const level of levels) level.times[more.untaken] = 0;
  return reportPage({
    ...{ madeAt: new Date(0), levels },
    charts: { order: await chartOf('order'), shift: await chartOf('shift') },
    paths: { order: paths().all.order.map(nameOf), shift: paths().all.shift.map(nameOf) },
    matrix: { order: matrixOf('order'), shift: matrixOf('shift') },
    ...(more.mutants ? { mutants: more.mutants } : {}),
    ...(more.simulation ? { simulation: more.simulation } : {}),
  });
}

describe('the report', () => {
  it('[MOD10] is one page that fetches nothing and runs nothing', async () => {
    const html = await buildReport();
    expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|<script|@import|url\((?!#)/,
    );
    expect(html).toContain('Not run: <code>npm run mutants</code>');
    expect(html).toMatch(
      /class="tile idle"><b>78\/78<\/b>.*not walked: engine on memory, public API on MongoDB/,
    );
    expect(html).toContain('prefers-color-scheme:dark');
  });

  it('[MOD10] is refused where a folder is', async () => {
    const command = reportCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync(['--out', 'tests'], { from: 'user' })).rejects.toThrow(
      /It takes a file, and this is a folder/,
    );
  });

  it('[MOD10] makes a transition stand out that no test took', async () => {
    const never = /<text class="event never"[^>]*><title>taken 0 times[^<]*<\/title>([^<]*)/g;
    expect([...(await buildReport()).matchAll(never)]).toEqual([]);
    const html = await buildReport({ untaken: 'pending.searching search.extend 0' });
    expect([...html.matchAll(never)].map(([, event]) => event)).toEqual(['search.extend']);
  });

  it('[MOD10] shows mutants by what they are and what caught them, as text', async () => {
    const mutant = {
      name: 'seq-dropped',
      breaks: ['I6'],
      says: 'a < b & c',
      file: 'src/engine/x.ts',
    };
    const html = await buildReport({
      mutants: {
        madeAt: '2026-01-02T03:04:05.678Z',
        trials: [
          { mutant, findings: [{ check: 'simulation', caught: false, says: '', seeds: 3 }] },
        ],
      },
    });
    expect(html).toContain('a &lt; b &amp; c');
    expect(html).toContain('NOT CAUGHT');
    expect(html).toContain('0/1');
    expect(html).toContain('Run on 2026-01-02 03:04 UTC');
  });

  it('[MOD10] shows what the last run of the simulation came to, and how often each fault struck', async () => {
    const totals = createTotals();
    const figures = { commits: 60, calls: 50, events: 5_000, virtualMs: 59_000, cpuMs: 40 };
    totals.add({ ...figures, faults: { 'request lost': 12, 'node crashed': 1 } });
    totals.add({ ...figures, faults: { 'request lost': 8 } });
    const html = await buildReport({
      simulation: totals.of({ from: 1, failed: 1, seconds: 0.5 }),
    });
    expect(html).toContain('<b>1/2</b><span>simulated worlds survived</span><small>21 faults');
    expect(html).toContain('<td>request lost</td><td>20</td>');
    expect(html).toContain('<td>10.5, 0.5 of them crashes</td>');
  });
});
