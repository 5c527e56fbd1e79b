import { nodes } from './nodes.ts';
import { race } from './race.ts';
import { restart } from './restart.ts';

/** Scenarios with real processes, real sockets and SIGKILL; each ends with `N passed, N failed`. */
const SCENARIOS: Record<string, () => Promise<boolean>> = { restart, race, nodes };

const [name = '', ...rest] = process.argv.slice(2);
const scenario = SCENARIOS[name];
if (!scenario || rest.length > 0) {
  console.error(`usage: npm run faults -- ${Object.keys(SCENARIOS).join('|')}`);
  process.exit(2);
}
process.exit((await scenario()) ? 0 : 1);
