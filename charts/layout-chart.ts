import elk, { type ElkExtendedEdge, type ElkLabel, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { AnyStateMachine } from 'xstate';
import { type GraphState, type GraphTransition, machineGraph } from './machine-graph.ts';

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A step that leaves its state, or its family of states, where it is: a line in the state's box. */
export interface ChartChip extends Box {
  /** Of the transition, see machine-graph.ts. */
  id: string;
  event: string;
  guard?: string;
}

export interface ChartNode extends Box {
  /** Dotted path, as orders and shifts carry it in `state`. */
  id: string;
  path: string;
  label: string;
  type: GraphState['type'];
  parent?: string;
  initial: boolean;
  chips: ChartChip[];
}

export interface ChartEdge {
  /** Of the transition, see machine-graph.ts. */
  id: string;
  source: string;
  target: string;
  event: string;
  guard?: string;
  /** Edges between the same two states share one line; the first of them draws it. */
  line: string;
  /** On the way that all goes well. */
  usual: boolean;
  points: { x: number; y: number }[];
  label: Box;
}

/** Where everything of a machine's chart is, in pixels from the top left; plain JSON. */
export interface ChartLayout {
  machine: string;
  width: number;
  height: number;
  nodes: ChartNode[];
  edges: ChartEdge[];
}

/** What labels are drawn with; layouts leave exactly this much room. */
export const CHART_TEXT = {
  statePx: 13,
  stateEm: 7.8,
  eventPx: 11,
  eventEm: 6.7,
  linePx: 17,
} as const;

const PAD = 12;
const HEAD = 28;

/**
 * Lays a machine's chart out: states inside states, lines at right angles, the usual way straight.
 * The same machine gives the same layout, on any computer.
 * @param usual the events of the way that all goes well, which is kept straight
 */
export async function layoutChart(
  machine: AnyStateMachine,
  { usual = [] }: { usual?: readonly string[] } = {},
): Promise<ChartLayout> {
  const { id, states, transitions } = machineGraph(machine);
  const plan = {
    states,
    chips: transitions.filter((transition) => !isLine(transition)),
    lines: linesOf(transitions.filter(isLine)),
    isUsual: usualAmong(transitions, usual),
  };
  return { machine: id, ...toLayout(plan, await new elk.default().layout(toElk(plan))) };
}

type Line = GraphTransition & { target: string };
interface Plan {
  states: GraphState[];
  chips: GraphTransition[];
  /** Transitions between the same two states go on one line. */
  lines: Map<string, Line[]>;
  isUsual(line: Line): boolean;
}

const isLine = (transition: GraphTransition): transition is Line =>
  transition.target !== undefined && transition.target !== transition.source;

function linesOf(transitions: Line[]): Map<string, Line[]> {
  const lines = new Map<string, Line[]>();
  for (const transition of transitions) {
    const key = `${transition.source}→${transition.target}`;
    lines.set(key, [...(lines.get(key) ?? []), transition]);
  }
  return lines;
}

/** The usual way starts where the machine does, and takes the first line of each event from there. */
function usualAmong(transitions: readonly GraphTransition[], usual: readonly string[]) {
  const taken = new Set<string>();
  let at = transitions[0]?.source ?? '';
  for (const event of usual) {
    const next = transitions.filter(
      ({ event: type, source, target }) =>
        type === event && target !== undefined && (at === source || at.startsWith(`${source}.`)),
    );
    const step = next.at(-1);
    if (!step?.target) throw new Error(`${event} leads nowhere from ${at}`);
    taken.add(step.id);
    at = step.target;
  }
  return ({ id }: Line) => taken.has(id);
}

// --- to ELK ---

const GRAPH_OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.padding': '[top=16,left=16,right=16,bottom=16]',
};

function toElk(plan: Plan): ElkNode {
  return {
    id: '',
    layoutOptions: GRAPH_OPTIONS,
    children: childrenOf(undefined),
    edges: [...plan.lines].map(([key, transitions]) => ({
      id: key,
      sources: [transitions[0]?.source as string],
      targets: [transitions[0]?.target as string],
      labels: [
        {
          text: key,
          width: Math.max(...transitions.map(textWidth)),
          height: transitions.length * CHART_TEXT.linePx,
        },
      ],
      ...(transitions.some(plan.isUsual)
        ? {
            layoutOptions: {
              'elk.layered.priority.straightness': '20',
              'elk.layered.priority.direction': '20',
              'elk.layered.priority.shortness': '20',
            },
          }
        : {}),
    })),
  };

  function childrenOf(parent: string | undefined): ElkNode[] {
    return plan.states
      .filter((state) => state.parent === parent)
      .map((state) => {
        const children = childrenOf(state.path);
        const chips = chipsOf(plan, state.path);
        const width = Math.max(
          ...chips.map(({ w }) => w),
          state.key.length * CHART_TEXT.stateEm + 14,
        );
        const height = HEAD + chips.length * CHART_TEXT.linePx + 8;
        if (children.length === 0) {
          return { id: state.path, width: Math.ceil(width) + 2 * PAD, height };
        }
        // A family's own chips stand beside its children, where no line comes in.
        const left = chips.length > 0 ? width + 2 * PAD : PAD;
        return {
          id: state.path,
          children,
          layoutOptions: {
            'elk.padding': `[top=${HEAD + 8},left=${left},right=${PAD + 4},bottom=${PAD + 4}]`,
            'elk.nodeSize.constraints': 'MINIMUM_SIZE',
            'elk.nodeSize.minimum': `(${width}, ${height})`,
          },
        };
      });
  }
}

/** A state's chips, one below the other from the top left of its box. */
const chipsOf = (plan: Plan, path: string): ChartChip[] =>
  plan.chips
    .filter(({ source }) => source === path)
    .map((chip, row) => {
      const { id, event, guard } = chip;
      const h = CHART_TEXT.linePx;
      const box = { x: PAD, y: HEAD + row * h, w: textWidth(chip), h };
      return { id, event, ...(guard ? { guard } : {}), ...box };
    });

/** How a transition is written on the chart. */
export const chartText = ({ event, guard }: { event: string; guard?: string }): string =>
  guard ? `${event} [${guard}]` : event;

const textWidth = (transition: { event: string; guard?: string }): number =>
  Math.ceil(chartText(transition).length * CHART_TEXT.eventEm) + 6;

// --- from ELK ---

function toLayout(plan: Plan, placed: ElkNode) {
  const boxes = new Map(allNodes(placed).map((node) => [node.id, boxOf(node)]));
  const nodes = plan.states.map((state): ChartNode => {
    const box = boxes.get(state.path) as Box;
    return {
      ...{ id: state.path, path: state.path, label: state.key, type: state.type },
      ...(state.parent ? { parent: state.parent } : {}),
      initial: state.initial,
      ...box,
      chips: chipsOf(plan, state.path).map((chip) => ({
        ...chip,
        x: round(chip.x + box.x),
        y: round(chip.y + box.y),
      })),
    };
  });
  const edges = allEdges(placed).flatMap((edge): ChartEdge[] => {
    const transitions = plan.lines.get(edge.id) ?? [];
    const label = boxOf(edge.labels?.[0] ?? {});
    const { startPoint, bendPoints = [], endPoint } = edge.sections?.[0] ?? {};
    const points = [startPoint, ...bendPoints, endPoint].map((point) => ({
      x: round(point?.x),
      y: round(point?.y),
    }));
    return transitions.map((transition, row) => {
      const { id, source, target, event, guard } = transition;
      const h = CHART_TEXT.linePx;
      return {
        ...{ id, source, target, event, ...(guard ? { guard } : {}) },
        line: transitions[0]?.id as string,
        usual: plan.isUsual(transition),
        points,
        label: { x: label.x, y: label.y + row * h, w: textWidth(transition), h },
      };
    });
  });
  return { width: round(placed.width), height: round(placed.height), nodes, edges };
}

const allNodes = (node: ElkNode): ElkNode[] =>
  (node.children ?? []).flatMap((child) => [child, ...allNodes(child)]);

const allEdges = (node: ElkNode): ElkExtendedEdge[] => [
  ...(node.edges ?? []),
  ...(node.children ?? []).flatMap(allEdges),
];

const boxOf = ({ x, y, width, height }: Partial<ElkNode & ElkLabel>): Box => ({
  ...{ x: round(x), y: round(y), w: round(width), h: round(height) },
});

const round = (value = 0): number => Math.round(value * 10) / 10;
