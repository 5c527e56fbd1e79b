import { runSeed } from '../simulation/run-seed.ts';

/**
 * Lives worlds from seed 1 on, until an invariant is broken; prints what was found as one line of JSON.
 * In a process of its own, so that the code under test can be loaded with a fault in it.
 */
const seeds = Number(process.argv[2]);

for (let seed = 1; seed <= seeds; seed++) {
  const [violation] = (await runSeed(seed)).violations;
  if (!violation) continue;
  const { invariant, what } = violation;
  process.stdout.write(`${JSON.stringify({ seed, invariant, what })}\n`);
  process.exit(0);
}
process.stdout.write('{}\n');
