import { useMemo } from 'preact/hooks';
import type { StepKind } from '../state/flow.ts';
import { ChartFrame } from './chart-frame.tsx';
import { ChartSvg, PlainText, type TransitionText } from './chart-svg.tsx';
import { transitionFrom, transitionOf } from './transitions.ts';
import './chart.css';

/** Something that can be done to the order now, or tried. */
export interface ChartMove {
  event: string;
  label: string;
  danger?: boolean;
}

/**
 * One order on the chart: where it is, how it came there, and what could happen next, as buttons on
 * the transitions it would take. Knows nothing of where any of it comes from.
 */
export function OrderChart(props: {
  /** Where it is: dotted path. */
  state: string;
  /** The steps it took, in order. */
  taken: readonly StepKind[];
  moves?: readonly ChartMove[];
  onMove?(event: string): void;
}) {
  const { state, taken, moves = [], onMove } = props;
  const last = taken.at(-1);
  const lastId = last && transitionOf(last);
  const ways = new Set(taken.map(transitionOf));
  const visited = new Set(taken.map(({ to }) => to));
  const byTransition = new Map(
    moves.flatMap((move) => {
      const transition = transitionFrom(state, move.event);
      return transition ? [[transition.id, move] as const] : [];
    }),
  );
  const key = JSON.stringify([...byTransition]);
  const Text = useMemo(
    () =>
      ({ text }: { text: TransitionText }) => {
        const move = byTransition.get(text.id);
        return move ? (
          <MoveButton text={text} move={move} onMove={onMove} />
        ) : (
          <PlainText text={text} />
        );
      },
    [key, onMove],
  );

  const lookOf = (path: string): string => {
    if (path === state) return 'current';
    if (`${state}.`.startsWith(`${path}.`)) return 'around';
    return visited.has(path) ? 'visited' : 'dim';
  };
  return (
    <ChartFrame>
      <ChartSvg
        label={`This order on the machine: it is ${state}`}
        Text={Text}
        classOfState={lookOf}
        classOfTransition={(id) =>
          byTransition.has(id)
            ? 'possible'
            : id === lastId
              ? 'taken last'
              : ways.has(id)
                ? 'taken'
                : 'dim'
        }
      />
    </ChartFrame>
  );
}

/** A button on the line that it would take. */
function MoveButton(props: {
  text: TransitionText;
  move: ChartMove;
  onMove: ((event: string) => void) | undefined;
}) {
  const { text, move } = props;
  const act = () => props.onMove?.(move.event);
  const width = text.event.length * 6.7 + 16;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button cannot be inside a drawing
    <g
      class={`move ${move.danger ? 'danger' : ''}`}
      role="button"
      // In a drawing, names of attributes keep their case.
      tabindex={0}
      aria-label={`${move.label}: ${text.event}`}
      onClick={act}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        act();
      }}
    >
      <title>{move.label}</title>
      <rect x={text.x - 5} y={text.y - 1} width={width} height={text.h} rx="8" />
      <text x={text.x + 3} y={text.y + 12}>
        {text.event}
      </text>
    </g>
  );
}
