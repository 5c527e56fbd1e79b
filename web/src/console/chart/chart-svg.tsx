import layout from 'virtual:order-chart';
import type { FunctionComponent, RefObject } from 'preact';
import type { ChartNode } from '../../../../charts/chart-layout.ts';
import { linePath } from '../../../../charts/line-path.ts';

/** A transition's text on the chart. */
export interface TransitionText {
  id: string;
  event: string;
  guard?: string;
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface ChartSvgProps {
  label: string;
  svg?: RefObject<SVGSVGElement | null>;
  classOfState?(path: string): string;
  classOfTransition?(id: string): string;
  /** What is drawn on top of a state's box. */
  State?: FunctionComponent<{ node: ChartNode }>;
  /** What is drawn beside or instead of a transition's text. */
  Text?: FunctionComponent<{ text: TransitionText }>;
  onTransition?(id: string): void;
}

const TEXTS: readonly TransitionText[] = [
  ...layout.edges.map(({ label, ...edge }) => ({ ...edge, ...label })),
  ...layout.nodes.flatMap(({ chips }) => chips),
];
const LINES = layout.edges.filter(({ id, line }) => id === line);
/** Room for what is drawn on the corners of boxes. */
const ROOM = 24;
export const chartSize = { width: layout.width + ROOM, height: layout.height + ROOM };
const VIEW_BOX = `0 ${-ROOM / 2} ${chartSize.width} ${chartSize.height}`;
/** By the line that draws them: the transitions between the same two states. */
const SHARED = new Map(LINES.map(({ id }) => [id, layout.edges.filter(({ line }) => line === id)]));

/** The order machine's chart as it was laid out at the build; what it tells is its caller's. */
export function ChartSvg(props: ChartSvgProps) {
  const { State, Text = PlainText, classOfState, classOfTransition } = props;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with buttons in it
    <svg
      class="chart"
      viewBox={VIEW_BOX}
      role="group"
      aria-label={props.label}
      {...(props.svg && { ref: props.svg })}
    >
      <defs>
        <marker
          id="tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path d="M0 0.5L7.5 4L0 7.5z" class="tip" />
        </marker>
      </defs>
      {layout.nodes.map((node) => (
        <Box key={node.path} node={node} look={classOfState?.(node.path) ?? ''} />
      ))}
      {LINES.map(({ id, points }) => {
        const shared = SHARED.get(id) ?? [];
        const looks = shared.map((edge) => classOfTransition?.(edge.id) ?? '').join(' ');
        const usual = shared.some((edge) => edge.usual) ? 'usual' : '';
        return (
          <path
            key={id}
            data-line={id}
            class={`line ${usual} ${looks}`}
            d={linePath(points)}
            marker-end="url(#tip)"
          />
        );
      })}
      {TEXTS.map((text) => (
        <g
          key={text.id}
          data-transition={text.id}
          class={`event ${classOfTransition?.(text.id) ?? ''}`}
          {...(props.onTransition && { onClick: () => props.onTransition?.(text.id) })}
        >
          <title>{text.guard ? `${text.event}, if ${text.guard}` : text.event}</title>
          <rect class="hit" x={text.x} y={text.y} width={text.w} height={text.h} rx="3" />
          <Text text={text} />
        </g>
      ))}
      {State && layout.nodes.map((node) => <State key={node.path} node={node} />)}
    </svg>
  );
}

export function PlainText({ text }: { text: TransitionText }) {
  return (
    <text x={text.x + 3} y={text.y + 12}>
      {text.event}
    </text>
  );
}

function Box({ node, look }: { node: ChartNode; look: string }) {
  const { x, y, w, h, type, label, initial } = node;
  return (
    <g class={`state ${type} ${look}`}>
      <rect class="box" x={x} y={y} width={w} height={h} rx="8" />
      {type === 'final' && (
        <rect class="inner" x={x + 3} y={y + 3} width={w - 6} height={h - 6} rx="5.5" />
      )}
      {initial && <circle class="initial" cx={x + 15} cy={y + 18} r="3.5" />}
      <text class="name" x={x + (initial ? 25 : 13)} y={y + 22}>
        {label}
      </text>
    </g>
  );
}

/** The layout's line that draws a transition; undefined for one that stays where it is. */
export const lineOf = new Map(layout.edges.map(({ id, line }) => [id, line]));
