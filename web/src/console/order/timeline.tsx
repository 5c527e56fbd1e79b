import { seconds } from '../../kit/clock.ts';
import { toExactTime, toTime } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { eventWord, stateWord } from '../words.ts';
import { REASONS } from './offer-words.ts';
import type { Moment } from './replay.ts';
import { whoDid } from './who-did.ts';

/** What happened, newest first: when, what, by whom, why. A click goes there. */
export function Timeline(props: {
  moments: readonly Moment[];
  seq: number;
  onTravel(seq: number): void;
}) {
  const { moments, seq, onTravel } = props;
  const { names } = useConsole();
  return (
    <ol class="timeline" reversed>
      {moments.toReversed().map((moment) => {
        const { event, from, to, at } = moment;
        const { reason } = event;
        return (
          <li key={moment.seq} class={moment.seq === seq ? 'current' : ''}>
            <button
              type="button"
              aria-current={moment.seq === seq ? 'step' : false}
              onClick={() => onTravel(moment.seq)}
            >
              <span class="num small quiet">#{moment.seq}</span>
              <time
                class="num small"
                dateTime={new Date(at).toISOString()}
                title={`${toTime(at, seconds.peek())}, ${new Date(at).toISOString()}`}
              >
                {toExactTime(at)}
              </time>
              <span>
                <strong>{eventWord(event.type)}</strong>
                {from !== to && stateWord(to) !== eventWord(event.type) && (
                  <span class="quiet"> → {stateWord(to)}</span>
                )}
                <br />
                <span class="small quiet">
                  by {whoDid(event.by, names)}
                  {typeof reason === 'string' && `: ${REASONS[reason] ?? reason}`}
                  {typeof event.driverId === 'string' && `, ${names.of(event.driverId)}`}
                </span>
                {moment.result.refused && <span class="badge bad">wrong PIN</span>}
              </span>
            </button>
          </li>
        );
      })}
    </ol>
  );
}
