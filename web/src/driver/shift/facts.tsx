import type { ShiftView } from '../../../../src/protocol/shifts.ts';
import { Ago } from '../../kit/elements.tsx';
import { toCount, toDuration } from '../../kit/format.ts';
import type { Desk } from '../state/desk.ts';
import type { Whereabouts } from '../state/position.ts';

/** What decides whether offers come: the strikes, the phone's place, its voice. */
export function Facts({ desk, shift }: { desk: Desk; shift: ShiftView }) {
  const { is } = desk.position.whereabouts.value;
  const canSound = desk.bell.canSound.value;
  return (
    <section class="facts card" aria-label="Your shift">
      <dl>
        <div>
          <dt>On shift for</dt>
          <dd>
            <Ago at={shift.startedAt} />
          </dd>
        </div>
        <div>
          <dt>Strikes in a row</dt>
          <dd>
            <Strikes {...shift} />
          </dd>
        </div>
        <div class={is === 'denied' || is === 'unknown' ? 'bad' : ''}>
          <dt>Location</dt>
          <dd>{PLACE_WORDS[is]}</dd>
        </div>
        <div class={canSound ? '' : 'warn'}>
          <dt>Sound</dt>
          <dd>{canSound ? 'On' : 'Off until you touch the screen'}</dd>
        </div>
      </dl>
      <p class="small quiet">
        {toCount(shift.strikesToPause, 'offer')} in a row without an answer on your screen: a pause
        of {toDuration(shift.pauseMs)}. Any answer, yes or no, clears the strikes.
      </p>
    </section>
  );
}

function Strikes({ strikes, strikesToPause }: ShiftView) {
  return (
    <span class="strikes">
      <span aria-hidden="true">
        {Array.from({ length: strikesToPause }, (_, index) => (
          <span key={index} class={index < strikes ? 'strike' : 'strike free'} />
        ))}
      </span>
      <span class="num">
        {strikes} of {strikesToPause}
      </span>
    </span>
  );
}

const PLACE_WORDS: Record<Whereabouts['is'], string> = {
  off: 'Off',
  asking: 'Looking for you…',
  known: 'On',
  denied: 'Blocked',
  unknown: 'Not known',
};
