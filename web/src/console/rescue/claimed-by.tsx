import type { AlarmView } from '../../../../src/protocol/operators.ts';
import { useConsole } from '../console-context.tsx';

/** Who has it in hand, or the button that says "I've got it". */
export function ClaimedBy(props: {
  /** Absent for a moment: the alarm follows the order. */
  alarm: AlarmView | undefined;
  onClaim(): void;
}) {
  const { alarm, onClaim } = props;
  const { user, names } = useConsole();
  const by = alarm?.claimedBy;
  if (by !== undefined) {
    return by === user.userId ? (
      <span class="badge good">You have it</span>
    ) : (
      <span class="badge info">{names.of(by)} has it</span>
    );
  }
  return (
    <button type="button" class="button compact" disabled={!alarm} data-key="c" onClick={onClaim}>
      I’ve got it
    </button>
  );
}
