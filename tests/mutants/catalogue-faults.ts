import { readFileSync } from 'node:fs';
import { type Mutant, testOf } from './mutant.ts';

/** The invariants of docs/SPEC.md. */
export const INVARIANTS = Array.from({ length: 14 }, (_, index) => `I${index + 1}`);

/**
 * What is wrong with the catalogue itself: a fragment that no longer occurs exactly once, a name twice,
 * a check that names no test. Each as one line.
 */
export function catalogueFaults(mutants: readonly Mutant[]): string[] {
  const read = (file: string) => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  return mutants.flatMap(({ name, file, find, replace, caughtBy }) => {
    const times = read(file).split(find).length - 1;
    const isTwice = mutants.filter((other) => other.name === name).length > 1;
    return [
      ...(times === 1
        ? []
        : [`mutant ${name} no longer applies: its fragment occurs ${times} times in ${file}`]),
      ...(find === replace ? [`mutant ${name} changes nothing`] : []),
      ...(isTwice ? [`two mutants are called ${name}`] : []),
      ...(caughtBy.length > 0 ? [] : [`mutant ${name} names no check`]),
      ...caughtBy.flatMap((check) => {
        const test = testOf(check);
        if (!test) return [];
        // The stores share their tests.
        const source = read(test.file) + read('tests/contract/store-contract.ts');
        return source.includes(`[${test.rule}]`) ? [] : [`mutant ${name}: there is no ${check}`];
      }),
    ];
  });
}
