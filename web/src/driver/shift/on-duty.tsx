import type { ComponentChildren } from 'preact';
import type { ShiftView } from '../../../../src/protocol/shifts.ts';
import { seconds } from '../../kit/clock.ts';
import { toCount, toCountdown } from '../../kit/format.ts';
import { Deck } from '../deck.tsx';
import type { Desk } from '../state/desk.ts';
import { isTapped } from '../state/outbox.ts';
import { Facts } from './facts.tsx';

interface Props {
  desk: Desk;
  shift: ShiftView;
}

/** Nothing to do but to be there. */
export function Waiting({ desk, shift }: Props) {
  const zone = desk.places.value?.zones.find((each) => each.zone === shift.zone)?.name;
  const isGoing = isTapped(desk.outbox, 'shift:break');
  return (
    <Screen
      title="Waiting for offers"
      says={`The next one near you${zone ? ` in ${zone}` : ''} rings here.`}
      mark="waiting"
    >
      <Facts desk={desk} shift={shift} />
      <Deck desk={desk}>
        <button
          type="button"
          class="button huge wide"
          disabled={isGoing}
          onClick={() => desk.outbox.send({ to: 'shift', name: 'shift:break' })}
        >
          Take a break
        </button>
      </Deck>
    </Screen>
  );
}

/** No offers until the driver says so. */
export function OnBreak({ desk, shift }: Props) {
  return (
    <Screen title="On a break" says="No offers until you are back." mark="break">
      <Facts desk={desk} shift={shift} />
      <Deck desk={desk}>
        <button
          type="button"
          class="button primary huge wide"
          disabled={isTapped(desk.outbox, 'shift:resume')}
          onClick={() => desk.outbox.send({ to: 'shift', name: 'shift:resume' })}
        >
          Back to work
        </button>
      </Deck>
    </Screen>
  );
}

/** No offers until an instant, and why. */
export function Paused({ desk, shift }: Props) {
  const { pausedUntil, pause, strikesToPause } = shift;
  const leftMs = Math.max(0, (pausedUntil ?? 0) - seconds.value);
  const why =
    pause?.why === 'operator'
      ? `An operator paused you: ${pause.reason}`
      : `${toCount(strikesToPause, 'offer')} in a row ran out on your screen without an answer.`;
  return (
    <Screen title="Paused" says={why} mark="pause">
      <p class="pause-left" role="timer">
        <span class="num">{toCountdown(leftMs)}</span>
        <span class="quiet">until offers come again, by themselves</span>
      </p>
      <Facts desk={desk} shift={shift} />
      <Deck desk={desk} />
    </Screen>
  );
}

function Screen(props: {
  title: string;
  says: string;
  mark: 'waiting' | 'break' | 'pause';
  children: ComponentChildren;
}) {
  return (
    <div class="screen">
      <div class={`status ${props.mark}`}>
        <span class="mark" aria-hidden="true" />
        <h2>{props.title}</h2>
        <p class="quiet">{props.says}</p>
      </div>
      {props.children}
    </div>
  );
}
