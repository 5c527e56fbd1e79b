import type { ReadonlySignal } from '@preact/signals';
import { Empty, Skeleton } from '../../kit/elements.tsx';
import { toCount } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import type { StateFigures } from '../state/by-state.ts';
import { stateWord } from '../words.ts';
import { TransitionList } from './transition-list.tsx';

/** How it all stands, and what happens most. */
export function OverviewPanel(props: {
  figures: ReadonlySignal<ReadonlyMap<string, StateFigures>>;
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
}) {
  const { live } = useConsole();
  live.version.value;
  if (!live.loaded.value) return <Skeleton lines={8} />;
  const total = { onTime: 0, atRisk: 0, late: 0 };
  for (const { health } of live.orders.values()) total[health] += 1;
  return (
    <div class="stack">
      <h1>{toCount(live.orders.size, 'live order')}</h1>
      {!live.complete.value && (
        <p class="notice warn small">
          There are more than a console is given at once: these are the newest.
        </p>
      )}
      <dl class="health">
        <div class="onTime">
          <dt>On time</dt>
          <dd class="num">{total.onTime}</dd>
        </div>
        <div class="atRisk">
          <dt>At risk</dt>
          <dd class="num">{total.atRisk}</dd>
        </div>
        <div class="late">
          <dt>Late</dt>
          <dd class="num">{total.late}</dd>
        </div>
      </dl>
      {live.orders.size === 0 && (
        <Empty title="Nothing is under way">An order appears here the moment it is placed.</Empty>
      )}
      <ul class="states">
        {[...props.figures.value]
          .filter(
            ([path]) =>
              ![...props.figures.value.keys()].some((each) => each.startsWith(`${path}.`)),
          )
          .sort(([, a], [, b]) => b.count - a.count)
          .map(([path, { count }]) => (
            <li key={path}>
              <a href={`/console?state=${path}`}>{stateWord(path)}</a>
              <span class="num">{count}</span>
            </li>
          ))}
      </ul>
      <h2>What happens most</h2>
      <TransitionList rates={props.rates} most={10} />
      <p class="small quiet">
        Rings fill up as the nearest deadline of a state comes: an offer’s answer, the end of a
        search, the promise. Figures beside transitions are per minute.
      </p>
    </div>
  );
}
