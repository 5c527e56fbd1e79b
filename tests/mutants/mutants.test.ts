import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { catalogueFaults, INVARIANTS } from './catalogue-faults.ts';
import { MUTANTS } from './mutants.ts';

describe('mutants', () => {
  it('[MUT1] each apply to the code as it is, and name a check that exists', () => {
    expect(catalogueFaults(MUTANTS)).toEqual([]);
  });

  it('[MUT2] break every invariant', () => {
    const broken = new Set(MUTANTS.flatMap(({ breaks }) => breaks as string[]));
    expect(INVARIANTS.filter((invariant) => !broken.has(invariant))).toEqual([]);
  });

  it('[MUT3] break rules that are in the specification', () => {
    const spec = readFileSync('docs/SPEC.md', 'utf8');
    const unknown = MUTANTS.flatMap(({ breaks }) => breaks as string[]).filter(
      (rule) => !spec.includes(`| ${rule} |`),
    );
    expect(unknown).toEqual([]);
  });

  it('[MUT4] are all in docs/MUTANTS.md', () => {
    const table = readFileSync('docs/MUTANTS.md', 'utf8');
    const missing = MUTANTS.map(({ name }) => name).filter(
      (name) => !table.includes(`| ${name} |`),
    );
    expect(missing).toEqual([]);
  });
});
