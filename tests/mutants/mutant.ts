/** What must catch a mutant: the simulation, or the tests of one file that prove one rule. */
export type Check = 'simulation' | `tests/${string}.test.ts [${string}]`;

/** A seeded fault in a place that carries a promise: one fragment of source, and what is there instead. */
export interface Mutant {
  name: string;
  /** Rules of docs/SPEC.md that it breaks. */
  breaks: readonly string[];
  /** What is wrong with it, in one sentence. */
  says: string;
  file: string;
  /** Occurs in the file exactly once. */
  find: string;
  replace: string;
  /** Why a simulated world comes to its end all the same, where that is no oversight. */
  healedBy?: string;
  /** Each of these must catch it. */
  caughtBy: readonly Check[];
}

/** File and rule of a check that is a test. */
export function testOf(check: Check): { file: string; rule: string } | undefined {
  const [, file, rule] = check.match(/^(.+\.test\.ts) \[(.+)\]$/) ?? [];
  return file !== undefined && rule !== undefined ? { file, rule } : undefined;
}
