import type { ReadonlySignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { ChartNode } from '../../../../charts/chart-layout.ts';
import { useConsole } from '../console-context.tsx';
import type { StateFigures } from '../state/by-state.ts';
import { ChartFrame } from './chart-frame.tsx';
import { ChartSvg, PlainText, type TransitionText } from './chart-svg.tsx';
import { useGlow } from './glow.ts';
import { toRate } from './rates.ts';
import { StateBadge } from './state-badge.tsx';

/** Every live order on the machine's own chart: where they are, and what is happening to them. */
export function LiveChart(props: {
  figures: ReadonlySignal<ReadonlyMap<string, StateFigures>>;
  /** A minute, by transition. */
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
}) {
  const { figures, rates } = props;
  const { flow } = useConsole();
  const { query, route } = useLocation();
  const svg = useRef<SVGSVGElement>(null);
  useGlow(svg, flow);
  // Made once: another component in its place would lose the keyboard's focus.
  const [State, Text] = useMemo(
    () => [
      ({ node }: { node: ChartNode }) => <StateBadge {...{ node, figures, flow }} />,
      ({ text }: { text: TransitionText }) => <RatedText {...{ text, rates }} />,
    ],
    [figures, flow, rates],
  );
  return (
    <ChartFrame>
      <ChartSvg
        label="The order machine, with every live order"
        {...{ svg, State, Text }}
        classOfTransition={(id) => (id === query.transition ? 'selected' : '')}
        onTransition={(id) => route(`/console?transition=${encodeURIComponent(id)}`)}
      />
    </ChartFrame>
  );
}

/** The event, and how often it happens. */
function RatedText(props: {
  text: TransitionText;
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
}) {
  const { text } = props;
  const rate = props.rates.value.get(text.id) ?? 0;
  return (
    <>
      <PlainText text={text} />
      {rate > 0 && (
        <text class="rate" x={text.x + text.w - 2} y={text.y + 12} text-anchor="end">
          {toRate(rate)}
        </text>
      )}
    </>
  );
}
