import type { AlarmView } from '../../../../src/protocol/operators.ts';
import { useConsole } from '../console-context.tsx';
import { useAlarmActions } from './alarm-actions.ts';

/** Who has it in hand and how it changes hands, or the button that says "I've got it". */
export function ClaimedBy({ alarm }: { alarm: AlarmView | undefined }) {
  const { user, names } = useConsole();
  const { claim, giveBack, takeOver } = useAlarmActions();
  const by = alarm?.claimedBy;
  if (by === undefined) {
    return (
      // Disabled for a moment: the alarm follows the order.
      <button
        type="button"
        class="button compact"
        disabled={!alarm}
        data-key="c"
        onClick={() => claim(alarm)}
      >
        I’ve got it
      </button>
    );
  }
  const isMine = by === user.userId;
  return (
    <span class="row claimed">
      <span class={isMine ? 'badge good' : 'badge info'}>
        {isMine ? 'You have it' : `${names.of(by)} has it`}
      </span>
      <button
        type="button"
        class="button plain compact"
        title={
          isMine ? 'Anyone may have it then.' : `${names.of(by)} is told that you took it over.`
        }
        data-key={isMine ? 'g' : 't'}
        onClick={() => (isMine ? giveBack(alarm) : takeOver(alarm))}
      >
        {isMine ? 'Give back' : 'Take over'}
      </button>
    </span>
  );
}
