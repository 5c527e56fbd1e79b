import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { WorldOptions, WorldResult } from './world.ts';

/** What a worker tells of a seed: the story stays where it was lived, and is lived again when it is wanted. */
export type SeedReport = Omit<WorldResult, 'story'>;

export interface Batch {
  from: number;
  seeds: number;
  /** Lives each seed twice and compares the traces. */
  twice: boolean;
  options: Partial<Omit<WorldOptions, 'spared'>> & { spared?: string[] };
}

const BATCH = 20;
/**
 * A world is garbage as soon as it has been lived: much room for the young, so that little of it is
 * copied, and no threads that collect it beside the other worker, which has the other core.
 */
const LEAN = ['--single-threaded-gc', '--min-semi-space-size=32', '--max-semi-space-size=32'];

/**
 * Lives seeds `from` … in as many processes as there are workers, in batches; `onReport` is told of
 * each, in no order. A process that dies fails the run.
 */
export async function runSeeds(
  { from, seeds, ...rest }: Batch,
  workers: number,
  onReport: (report: SeedReport) => void,
): Promise<void> {
  let next = from;
  const end = from + seeds;

  async function work(child: ChildProcess): Promise<void> {
    for (;;) {
      const batch: Batch = { ...rest, from: next, seeds: Math.min(BATCH, end - next) };
      if (batch.seeds <= 0) break;
      next += batch.seeds;
      for (const report of await ask(child, batch)) onReport(report);
    }
    child.kill();
  }

  const children = Array.from({ length: Math.min(workers, Math.ceil(seeds / BATCH)) }, () =>
    fork(join(import.meta.dirname, 'worker.ts'), { execArgv: [...process.execArgv, ...LEAN] }),
  );
  try {
    await Promise.all(children.map(work));
  } finally {
    for (const child of children) child.kill();
  }
}

function ask(child: ChildProcess, batch: Batch): Promise<SeedReport[]> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      reject(
        new Error(
          `a worker died (${code}) between seeds ${batch.from} and ${batch.from + batch.seeds - 1}`,
        ),
      );
    };
    child.once('exit', onExit);
    child.once('message', (reports) => {
      child.off('exit', onExit);
      resolve(reports as SeedReport[]);
    });
    child.send(batch);
  });
}
