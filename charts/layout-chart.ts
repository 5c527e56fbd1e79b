import type { AnyStateMachine } from 'xstate';
import type { Box, ChartEdge, ChartLayout, ChartNode, Point } from './chart-layout.ts';
import { type ChartPlan, type ChartWish, type Line, planChart } from './chart-plan.ts';
import { CHART_TEXT } from './chart-text.ts';
import { type GraphState, type GraphTransition, machineGraph } from './machine-graph.ts';
import {
  type Column,
  placeColumn,
  type Route,
  round,
  STATE_HEAD,
  STATE_PAD,
} from './place-column.ts';

/** Beside a column: room for the lines that go from it to the next. */
const TRACK = 14;

/**
 * Lays a machine's chart out: states inside states, lines at right angles, the usual way straight
 * down, column by column. The same machine gives the same layout on any computer.
 */
export async function layoutChart(
  machine: AnyStateMachine,
  wish: ChartWish = {},
): Promise<ChartLayout> {
  const graph = machineGraph(machine);
  const plan = planChart(graph, wish);
  const columns: Column[] = [];
  let width = 0;
  for (const outermost of plan.columns) {
    if (width > 0) width += TRACK;
    const column = await placeColumn(plan, outermost);
    columns.push(shifted(column, width));
    width = round(width + column.w);
  }
  return {
    machine: graph.id,
    width,
    height: Math.max(...columns.map(({ h }) => h)),
    nodes: plan.states.map((state) => toNode(plan, state, columns)),
    edges: plan.lines.flatMap((line) => toEdges(plan, line, columns)),
  };
}

function shifted(column: Column, byX: number): Column {
  const move = <T extends Point>(point: T): T => ({ ...point, x: round(point.x + byX) });
  return {
    ...column,
    x: byX,
    boxes: new Map([...column.boxes].map(([path, box]) => [path, move(box)])),
    routes: new Map(
      [...column.routes].map(([key, { points, label }]) => [
        key,
        { points: points.map(move), ...(label ? { label: move(label) } : {}) },
      ]),
    ),
  };
}

function toNode(plan: ChartPlan, state: GraphState, columns: readonly Column[]): ChartNode {
  const { path, key, type, parent, initial } = state;
  const box = columns.flatMap(({ boxes }) => boxes.get(path) ?? [])[0] as Box;
  const chips = (plan.chips.get(path) ?? []).map((chip, row) => ({
    ...named(chip),
    ...rowAt(plan, chip, { x: box.x + STATE_PAD, y: box.y + STATE_HEAD }, row),
  }));
  return {
    ...{ id: path, path, label: key, type },
    ...(parent ? { parent } : {}),
    ...{ initial, ...box, chips },
  };
}

function toEdges(plan: ChartPlan, line: Line, columns: readonly Column[]): ChartEdge[] {
  const parts = columns.flatMap(({ routes }) => routes.get(line.key) ?? []);
  const from = parts.find(({ label }) => label) as Route & { label: Box };
  const to = parts.find((part) => part !== from);
  const points = to ? joined(from, to, columns) : from.points;
  return line.steps.map((step, row) => ({
    ...named(step),
    ...{ source: step.source, target: step.target },
    line: line.steps[0]?.id as string,
    usual: plan.usual.has(step.id),
    points,
    label: rowAt(plan, step, from.label, row),
  }));
}

/** From below its column to beside it, up, and into the next one from above. */
function joined(from: Route, to: Route, columns: readonly Column[]): Point[] {
  const [end, start] = [from.points.at(-1) as Point, to.points[0] as Point];
  const left = columns.findLast(({ x }) => x <= Math.max(end.x, start.x))?.x ?? 0;
  const x = left - TRACK / 2;
  return [...from.points, { x, y: end.y }, { x, y: start.y }, ...to.points];
}

const named = ({ id, event, guard }: GraphTransition) => ({
  ...{ id, event },
  ...(guard ? { guard } : {}),
});

const rowAt = (plan: ChartPlan, transition: GraphTransition, from: Point, row: number): Box => ({
  x: round(from.x),
  y: round(from.y + row * CHART_TEXT.linePx),
  w: plan.widthOf(transition),
  h: CHART_TEXT.linePx,
});
