import { useMemo } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useConsole } from '../console-context.tsx';
import { useShortcuts } from '../keyboard.ts';
import { figuresByState } from '../state/by-state.ts';
import { LiveChart } from './live-chart.tsx';
import { OneOrder } from './one-order.tsx';
import { OverviewPanel } from './overview-panel.tsx';
import { ratesOf } from './rates.ts';
import { StatePanel } from './state-panel.tsx';
import { TransitionPanel } from './transition-panel.tsx';
import './chart.css';

/** The machine's chart with what is going on in it; beside it what was asked for by a click. */
export default function ChartPage() {
  const { live, names, flow } = useConsole();
  const { query, route } = useLocation();
  const figures = useMemo(() => figuresByState(live, names), [live, names]);
  const rates = useMemo(() => ratesOf(flow), [flow]);
  useShortcuts('Chart', [{ key: 'Escape', says: 'All orders', run: () => route('/console') }]);

  const { order, state, transition } = query;
  if (order) return <OneOrder key={order} orderId={order} />;
  return (
    <div class="chart-page fills">
      <LiveChart {...{ figures, rates }} />
      <aside class="panel" aria-label="Details">
        {state ? (
          <StatePanel {...{ state, figures, rates }} />
        ) : transition ? (
          <TransitionPanel {...{ transition, rates }} />
        ) : (
          <OverviewPanel {...{ figures, rates }} />
        )}
      </aside>
    </div>
  );
}
