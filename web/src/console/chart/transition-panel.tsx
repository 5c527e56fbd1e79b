import type { ReadonlySignal } from '@preact/signals';
import { ExactTime } from '../../kit/elements.tsx';
import { toCount, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { eventWord, stateWord } from '../words.ts';
import { kindsOf, toRate } from './rates.ts';
import { Heading } from './state-panel.tsx';
import { transitionById } from './transitions.ts';

/** Who took a transition last, and how often it is taken. */
export function TransitionPanel(props: {
  transition: string;
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
}) {
  const { flow } = useConsole();
  flow.version.value;
  const transition = transitionById.get(props.transition);
  if (!transition) return <Heading title="There is no such transition" />;
  const kinds = kindsOf(flow, transition.id);
  const steps = kinds.flatMap(({ latest: steps }) => steps).sort((a, b) => b.at - a.at);
  const total = kinds.reduce((sum, kind) => sum + kind.total, 0);
  const rate = props.rates.value.get(transition.id) ?? 0;
  return (
    <div class="stack">
      <Heading title={eventWord(transition.event)} />
      <p class="quiet">
        <code>{transition.event}</code>
        {transition.guard && <> if {transition.guard}</>}
        <br />
        {stateWord(transition.source)}
        {transition.target && ` → ${stateWord(transition.target)}`}
      </p>
      <p class="num">
        {toCount(total, 'time')} since this page was opened
        {rate > 0 && <> · {toRate(rate)}</>}
      </p>
      <h2>Who took it last</h2>
      {steps.length === 0 && <p class="small quiet">Nobody lately.</p>}
      <ul class="order-list">
        {steps.slice(0, 20).map(({ orderId, seq, at }) => (
          <li key={`${orderId} ${seq}`}>
            <a class="order-row" href={`/console?order=${orderId}`}>
              <span class="mono">{toShortId(orderId)}</span>
              <span class="small quiet what">step {seq}</span>
              <ExactTime at={at} />
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
