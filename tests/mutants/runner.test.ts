import { describe, expect, it } from '@jest/globals';
import type { Mutant } from './mutant.ts';
import { runNode } from './run-node.ts';
import { isCaught, tryMutant } from './try-mutant.ts';

const SHARE = 'src/engine/share.ts';
const CHECK = 'tests/engine/share.test.ts [ENG12]';

const fault = (find: string, replace: string): Mutant => ({
  ...{ name: 'a-fault', breaks: ['ENG12'], says: 'A fault.', file: SHARE },
  ...{ find, replace, caughtBy: [CHECK] },
});
const NO_OWNER = fault('let bestWeight = -1;', 'let bestWeight = 2 ** 33;');

const askOwner = (mutant?: Mutant) =>
  runNode(
    [
      ...['--import', './tests/mutants/register.js', '--import', 'tsx', '--input-type=module'],
      ...['-e', `import('./${SHARE}').then(({ ownerOf }) => console.log(ownerOf('o1', ['n1'])))`],
    ],
    mutant ? { mutant } : {},
  );

describe('the run of mutants', () => {
  it('[MUT5] puts the fault into the source as it is loaded', async () => {
    expect((await askOwner()).stdout.trim()).toBe('n1');
    expect((await askOwner(NO_OWNER)).stdout.trim()).toBe('undefined');
  });

  it('[MUT5] stops where the fragment does not occur exactly once', async () => {
    for (const find of ['no such line', 'hash']) {
      const { code, stderr } = await askOwner(fault(find, ''));
      expect(code).not.toBe(0);
      expect(stderr).toContain(`mutant a-fault no longer applies to ${SHARE}`);
    }
  });

  it('[MUT6] tells a caught fault from one that survives and from one that runs nothing', async () => {
    const trial = (mutant: Mutant) => tryMutant(mutant, { seeds: 1 });
    expect(isCaught(await trial(NO_OWNER))).toBe(true);

    const harmless = await trial(fault('FNV-1a, 32 bits,', 'Some hash,'));
    expect(isCaught(harmless)).toBe(false);
    expect(harmless.findings).toMatchObject([{ check: CHECK, says: 'passed' }]);

    const unreadable = await trial(fault('let bestWeight = -1;', 'let let let'));
    expect(isCaught(unreadable)).toBe(false);
    expect(unreadable.findings[0]?.says).toContain('did not run');
  });

  it('[MUT7] says in one line what was expected, and exits 2', async () => {
    for (const [args, expected] of [
      [['--only', 'nobody'], 'no such mutant; there are memory-seq-dropped'],
      [['--seeds', 'many'], 'a whole number from 1'],
      [['--sedes', '3'], "Unknown option '--sedes'"],
    ] as const) {
      const { code, stderr } = await runNode(
        ['--import', 'tsx', 'tests/mutants/main.ts', ...args],
        {},
      );
      expect(code).toBe(2);
      expect(stderr).toContain(expected);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
