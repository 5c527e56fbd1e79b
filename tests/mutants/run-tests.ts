import { type Check, type Mutant, testOf } from './mutant.ts';
import { runNode } from './run-node.ts';

const JEST = [
  ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  ...[
    'node_modules/jest/bin/jest.js',
    '--config',
    'tests/mutants/jest.config.js',
    '-i',
    '--json',
    '--forceExit',
  ],
];

/** What became of the tests of one check. `absent`: the file has none that proves the rule. */
export type TestVerdict = 'passed' | 'failed' | 'absent';

interface JestReport {
  testResults: {
    name: string;
    message: string;
    assertionResults: { title: string; status: string }[];
  }[];
}

/**
 * Runs the tests of these checks in a process of their own, with the fault if one is given.
 * @throws {Error} when a file could not be run at all: that is a broken mutant, not a caught one
 */
export async function runTests(
  checks: readonly Check[],
  options: { mutant?: Mutant; mongoUrl?: string },
): Promise<Map<Check, TestVerdict>> {
  const tests = checks.flatMap((check) => {
    const test = testOf(check);
    return test ? [{ check, ...test }] : [];
  });
  if (tests.length === 0) return new Map();
  const files = [...new Set(tests.map(({ file }) => file))];
  const rules = [...new Set(tests.map(({ rule }) => rule))];
  const titles = rules.map((rule) => `\\[${rule}\\]`).join('|');
  const { stdout, stderr } = await runNode([...JEST, '-t', titles, '--runTestsByPath', ...files], {
    ...options,
  });
  const report = parse(stdout, stderr);
  return new Map(tests.map(({ check, file, rule }) => [check, verdictOf(report, file, rule)]));
}

function parse(stdout: string, stderr: string): JestReport {
  try {
    return JSON.parse(stdout) as JestReport;
  } catch {
    throw new Error(`jest gave no report:\n${stderr.slice(-2_000)}`);
  }
}

function verdictOf({ testResults }: JestReport, file: string, rule: string): TestVerdict {
  const result = testResults.find(({ name }) => name.endsWith(`/${file}`));
  if (!result || result.assertionResults.length === 0) {
    throw new Error(`${file} did not run:\n${result?.message.slice(0, 2_000) ?? 'not found'}`);
  }
  const statuses = result.assertionResults
    .filter(({ title }) => title.includes(`[${rule}]`))
    .map(({ status }) => status);
  if (statuses.includes('failed')) return 'failed';
  return statuses.includes('passed') ? 'passed' : 'absent';
}
