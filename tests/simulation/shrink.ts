import { FAULT_KINDS } from './faults.ts';
import { runSeed } from './run-seed.ts';
import type { WorldOptions, WorldResult } from './world.ts';

export interface Shrunk {
  options: Partial<WorldOptions>;
  result: WorldResult;
  /** Worlds that were lived to find it. */
  runs: number;
}

/**
 * The same seed with as few orders, drivers and faults as still break the same invariant: first whole
 * kinds of faults are spared, then single ones. Bounded; not the least, but what can be read.
 */
export async function shrink(
  failed: WorldResult,
  world: Partial<WorldOptions>,
  { maxRuns = 120, maxMs = 20_000 } = {},
): Promise<Shrunk> {
  const endsAt = performance.now() + maxMs;
  const invariant = failed.violations[0]?.invariant;
  let best: Shrunk = { options: world, result: failed, runs: 0 };
  let runs = 0;

  async function attempt(options: Partial<WorldOptions>): Promise<boolean> {
    if (runs >= maxRuns || performance.now() > endsAt) return false;
    runs++;
    const result = await runSeed(failed.seed, options);
    const isSmaller = sizeOf(options, result) < sizeOf(best.options, best.result);
    if (result.violations[0]?.invariant !== invariant || !isSmaller) return false;
    best = { options, result, runs };
    return true;
  }
  const alsoSparing = (what: string) => ({
    ...best.options,
    spared: new Set([...(best.options.spared ?? []), what]),
  });

  for (const kind of FAULT_KINDS) {
    if (best.result.faults[kind] !== undefined) await attempt(alsoSparing(kind));
  }
  for (const orders of [1, 2, 3]) if (await attempt({ ...best.options, orders })) break;
  for (const drivers of [1, 2]) if (await attempt({ ...best.options, drivers })) break;
  for (const kind of FAULT_KINDS) {
    // Later ones first: the earlier ones then keep their numbers.
    for (let n = best.result.faults[kind] ?? 0; n > 0; n--)
      await attempt(alsoSparing(`${kind}#${n}`));
  }
  return { ...best, runs };
}

/** How much there is to read: a world that is spared one fault may meet others instead. */
function sizeOf(
  { orders = 0, drivers = 0 }: Partial<WorldOptions>,
  { faults }: WorldResult,
): number {
  return 5 * orders + 3 * drivers + Object.values(faults).reduce((sum, n) => sum + n, 0);
}
