import { INVARIANTS } from './catalogue-faults.ts';
import { type Finding, isCaught, type Trial } from './try-mutant.ts';

/** One line per check of each mutant, for the terminal. */
export function linesOf(trial: Trial): string[] {
  const { mutant, ms } = trial;
  const head = `${isCaught(trial) ? '  ok    ' : '  FAILED'} ${mutant.name} (${mutant.breaks.join(', ')}), ${ms} ms`;
  return [head, ...trial.findings.map((finding) => `           ${phraseOf(finding)}`)];
}

function phraseOf({ check, caught, says, seeds }: Finding): string {
  const [line = ''] = says.split('\n');
  if (!caught) return `${check} does not catch it: ${line}`;
  return seeds === undefined
    ? check
    : `${check}, after ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}: ${short(line)}`;
}

const short = (text: string) => (text.length > 100 ? `${text.slice(0, 99)}…` : text);

/** Mutants that the simulation catches. */
export const bySimulation = (trials: readonly Trial[]): number =>
  trials.filter(({ findings }) => findings.some((each) => each.seeds !== undefined)).length;

/** Invariants that none of these mutants breaks, as its checks see it. */
export function unbroken(trials: readonly Trial[]): string[] {
  const broken = new Set(
    trials.filter(isCaught).flatMap(({ mutant }) => mutant.breaks as readonly string[]),
  );
  return INVARIANTS.filter((invariant) => !broken.has(invariant));
}

/** docs/MUTANTS.md: the same for the same code, whatever machine it ran on. */
export function toMarkdown(trials: readonly Trial[]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const checkOf = ({ check, says, seeds }: Finding) =>
    seeds === undefined
      ? `\`${check.replace(/^tests\//, '')}\``
      : `simulation, ${says.split(':')[0]} after ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`;
  const rows = trials.map(
    ({ mutant: { name, breaks, says, file }, findings }) =>
      `| ${name} | ${breaks.join(' ')} | ${cell(says)} | \`${file}\` | ${cell(findings.map(checkOf).join('; '))} |`,
  );
  const healed = trials.flatMap(({ mutant: { name, healedBy } }) =>
    healedBy === undefined ? [] : [`- ${name}: ${healedBy}.`],
  );
  return `# Mutants

Seeded faults in the places that carry the promises of [SPEC.md](SPEC.md), and what catches each.
Written by \`npm run mutants -- --write\`; \`tests/mutants/\` has the faults.

${trials.length} mutants, all caught, ${bySimulation(trials)} of them by the simulation.

| mutant | breaks | what is wrong | in | caught by |
|---|---|---|---|---|
${rows.join('\n')}

Harmless in any simulated world, since another guard heals it:

${healed.join('\n')}
`;
}
