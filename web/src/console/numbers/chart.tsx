import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { Time } from '../../kit/elements.tsx';
import { toTime } from '../../kit/format.ts';
import { theme } from '../../kit/theme.ts';
import { colourOf } from './line-colours.ts';
import { spanOf } from './span.ts';

export interface Series {
  label: string;
  /** A colour of the theme, e.g. `--good`. */
  colour: string;
  /** One for each instant; null: nothing is known of it. */
  values: (number | null)[];
}

export interface ChartData {
  title: string;
  /** What the whole says, in one sentence. */
  says: string;
  kind: 'lines' | 'stack';
  /** When each value's part of the time begins, epoch ms. */
  instants: number[];
  series: Series[];
  write(value: number): string;
  /** Top of the scale; absent: what there is. */
  most?: number;
}

const HEIGHT = 190;

/** A chart, with the same figures as a table below it for keyboards, screen readers and copying. */
export function Chart(props: ChartData) {
  const { title, says, instants, series, write } = props;
  const [at, setAt] = useState<number>();
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const dark = usePrefersDark();

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const made = new uPlot(optionsOf(props, element, setAt), toColumns(props), element);
    plot.current = made;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) made.setSize({ width: Math.floor(entry.contentRect.width), height: HEIGHT });
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
    // Colours are read when it is made: another theme makes it anew.
  }, [theme.value, dark, series.length]);
  useEffect(() => plot.current?.setData(toColumns(props)), [instants, series]);

  const index = at ?? lastKnown(series);
  return (
    <section class="card pad stack chart" aria-label={title}>
      <div class="row">
        <h2>{title}</h2>
        <span class="push small quiet num">
          {instants[index] !== undefined && <Time at={instants[index]} />}
        </span>
      </div>
      <p class="small quiet">{says}</p>
      <ul class="row legend small">
        {series.map(({ label, colour, values }) => (
          <li key={label}>
            <span class="swatch" style={{ background: `var(${colour})` }} aria-hidden="true" />
            {label} <strong class="num">{writeOr(values[index], write)}</strong>
          </li>
        ))}
      </ul>
      <div ref={frame} class="plot" role="img" aria-label={`${title}. ${says}`} />
      <Table {...props} />
    </section>
  );
}

function Table({ title, instants, series, write }: ChartData) {
  return (
    <details>
      <summary class="small">As a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="figures" tabIndex={0} aria-label={`${title}, table`}>
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              {series.map(({ label }) => (
                <th key={label} scope="col" class="num">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {instants.map((instant, row) => (
              <tr key={instant}>
                <th scope="row" class="num">
                  <Time at={instant} />
                </th>
                {series.map(({ label, values }) => (
                  <td key={label} class="num">
                    {writeOr(values[row], write)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}

const writeOr = (value: number | null | undefined, write: (value: number) => string) =>
  value === null || value === undefined ? '–' : write(value);

/** The newest part of the time of which anything is known. */
const lastKnown = (series: readonly Series[]): number =>
  Math.max(0, ...series.map(({ values }) => values.findLastIndex((value) => value !== null)));

/** uPlot's columns: seconds, then each series; stacked ones hold what is below them too. */
function toColumns({ kind, instants, series }: ChartData): uPlot.AlignedData {
  const columns = series.map(({ values }, first) =>
    kind === 'lines'
      ? values
      : values.map((_, row) =>
          series.slice(first).reduce((sum, each) => sum + (each.values[row] ?? 0), 0),
        ),
  );
  return [instants.map((instant) => instant / 1_000), ...columns];
}

function optionsOf(
  { kind, instants, series, write, most }: ChartData,
  element: HTMLElement,
  onCursor: (index: number | undefined) => void,
): uPlot.Options {
  const colour = (token: string) => colourOf(element, token);
  const axis = {
    stroke: colour('--ink-2'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line'), width: 1 },
    font: '12px system-ui',
  };
  const now = instants.at(-1) ?? 0;
  return {
    width: Math.floor(element.clientWidth),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: ({ data: [starts] }) => spanOf(starts) },
      y: { range: (_, __, max) => [0, most ?? Math.max(max * 1.1, 1)] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 90,
        values: (_, splits) => splits.map((at) => toTime(at * 1_000, now)),
      },
      {
        ...axis,
        size: 64,
        values: (_, splits) => splits.map(write),
        ...(kind === 'stack' ? { incrs: WHOLE } : {}),
      },
    ],
    series: [
      {},
      ...series.map(
        ({ label, colour: token }): uPlot.Series =>
          kind === 'lines'
            ? { label, stroke: colour(token), width: 2, points: { show: true, size: 5 } }
            : { label, fill: colour(token), width: 0, points: { show: false }, paths: bars },
      ),
    ],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? undefined)] },
  };
}

const bars = uPlot.paths.bars?.({ size: [0.8, 48], align: 1 }) as uPlot.Series.PathBuilder;

/** Half an order is none: an axis of counts has no such mark. */
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

function usePrefersDark(): boolean {
  const [dark, setDark] = useState(() => DARK.matches);
  useEffect(() => {
    const change = () => setDark(DARK.matches);
    DARK.addEventListener('change', change);
    return () => DARK.removeEventListener('change', change);
  }, []);
  return dark;
}

const DARK = matchMedia('(prefers-color-scheme: dark)');
