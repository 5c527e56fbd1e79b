import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Box, ChartLayout } from '../../charts/chart-layout.ts';
import { CHART_NAMES, chartOf } from '../../charts/charted.ts';
import { machineGraph } from '../../charts/machine-graph.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { diagramFile, drawDiagram } from '../model/diagram.ts';

const overlaps = (a: Box, b: Box) =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

/** Pairs of boxes that cover each other. */
const collisions = (boxes: readonly (Box & { id: string })[]) =>
  boxes.flatMap((a, index) =>
    boxes.slice(index + 1).flatMap((b) => (overlaps(a, b) ? [`${a.id} / ${b.id}`] : [])),
  );

const textsOf = ({ edges, nodes }: ChartLayout) => [
  ...edges.map(({ id, label }) => ({ id, ...label })),
  ...nodes.flatMap(({ chips }) => chips),
];

describe('charts', () => {
  it.each(CHART_NAMES)('[MOD8] docs/ has the %s chart as the machine is now', async (name) => {
    // Out of date? `npm run model -- diagram` writes it anew.
    expect(readFileSync(diagramFile(name), 'utf8')).toBe(await drawDiagram(name));
  });

  it.each(CHART_NAMES)('[MOD8] the %s chart hides no text behind another', async (name) => {
    const layout = await chartOf(name);
    const leaves = layout.nodes.filter(({ type }) => type !== 'compound');
    expect(collisions(leaves)).toEqual([]);
    expect(collisions(textsOf(layout))).toEqual([]);
    const labels = layout.edges.map(({ id, label }) => ({ id, ...label }));
    const hidden = labels.flatMap((label) =>
      leaves.filter((leaf) => overlaps(label, leaf)).map((leaf) => `${label.id} / ${leaf.id}`),
    );
    expect(hidden).toEqual([]);
  });

  it('[MOD8] show every state and every transition of the machine once', async () => {
    const graph = machineGraph(orderMachine);
    const layout = await chartOf('order');
    expect(layout.nodes.map(({ path }) => path)).toEqual(graph.states.map(({ path }) => path));
    expect(
      textsOf(layout)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(graph.transitions.map(({ id }) => id).sort());
    expect(JSON.parse(JSON.stringify(layout))).toEqual(layout);
  });
});
