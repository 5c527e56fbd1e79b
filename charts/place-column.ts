import elk, { type ElkExtendedEdge, type ElkLabel, type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { Box, Point } from './chart-layout.ts';
import type { ChartPlan, Line } from './chart-plan.ts';
import { CHART_TEXT } from './chart-text.ts';

export interface Route {
  points: Point[];
  /** Where it starts, it is named. */
  label?: Box;
}

/** Where the states and lines of one column are, from its own top left. */
export interface Column {
  x: number;
  w: number;
  h: number;
  boxes: Map<string, Box>;
  /** By the line's key. A line to another column ends below all else, and comes in above all else. */
  routes: Map<string, Route>;
}

/** Room around a state's texts, and from its top to the first of its own steps. */
export const STATE_PAD = 12;
export const STATE_HEAD = 28;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.edgeCoords': 'ROOT',
  'elk.json.shapeCoords': 'ROOT',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.spacing.nodeNodeBetweenLayers': '22',
  'elk.layered.spacing.edgeNodeBetweenLayers': '12',
  'elk.spacing.nodeNode': '22',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.padding': '[top=16,left=16,right=16,bottom=16]',
};

/** The usual way comes first whenever lines compete for being straight. */
const STRAIGHT = {
  'elk.layered.priority.straightness': '20',
  'elk.layered.priority.direction': '20',
  'elk.layered.priority.shortness': '20',
};

/** Lays out the outermost states named, with all that is in them. */
export async function placeColumn(plan: ChartPlan, outermost: readonly string[]): Promise<Column> {
  const isIn = (path: string) =>
    outermost.some((top) => path === top || path.startsWith(`${top}.`));
  const lines = plan.lines.filter(({ source, target }) => isIn(source) || isIn(target));
  const away = lines.filter(({ source, target }) => !isIn(source) || !isIn(target));
  const placed: ElkNode = await new elk.default().layout({
    id: '',
    layoutOptions: OPTIONS,
    children: [
      ...away.map((line) => stubOf(line, isIn(line.source))),
      ...statesIn(plan, (path, parent) => parent === undefined && outermost.includes(path)),
    ],
    edges: lines.map((line) => toEdge(plan, line, isIn(line.source), isIn(line.target))),
  });
  return {
    x: 0,
    w: round(placed.width),
    h: round(placed.height),
    boxes: new Map(allNodes(placed).map((node) => [node.id, boxOf(node)])),
    routes: new Map(
      allEdges(placed).map((edge) => {
        const { startPoint, bendPoints = [], endPoint } = edge.sections?.[0] ?? {};
        const points = [startPoint, ...bendPoints, endPoint]
          .map((point) => ({ x: round(point?.x), y: round(point?.y) }))
          .map(upright);
        if (isBackward(plan, edge.id)) points.reverse();
        const label = edge.labels?.[0];
        return [edge.id, { points, ...(label ? { label: boxOf(label) } : {}) }];
      }),
    ),
  };
}

/** Where a line leaves the column, below all else, or comes into it, above all else. */
const stubOf = (line: Line, leaves: boolean): ElkNode => ({
  id: `${line.key} stub`,
  width: 1,
  height: 1,
  layoutOptions: {
    'elk.layered.layering.layerConstraint': leaves ? 'LAST_SEPARATE' : 'FIRST_SEPARATE',
  },
});

function toEdge(plan: ChartPlan, line: Line, fromHere: boolean, toHere: boolean): ElkExtendedEdge {
  const label = {
    text: line.key,
    width: Math.max(...line.steps.map(plan.widthOf)),
    height: line.steps.length * CHART_TEXT.linePx,
  };
  const from = fromHere ? line.source : `${line.key} stub`;
  const to = toHere ? line.target : `${line.key} stub`;
  return {
    id: line.key,
    ...(isBackward(plan, line.key)
      ? { sources: [to], targets: [from] }
      : { sources: [from], targets: [to] }),
    // A line between columns is named where it starts.
    ...(fromHere ? { labels: [label] } : {}),
    ...(line.usual ? { layoutOptions: STRAIGHT } : {}),
  };
}

/** True when it leads to a state further up in the machine's file: it runs up the chart, too. */
function isBackward({ states, lines }: ChartPlan, key: string): boolean {
  const line = lines.find((each) => each.key === key);
  const rank = (path?: string) => states.findIndex((state) => state.path === path);
  return rank(line?.source) > rank(line?.target);
}

function statesIn(
  plan: ChartPlan,
  isWanted: (path: string, parent: string | undefined) => boolean,
): ElkNode[] {
  return plan.states
    .filter(({ path, parent }) => isWanted(path, parent))
    .map(({ path, key, initial }) => {
      const children = statesIn(plan, (_, parent) => parent === path);
      const chips = plan.chips.get(path) ?? [];
      const name = key.length * CHART_TEXT.stateEm + (initial ? 14 : 0);
      const width = Math.ceil(Math.max(name, ...chips.map(plan.widthOf)));
      const height = STATE_HEAD + chips.length * CHART_TEXT.linePx + 8;
      if (children.length === 0) return { id: path, width: width + 2 * STATE_PAD, height };
      // A family's own steps stand beside its children, where no line comes in.
      const left = chips.length > 0 ? width + 2 * STATE_PAD : STATE_PAD;
      const padding = `[top=${STATE_HEAD + 8},left=${left},right=${STATE_PAD},bottom=${STATE_PAD}]`;
      return {
        id: path,
        children,
        layoutOptions: {
          'elk.padding': padding,
          'elk.nodeSize.constraints': 'MINIMUM_SIZE',
          'elk.nodeSize.minimum': `(${width}, ${height})`,
        },
      };
    });
}

/** ELK adds offsets of families up; what is left of it makes lines lean by a pixel or two. */
function upright(point: Point, index: number, points: readonly Point[]): Point {
  const before = points[index - 1];
  return before && Math.abs(before.x - point.x) < 3 && Math.abs(before.y - point.y) > 3
    ? { x: before.x, y: point.y }
    : point;
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

export const round = (value = 0): number => Math.round(value * 10) / 10;
