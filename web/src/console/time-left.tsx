import { seconds } from '../kit/clock.ts';
import { toCountdown, toDuration } from '../kit/format.ts';

/** How long until then, or since when it is overdue; renewed each second. @param until epoch ms */
export function TimeLeft({ until }: { until: number }) {
  const left = until - seconds.value;
  const exact = new Date(until).toISOString();
  return (
    <time class={`time-left num ${left < 0 ? 'over' : ''}`} dateTime={exact} title={exact}>
      {left < 0 ? `−${toDuration(-left)}` : left < 600_000 ? toCountdown(left) : toDuration(left)}
    </time>
  );
}
