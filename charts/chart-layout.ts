import type { GraphState } from './machine-graph.ts';

export interface Point {
  x: number;
  y: number;
}
export interface Box extends Point {
  w: number;
  h: number;
}

/** A step that leaves its state, or its family of states, where it is: a row in the state's box. */
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
  /** Edges between the same two states share one line: the id of the edge that draws it. */
  line: string;
  /** On the way that all goes well. */
  usual: boolean;
  points: Point[];
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
