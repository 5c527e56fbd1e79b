import type { ReadonlySignal } from '@preact/signals';
import { eventWord, stateWord } from '../words.ts';
import { toRate } from './rates.ts';
import { TRANSITIONS, type Transition } from './transitions.ts';

/** Transitions as links, the busiest first: the chart's lines for whoever has no mouse. */
export function TransitionList(props: {
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
  /** Only these; absent: those that are taken at all. */
  among?: (transition: Transition) => boolean;
  most?: number;
}) {
  const { among, most } = props;
  const rates = props.rates.value;
  const rateOf = ({ id }: Transition) => rates.get(id) ?? 0;
  const listed = TRANSITIONS.filter(among ?? ((each) => rateOf(each) > 0))
    .sort((a, b) => rateOf(b) - rateOf(a))
    .slice(0, most);
  if (listed.length === 0) return <p class="quiet small">Nothing in the last minute.</p>;
  return (
    <ul class="transitions">
      {listed.map((each) => (
        <li key={each.id}>
          <a href={`/console?transition=${encodeURIComponent(each.id)}`}>
            <span>{eventWord(each.event)}</span>
            <span class="small quiet">
              {stateWord(each.source)}
              {each.target && ` → ${stateWord(each.target)}`}
            </span>
          </a>
          <span class="num small">{rateOf(each) > 0 ? toRate(rateOf(each)) : ''}</span>
        </li>
      ))}
    </ul>
  );
}
