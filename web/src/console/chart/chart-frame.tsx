import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { chartSize } from './chart-svg.tsx';

/** `fit`: as large as there is room; otherwise so many times its own size. */
const zoom = signal<'fit' | number>('fit');
const STEPS = [0.5, 0.7, 0.85, 1, 1.25, 1.6];
/** Below this its texts cannot be read: it is scrolled instead. */
const LEAST_FIT = 0.62;

/** Room for the chart: fitted to the page, or larger and scrolled. */
export function ChartFrame({ children }: { children: ComponentChildren }) {
  const size = zoom.value;
  const width =
    size === 'fit'
      ? `max(min(100cqw, 100cqh * ${chartSize.width / chartSize.height}), ${chartSize.width * LEAST_FIT}px)`
      : `${Math.round(chartSize.width * size)}px`;
  const step = (by: 1 | -1) => {
    const from = size === 'fit' ? 0.85 : size;
    const next = by > 0 ? STEPS.find((each) => each > from) : STEPS.findLast((each) => each < from);
    zoom.value = next ?? from;
  };
  return (
    <div class="chart-frame">
      <div class="zoom row">
        <button type="button" class="button compact square" onClick={() => step(-1)}>
          <span aria-hidden="true">−</span>
          <span class="sr-only">Smaller</span>
        </button>
        <button
          type="button"
          class="button compact"
          aria-pressed={size === 'fit'}
          onClick={() => {
            zoom.value = 'fit';
          }}
        >
          Fit
        </button>
        <button type="button" class="button compact square" onClick={() => step(1)}>
          <span aria-hidden="true">+</span>
          <span class="sr-only">Larger</span>
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever scrolls by keyboard must get in */}
      <section class="scroll" aria-label="Chart" tabIndex={0}>
        <div style={{ width }}>{children}</div>
      </section>
    </div>
  );
}
