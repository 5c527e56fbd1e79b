import layout from 'virtual:order-chart';
import type { StepKind } from '../state/flow.ts';

/** A transition of the chart, drawn as a line or as a row in its state's box. */
export interface Transition {
  id: string;
  event: string;
  guard?: string;
  source: string;
  /** Absent: it stays where it is. */
  target?: string;
}

/** Lines first: a step that stays where it was may still be one of a family's lines into that state. */
export const TRANSITIONS: readonly Transition[] = [
  ...layout.edges.map(({ id, event, guard, source, target }) => ({
    ...{ id, event, source, target },
    ...(guard !== undefined && { guard }),
  })),
  ...layout.nodes.flatMap(({ path, chips }) =>
    chips.map(({ id, event, guard }) => ({
      ...{ id, event, source: path },
      ...(guard !== undefined && { guard }),
    })),
  ),
];

export const transitionById = new Map(TRANSITIONS.map((each) => [each.id, each]));

/** The innermost transition of this event that a state has; a line before a row. */
export const transitionFrom = (state: string, event: string): Transition | undefined =>
  ranked((each) => each.event === event && isInside(state, each.source)).at(0);

const known = new Map<string, string | undefined>();

/** Which transition a step took; undefined: one that this console's chart does not have. */
export function transitionOf({ type, from, to }: StepKind): string | undefined {
  const key = `${from} ${type} ${to}`;
  if (!known.has(key)) known.set(key, find(type, from, to)?.id);
  return known.get(key);
}

const find = (type: string, from: string, to: string) =>
  ranked(
    ({ event, source, target }) =>
      event === type && isInside(from, source) && (target ?? from) === to,
  ).at(0);

const ranked = (isOne: (transition: Transition) => boolean) =>
  TRANSITIONS.filter(isOne).sort(
    (a, b) => Number(!a.target) - Number(!b.target) || b.source.length - a.source.length,
  );

const isInside = (state: string, source: string) => `${state}.`.startsWith(`${source}.`);
