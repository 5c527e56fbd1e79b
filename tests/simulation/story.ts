import type { Told, WorldResult } from './world.ts';

/** The last lines of a story that is cut short. */
const SHOWN = 45;

/** Who did what when, up to the violation: what has to do with its actor, and every fault. */
export function tellShort({ story, violations }: WorldResult): string[] {
  const [first] = violations;
  const isAbout = ({ id, text }: Told) =>
    first?.id === undefined || id === undefined || id === first.id || text.startsWith('!');
  const lines = story.filter(isAbout);
  const left = lines.length - SHOWN;
  return [
    ...(left > 0 ? [`      … ${left} earlier lines: --story tells all`] : []),
    ...lines.slice(-SHOWN).map(toLine),
  ];
}

export const tellAll = ({ story }: WorldResult): string[] => story.map(toLine);

const toLine = ({ at, text }: Told): string => `${(at / 1_000).toFixed(3).padStart(9)}  ${text}`;
