import { chartTextWidth } from './chart-text.ts';
import type { GraphState, GraphTransition, MachineGraph } from './machine-graph.ts';

/** How a chart is to be laid out. */
export interface ChartWish {
  /** The events of the way that all goes well: it is kept straight. */
  usual?: readonly string[];
  /** Outermost states, column by column; default: all in one. */
  columns?: readonly (readonly string[])[];
  /** Room for what a transition is written as, pixels; default: event and guard. */
  widthOf?: (transition: { event: string; guard?: string }) => number;
}

export type LineStep = GraphTransition & { target: string };

/** Transitions between the same two states go on one line. */
export interface Line {
  key: string;
  source: string;
  target: string;
  steps: LineStep[];
  usual: boolean;
}

export interface ChartPlan {
  states: GraphState[];
  /** By their state: transitions that stay where they are. */
  chips: Map<string, GraphTransition[]>;
  lines: Line[];
  /** Ids of the transitions on the usual way. */
  usual: ReadonlySet<string>;
  columns: readonly (readonly string[])[];
  widthOf: NonNullable<ChartWish['widthOf']>;
}

/** What is drawn as a line, what as a row in a box, and which way is the usual one. */
export function planChart(graph: MachineGraph, wish: ChartWish): ChartPlan {
  const { states, transitions } = graph;
  const outermost = states.filter(({ parent }) => parent === undefined).map(({ path }) => path);
  const columns = wish.columns ?? [outermost];
  const missing = outermost.filter((path) => !columns.flat().includes(path));
  if (missing.length > 0) throw new Error(`no column has ${missing.join(', ')}`);
  const usual = usualOf(transitions, wish.usual ?? []);
  const lines = grouped(
    transitions.filter(isLineStep),
    ({ source, target }) => `${source} → ${target}`,
  );
  return {
    states,
    chips: grouped(
      transitions.filter((transition) => !isLineStep(transition)),
      ({ source }) => source,
    ),
    lines: [...lines].map(([key, steps]) => toLine(key, steps, usual)),
    ...{ usual, columns, widthOf: wish.widthOf ?? chartTextWidth },
  };
}

function toLine(key: string, steps: LineStep[], usual: ReadonlySet<string>): Line {
  const { source, target } = steps[0] as LineStep;
  return {
    ...{ key, source, target, steps },
    usual: steps.some(({ id }) => usual.has(id)),
  };
}

const isLineStep = (transition: GraphTransition): transition is LineStep =>
  transition.target !== undefined && transition.target !== transition.source;

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

/** The usual way starts where the machine does; of several steps of an event the last is the plain one. */
function usualOf(transitions: readonly GraphTransition[], events: readonly string[]): Set<string> {
  const taken = new Set<string>();
  let at = transitions[0]?.source ?? '';
  for (const event of events) {
    const step = transitions.findLast(
      ({ event: type, source, target }) =>
        type === event && target !== undefined && `${at}.`.startsWith(`${source}.`),
    );
    if (!step?.target) throw new Error(`${event} leads nowhere from ${at}`);
    taken.add(step.id);
    at = step.target;
  }
  return taken;
}
