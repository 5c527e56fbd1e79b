import type { ChartLayout, ChartNode } from './chart-layout.ts';
import { CHART_TEXT } from './chart-text.ts';
import { linePath } from './line-path.ts';

export interface SvgOptions {
  /** Class of a transition's line and label, beside the chart's own. */
  classOf?: (transitionId: string) => string;
  /** Text that pointing at a transition shows. */
  titleOf?: (transitionId: string) => string;
  /** Added after the chart's own style. */
  style?: string;
}

/** The chart as a self-contained SVG, light or dark as the viewer's system is. */
export function toSvg(layout: ChartLayout, options: SvgOptions = {}): string {
  const { width, height, nodes, edges } = layout;
  const parts: string[] = [];
  for (const node of nodes) parts.push(drawNode(node));
  for (const edge of edges.filter(({ id, line }) => id === line)) {
    parts.push(drawLine(edge));
  }
  for (const edge of edges) parts.push(drawText(edge, edge.label));
  for (const chip of nodes.flatMap((node) => node.chips)) parts.push(drawText(chip, chip));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${layout.machine} machine">`,
    `<style>${STYLE}${options.style ?? ''}</style>`,
    `<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0.5L7.5 4L0 7.5z" class="tip"/></marker></defs>`,
    `<rect class="paper" width="100%" height="100%"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');

  function drawLine({ id, usual, points }: ChartLayout['edges'][number]): string {
    const shared = edges.filter((edge) => edge.line === id);
    const isUsual = usual || shared.some((edge) => edge.usual);
    const extra = shared.map((edge) => options.classOf?.(edge.id) ?? '').join(' ');
    return `<path class="line${isUsual ? ' usual' : ''} ${extra}" d="${linePath(points)}" marker-end="url(#tip)"/>`;
  }

  function drawText(
    transition: { id: string; event: string; guard?: string },
    box: { x: number; y: number },
  ): string {
    const { id, event, guard } = transition;
    const title = options.titleOf?.(id);
    return (
      `<text class="event ${options.classOf?.(id) ?? ''}" x="${box.x + 3}" y="${box.y + 12}">` +
      `${title ? `<title>${escapeXml(title)}</title>` : ''}${escapeXml(event)}` +
      `${guard ? `<tspan class="guard"> [${escapeXml(guard)}]</tspan>` : ''}</text>`
    );
  }
}

function drawNode({ x, y, w, h, type, label, initial }: ChartNode): string {
  const shapes = [
    `<rect class="state ${type}" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`,
  ];
  if (type === 'final') {
    shapes.push(
      `<rect class="inner" x="${x + 3}" y="${y + 3}" width="${w - 6}" height="${h - 6}" rx="5.5"/>`,
    );
  }
  const dot = initial ? `<circle class="initial" cx="${x + 15}" cy="${y + 18}" r="3.5"/>` : '';
  shapes.push(
    `${dot}<text class="name" x="${x + (initial ? 25 : 13)}" y="${y + 22}">${escapeXml(label)}</text>`,
  );
  return shapes.join('');
}

/** Text as XML and HTML have it. */
export const escapeXml = (text: string): string =>
  text.replace(
    /[<>&"]/g,
    (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[char] as string,
  );

const STYLE = `
.chart{--paper:#fff;--ink:#1b2430;--soft:#66707d;--rule:#c3cad3;--fill:#f6f8fa;--leaf:#fff;--usual:#1f6f43}
@media (prefers-color-scheme:dark){.chart{--paper:#12161c;--ink:#e6eaf0;--soft:#99a4b3;--rule:#3a4553;--fill:#181e26;--leaf:#202833;--usual:#5cc48a}}
.paper{fill:var(--paper)}
.state{fill:var(--leaf);stroke:var(--rule);stroke-width:1.2}
.state.compound{fill:var(--fill)}
.state.final{stroke:var(--ink)}
.inner{fill:none;stroke:var(--ink)}
.initial{fill:var(--ink)}
.name{font:600 ${CHART_TEXT.statePx}px system-ui,sans-serif;fill:var(--ink)}
.line{fill:none;stroke:var(--soft);stroke-width:1.2}
.line.usual{stroke:var(--usual);stroke-width:2}
.tip{fill:context-stroke}
.event{font:${CHART_TEXT.eventPx}px ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:var(--ink)}
.guard{fill:var(--soft)}
`;
