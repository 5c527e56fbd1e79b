import type { ReadonlySignal } from '@preact/signals';
import { useLocation } from 'preact-iso';
import type { ChartNode } from '../../../../charts/chart-layout.ts';
import { serverNow } from '../../kit/clock.ts';
import { toCount, toDuration } from '../../kit/format.ts';
import { type StateFigures, worstOf } from '../state/by-state.ts';
import type { Flow } from '../state/flow.ts';
import { stateWord } from '../words.ts';

export interface BadgeProps {
  node: ChartNode;
  figures: ReadonlySignal<ReadonlyMap<string, StateFigures>>;
  flow: Flow;
}

const RADIUS = 17;

/**
 * How many orders are in the state; around it how much of the nearest deadline is used up, in the
 * colour of the worst of them. Where orders end: how many did since the console listens.
 */
export function StateBadge(props: BadgeProps) {
  const { node, flow } = props;
  const figures = props.figures.value.get(node.path);
  if (node.path === 'new') return null;
  if (node.type === 'final') return <Ended node={node} flow={flow} />;
  if (node.type === 'compound') {
    return (
      <text class="family" x={node.x + node.w - 12} y={node.y + 22} text-anchor="end">
        {figures?.count ?? 0}
      </text>
    );
  }
  return <Live node={node} of={figures} />;
}

function Live({ node, of }: { node: ChartNode; of: StateFigures | undefined }) {
  const { query, route } = useLocation();
  const isSelected = query.state === node.path;
  const count = of?.count ?? 0;
  const health = of ? worstOf(of) : 'none';
  const select = () => route(`/console?state=${node.path}`);
  const [cx, cy] = [node.x + node.w + 3, node.y + 3];
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be inside a drawing
    <g
      class={`live-state ${health} ${isSelected ? 'selected' : ''}`}
      role="button"
      // In a drawing, names of attributes keep their case.
      tabindex={0}
      aria-pressed={isSelected}
      aria-label={describe(node.path, of)}
      onClick={select}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        select();
      }}
    >
      <title>{describe(node.path, of)}</title>
      <rect class="cover" x={node.x} y={node.y} width={node.w} height={node.h} rx="8" />
      {of && <HealthBar node={node} of={of} />}
      <circle class="disc" cx={cx} cy={cy} r={RADIUS + 3} />
      <circle class="track" cx={cx} cy={cy} r={RADIUS} />
      <circle
        class="ring"
        cx={cx}
        cy={cy}
        r={RADIUS}
        pathLength="100"
        stroke-dasharray={`${Math.round((of?.used ?? 0) * 100)} 100`}
        transform={`rotate(-90 ${cx} ${cy})`}
      />
      <text class="count" x={cx} y={cy + 4.5} text-anchor="middle">
        {count < 10_000 ? count : `${Math.floor(count / 1_000)}k`}
      </text>
    </g>
  );
}

/** On time, at risk, late: by their share, along the foot of the box. */
function HealthBar({ node, of }: { node: ChartNode; of: StateFigures }) {
  const room = node.w - 16;
  let x = node.x + 8;
  return (
    <>
      {(['onTime', 'atRisk', 'late'] as const).map((health) => {
        const width = (room * of.health[health]) / of.count;
        const from = x;
        x += width;
        return (
          width > 0 && (
            <rect
              key={health}
              class={`share ${health}`}
              x={from}
              y={node.y + node.h - 5}
              width={width}
              height="3"
            />
          )
        );
      })}
    </>
  );
}

function Ended({ node, flow }: { node: ChartNode; flow: Flow }) {
  flow.version.value;
  const total = [...flow.kinds.values()]
    .filter(({ to }) => to === node.path)
    .reduce((sum, kind) => sum + kind.total, 0);
  return (
    <text class="ended" x={node.x + node.w + 8} y={node.y + 22}>
      <title>since this page was opened</title>+{total}
    </text>
  );
}

function describe(path: string, of: StateFigures | undefined): string {
  const { count, health, nearest } = of ?? { count: 0 };
  const parts = [
    ...(health && health.late > 0 ? [`${health.late} late`] : []),
    ...(health && health.atRisk > 0 ? [`${health.atRisk} at risk`] : []),
    ...(nearest ? [`nearest ${DEADLINES[nearest.deadline]} ${whenWords(nearest.until)}`] : []),
  ];
  return `${stateWord(path)}: ${[toCount(count, 'order'), ...parts].join(', ')}`;
}

function whenWords(until: number): string {
  const left = until - serverNow();
  return left >= 0 ? `in ${toDuration(left)}` : `${toDuration(-left)} ago`;
}

const DEADLINES = {
  start: 'start',
  giveUp: 'end of search',
  offer: 'end of an offer',
  release: 'release',
  promise: 'promise',
} as const;
