import type { Actor } from '../../../../machines/common.ts';
import { ORDER_EVENTS } from '../../../../machines/order-events.ts';
import type { OrderEventType } from '../../../../machines/order-types.ts';
import { useConsole } from '../console-context.tsx';
import { eventWord, stateWord } from '../words.ts';
import type { Moment } from './replay.ts';
import { possibleNext } from './what-if.ts';
import { whoDid } from './who-did.ts';

/** Events to try on the machine, by who could send them; nothing of it is sent. */
export function WhatIfPanel(props: {
  moment: Moment;
  /** Steps tried so far. */
  tried: readonly Moment[];
  onTry(type: OrderEventType, by: Actor): void;
  onUndo(): void;
  onReset(): void;
}) {
  const { moment, tried, onTry, onUndo, onReset } = props;
  const { user, names } = useConsole();
  const possible = possibleNext(moment.state, { role: 'operator', id: user.userId });
  return (
    <div class="stack">
      <p class="small quiet">
        Tried on the machine itself, in this page: nothing is sent, nobody sees it. It goes on from
        the step that is shown.
      </p>
      {tried.length > 0 && (
        <div class="notice stack">
          <p>
            <strong>What if</strong>{' '}
            {tried.map(({ event }) => eventWord(event.type)).join(', then ')}: it would be{' '}
            <strong>{stateWord(moment.to)}</strong>.
          </p>
          <div class="row">
            <button type="button" class="button compact" onClick={onUndo}>
              Undo the last
            </button>
            <button type="button" class="button compact" onClick={onReset}>
              Forget it
            </button>
          </div>
        </div>
      )}
      {possible.length === 0 && <p class="quiet">Nothing can happen to it any more.</p>}
      {possible.map(({ by, events }) => (
        <section key={`${by.role}:${by.id}`} class="stack">
          <h3 class="small quiet">{capital(whoDid(by, names))} could</h3>
          <div class="moves">
            {events.map((type) => (
              <button
                key={type}
                type="button"
                class="button compact"
                title={ORDER_EVENTS[type].says}
                onClick={() => onTry(type, by)}
              >
                {type}
              </button>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
