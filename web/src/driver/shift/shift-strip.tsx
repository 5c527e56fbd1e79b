import type { ShiftView } from '../../../../src/protocol/shifts.ts';
import { seconds } from '../../kit/clock.ts';
import { toCountdown } from '../../kit/format.ts';

/** Beside the work in hand: why no further offers come. Nothing while they do. */
export function ShiftStrip({ shift }: { shift: ShiftView | null | undefined }) {
  const says = shift === null ? 'Your shift is over. Finish what you carry.' : shift && why(shift);
  return says ? <p class="notice warn small num">{says}</p> : null;
}

function why({ state, pause, pausedUntil, strikesToPause }: ShiftView): string | undefined {
  if (state === 'onDuty.onBreak') return 'On a break: no further offers until you are back.';
  if (state !== 'onDuty.paused') return undefined;
  const left = toCountdown((pausedUntil ?? 0) - seconds.value);
  return pause?.why === 'operator'
    ? `No further offers for ${left}. An operator paused you: ${pause.reason}`
    : `No further offers for ${left}: ${strikesToPause} in a row ran out without an answer.`;
}
