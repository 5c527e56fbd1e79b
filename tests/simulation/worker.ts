import type { Batch, SeedReport } from './pool.ts';
import { runSeed } from './run-seed.ts';

/** One process of the pool: lives a batch of seeds and tells what came of each. */
process.on('message', (batch: Batch) => {
  void run(batch).then((reports) => process.send?.(reports));
});
process.on('disconnect', () => process.exit(0));

async function run({ from, seeds, twice, options }: Batch): Promise<SeedReport[]> {
  const { spared, ...world } = options;
  const reports: SeedReport[] = [];
  for (let seed = from; seed < from + seeds; seed++) {
    const live = () => runSeed(seed, { ...world, spared: new Set(spared) });
    const { story, ...report } = await live();
    if (twice) {
      const again = await live();
      const differs = again.story.findIndex(
        ({ at, text }, n) => at !== story[n]?.at || text !== story[n]?.text,
      );
      if (again.trace !== report.trace || differs >= 0 || again.story.length !== story.length) {
        report.violations.push({
          invariant: 'DST1',
          what: `the second run differs from line ${differs + 1} on: ${again.story[differs]?.text}`,
        });
      }
    }
    reports.push(report);
  }
  return reports;
}
