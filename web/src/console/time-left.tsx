import { seconds } from '../kit/clock.ts';
import { toCountdown, toDuration } from '../kit/format.ts';

/** How long until then, or since when it is overdue; renewed each second. @param until epoch ms */
export function TimeLeft({ until }: { until: number }) {
  const left = until - seconds.value;
  // Less than a second is no delay.
  const isOver = left <= -1_000;
  const exact = new Date(until).toISOString();
  return (
    <time class={`time-left num ${isOver ? 'over' : ''}`} dateTime={exact} title={exact}>
      {isOver ? `−${toDuration(-left)}` : left < 600_000 ? toCountdown(left) : toDuration(left)}
    </time>
  );
}
