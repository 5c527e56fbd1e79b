import { benchBoard } from './board.ts';
import { benchBoot } from './boot.ts';
import { benchCommit } from './commit.ts';
import { benchHeap } from './heap.ts';

const BENCHES: Record<string, (options: { short: boolean }) => Promise<void>> = {
  commit: benchCommit,
  boot: benchBoot,
  heap: benchHeap,
  board: benchBoard,
};

const [name = '', ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
if (!bench || flags.some((flag) => flag !== '--short')) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')} [--short]`);
  process.exit(2);
}
await bench({ short: flags.includes('--short') });
