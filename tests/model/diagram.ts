import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { CHART_NAMES, type ChartName, chartOf } from '../../charts/charted.ts';
import { toSvg } from '../../charts/to-svg.ts';

/** Where the committed chart of a machine is. */
export const diagramFile = (name: ChartName): string => `docs/${name}-machine.svg`;

export const drawDiagram = async (name: ChartName): Promise<string> => toSvg(await chartOf(name));

/** `model diagram`: writes each machine's chart into docs/. */
export const diagramCommand = (): Command =>
  new Command('diagram').description("write the machines' charts into docs/").action(async () => {
    for (const name of CHART_NAMES) {
      await writeFile(diagramFile(name), await drawDiagram(name));
      console.log(`wrote ${diagramFile(name)}`);
    }
  });
