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

const known = new Map<string, string | undefined>();

/** Which transition a step took; undefined: one that this console's chart does not have. */
export function transitionOf({ type, from, to }: StepKind): string | undefined {
  const key = `${from} ${type} ${to}`;
  if (!known.has(key)) known.set(key, find(type, from, to)?.id);
  return known.get(key);
}

const find = (type: string, from: string, to: string) =>
  TRANSITIONS.filter(
    ({ event, source, target }) =>
      event === type && `${from}.`.startsWith(`${source}.`) && (target ?? from) === to,
    // The innermost state that takes the event is asked first, and a line before a row.
  )
    .sort((a, b) => Number(!a.target) - Number(!b.target) || b.source.length - a.source.length)
    .at(0);

/** How a state is called where its family is not in sight: `out for delivery: at door`. */
export const toWords = (path: string): string =>
  path
    .split('.')
    .map((part) => part.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))
    .join(': ');
