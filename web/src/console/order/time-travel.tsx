import { toExactTime } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { useShortcuts } from '../keyboard.ts';
import { eventWord, stateWord } from '../words.ts';
import type { Moment } from './replay.ts';
import { whoDid } from './who-did.ts';

/** Goes through the order's steps: by hand, or with the arrow keys. */
export function TimeTravel(props: {
  moments: readonly Moment[];
  /** Which step is shown. */
  seq: number;
  onTravel(seq: number): void;
}) {
  const { moments, seq, onTravel } = props;
  const { names } = useConsole();
  const last = moments.at(-1)?.seq ?? 1;
  const moment = moments[seq - 1];
  const go = (to: number) => onTravel(Math.min(Math.max(to, 1), last));
  useShortcuts('Time travel', [
    { key: 'ArrowLeft', says: 'One step back', run: () => go(seq - 1) },
    { key: 'ArrowRight', says: 'One step on', run: () => go(seq + 1) },
    { key: 'Home', says: 'To its first step', run: () => go(1) },
    { key: 'End', says: 'Back to now', run: () => go(last) },
  ]);
  if (!moment) return null;
  const isNow = seq === last;
  return (
    <section class={`time-travel card ${isNow ? '' : 'past'}`} aria-label="Time travel">
      <div class="row">
        <button
          type="button"
          class="button compact square"
          aria-label="One step back"
          disabled={seq <= 1}
          onClick={() => go(seq - 1)}
        >
          ‹
        </button>
        <input
          type="range"
          min={1}
          max={last}
          step={1}
          value={seq}
          aria-label="Step of its history"
          aria-valuetext={`step ${seq} of ${last}: ${eventWord(moment.event.type)}, ${stateWord(moment.to)}`}
          onInput={(event) => go(Number(event.currentTarget.value))}
        />
        <button
          type="button"
          class="button compact square"
          aria-label="One step on"
          disabled={isNow}
          onClick={() => go(seq + 1)}
        >
          ›
        </button>
        <button type="button" class="button compact" disabled={isNow} onClick={() => go(last)}>
          Now
        </button>
      </div>
      <p class="small" aria-live="polite">
        <strong class="num">
          #{seq} of {last}
        </strong>{' '}
        {eventWord(moment.event.type)} by {whoDid(moment.event.by, names)} at{' '}
        <time class="num" title={new Date(moment.at).toISOString()}>
          {toExactTime(moment.at)}
        </time>
        {isNow ? ': this is how it is now.' : ': this is how it was then.'}
      </p>
    </section>
  );
}
