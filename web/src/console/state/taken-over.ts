import { useEffect } from 'preact/hooks';
import { toShortId } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useConsole } from '../console-context.tsx';
import { alarmWords, orderOfAlarm } from '../rescue/alarm-words.ts';

/** Tells whoever had an alarm in hand, on whichever page, that another operator took it over. */
export function useTakenOver(): void {
  const { alarms, user, names } = useConsole();
  useEffect(() => {
    let mine = new Set<string>();
    return alarms.open.subscribe((open = []) => {
      for (const alarm of open) {
        const { alarmId, claimedBy } = alarm;
        if (claimedBy === undefined || claimedBy === user.userId || !mine.has(alarmId)) continue;
        const orderId = orderOfAlarm(alarm);
        const which = orderId === undefined ? '' : `, order …${toShortId(orderId)},`;
        toast(
          () =>
            `${names.of(claimedBy)} took over from you: “${alarmWords(alarm, names).title}”${which} is not yours any more.`,
        );
      }
      const held = open.filter(({ claimedBy }) => claimedBy === user.userId);
      mine = new Set(held.map(({ alarmId }) => alarmId));
    });
  }, [alarms, user.userId]);
}
