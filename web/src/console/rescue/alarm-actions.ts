import { isCallError } from '../../../../src/client/call-error.ts';
import type { AlarmView } from '../../../../src/protocol/operators.ts';
import { serverNow } from '../../kit/clock.ts';
import { toast } from '../../kit/toasts.tsx';
import { useConsole } from '../console-context.tsx';

/** For how long an alarm is put off. */
const SNOOZE_MS = 10 * 60_000;

type Act = (alarm: AlarmView | undefined) => void;

/** What an operator does with an alarm; what became of it is told, and where someone was first, who. */
export function useAlarmActions(): Record<
  'claim' | 'giveBack' | 'takeOver' | 'acknowledge' | 'snooze',
  Act
> {
  const { alarms, user, names } = useConsole();

  function attempt(what: Promise<void>, done: string | (() => string)): void {
    what.then(
      () => toast(done),
      (error: unknown) => {
        if (!isCallError(error)) throw error;
        const { claimedBy } = error.details;
        toast(
          typeof claimedBy === 'string' ? () => `${names.of(claimedBy)} was first.` : error.message,
        );
      },
    );
  }

  return {
    claim(alarm) {
      if (!alarm) return;
      attempt(alarms.claim(alarm), 'It is yours: the other operators see it.');
    },
    giveBack(alarm) {
      if (alarm?.claimedBy !== user.userId) return;
      attempt(alarms.giveBack(alarm), 'Given back: anyone may have it now.');
    },
    takeOver(alarm) {
      const from = alarm?.claimedBy;
      if (!alarm || from === undefined || from === user.userId) return;
      attempt(alarms.claim(alarm, from), () => `It is yours now, and ${names.of(from)} is told.`);
    },
    acknowledge(alarm) {
      if (alarm) attempt(alarms.acknowledge(alarm), 'Acknowledged.');
    },
    snooze(alarm) {
      if (!alarm) return;
      attempt(alarms.snooze(alarm, serverNow() + SNOOZE_MS), 'Put off for ten minutes.');
    },
  };
}
