import type { ComponentChildren } from 'preact';
import type { Projection } from './projection.ts';

/** The paper a map is drawn on: a grid of kilometres, and how long one is. Lines keep their width. */
export function Sketch(props: {
  projection: Projection;
  /** What there is to see, in words. */
  label: string;
  children: ComponentChildren;
}) {
  const { half } = props.projection;
  const cell = half.y > 2_500 ? 1_000 : half.y > 900 ? 500 : 250;
  const lines = (reach: number) => {
    const most = Math.floor(reach / cell);
    return Array.from({ length: 2 * most + 1 }, (_, index) => (index - most) * cell);
  };
  return (
    <svg
      class="sketch"
      role="img"
      aria-label={props.label}
      viewBox={`${-half.x} ${-half.y} ${2 * half.x} ${2 * half.y}`}
    >
      <g class="grid">
        {lines(half.x).map((x) => (
          <line key={`x${x}`} x1={x} x2={x} y1={-half.y} y2={half.y} />
        ))}
        {lines(half.y).map((y) => (
          <line key={`y${y}`} y1={y} y2={y} x1={-half.x} x2={half.x} />
        ))}
      </g>
      {props.children}
    </svg>
  );
}

/** A place on the map, the same size at any scale; moves softly where motion is welcome. */
export function Mark(props: {
  at: { x: number; y: number };
  class: string;
  children?: ComponentChildren;
}) {
  return (
    <span
      class={`mark ${props.class}`}
      style={{ left: `${props.at.x * 100}%`, top: `${props.at.y * 100}%` }}
      aria-hidden="true"
    >
      {props.children}
    </span>
  );
}
