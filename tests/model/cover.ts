import type { StampedEvent } from '../../machines/common.ts';
import { branchId, type Decision } from './coverage.ts';
import type { ModelPath } from './explore.ts';

/** A world whose last event, and what became of it, is known. */
export interface Told {
  last?: Last;
}
interface Last {
  event: StampedEvent;
  decision: Decision;
}

/**
 * The fewest of the paths, nearly, that together show all that any of them shows: each branch taken,
 * each guard failing. Longer paths are looked at first, since they show most on their way.
 */
export function cover<World extends Told, Move>(
  paths: readonly ModelPath<World, Move>[],
): ModelPath<World, Move>[] {
  const wanted = new Map<string, ModelPath<World, Move>>();
  // The shortest path that ends in showing a thing is the one kept for it.
  for (const path of paths) {
    const shown = shownBy(path.steps.slice(-1));
    for (const thing of shown) {
      const known = wanted.get(thing);
      if (!known || path.steps.length < known.steps.length) wanted.set(thing, path);
    }
  }
  const kept: ModelPath<World, Move>[] = [];
  const shown = new Set<string>();
  const candidates = [...new Set(wanted.values())].sort((a, b) => b.steps.length - a.steps.length);
  for (const path of candidates) {
    const things = shownBy(path.steps);
    if (things.every((thing) => shown.has(thing))) continue;
    kept.push(path);
    for (const thing of things) shown.add(thing);
  }
  return kept.sort((a, b) => a.steps.length - b.steps.length);
}

const shownBy = <World extends Told, Move>(steps: ModelPath<World, Move>['steps']): string[] =>
  steps.flatMap(({ after }) => (after.last ? shownIn(after.last) : []));

/** What the system takes of itself is another thing than what somebody asks for. */
const shownIn = ({ event, decision: { state, asked, taken } }: Last): string[] => [
  ...(taken ? [`${branchId(state, taken)}${event.by.role === 'system' ? ' of itself' : ''}`] : []),
  ...asked.filter(({ held }) => !held).map(({ transition }) => `${transition.id} fails`),
];
