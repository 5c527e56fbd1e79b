import { performance } from 'node:perf_hooks';
import type { Check, Mutant } from './mutant.ts';
import { runSimulation } from './run-simulation.ts';
import { runTests } from './run-tests.ts';

/** What one check said of one mutant. */
export interface Finding {
  check: Check;
  caught: boolean;
  /** How it was caught, or why not. */
  says: string;
  /** Worlds lived until it was caught: of the simulation only. */
  seeds?: number;
}

export interface Trial {
  mutant: Mutant;
  findings: Finding[];
  ms: number;
}

/** Puts one mutant before each check that ought to catch it. */
export async function tryMutant(
  mutant: Mutant,
  options: { seeds: number; mongoUrl?: string },
): Promise<Trial> {
  const startedAt = performance.now();
  const findings: Finding[] = [];
  try {
    if (mutant.caughtBy.includes('simulation')) {
      const broken = await runSimulation(options.seeds, { mutant });
      findings.push({
        check: 'simulation',
        caught: broken !== undefined,
        says: broken ? `${broken.invariant}: ${broken.what}` : `not in ${options.seeds} seeds`,
        ...(broken ? { seeds: broken.seed } : {}),
      });
    }
    for (const [check, verdict] of await runTests(mutant.caughtBy, { mutant, ...options })) {
      findings.push({ check, caught: verdict === 'failed', says: verdict });
    }
  } catch (error) {
    findings.push({ check: 'simulation', caught: false, says: (error as Error).message });
  }
  return { mutant, findings, ms: Math.round(performance.now() - startedAt) };
}

export const isCaught = ({ findings }: Trial): boolean =>
  findings.length > 0 && findings.every(({ caught }) => caught);
