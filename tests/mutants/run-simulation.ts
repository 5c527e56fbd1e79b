import type { Mutant } from './mutant.ts';
import { runNode } from './run-node.ts';

/** The first seed whose world broke an invariant. */
export interface Broken {
  seed: number;
  invariant: string;
  what: string;
}

/**
 * Lives the worlds of seeds 1 to `seeds` in a process of its own, with the fault if one is given.
 * @returns undefined when no invariant was broken
 * @throws {Error} when the process did not come to an end of its own: that is not a caught mutant
 */
export async function runSimulation(
  seeds: number,
  options: { mutant?: Mutant },
): Promise<Broken | undefined> {
  const { stdout, stderr } = await runNode(
    [
      ...['--import', './tests/mutants/register.js', '--import', 'tsx'],
      ...['tests/mutants/simulate.ts', String(seeds)],
    ],
    options,
  );
  const line = stdout.trim().split('\n').at(-1);
  if (!line?.startsWith('{')) throw new Error(`the simulation died:\n${stderr.slice(-2_000)}`);
  const found = JSON.parse(line) as Broken | Record<string, never>;
  return 'seed' in found ? (found as Broken) : undefined;
}
