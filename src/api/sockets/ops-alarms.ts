import type { AlarmView } from '../../protocol/operators.ts';
import type { ApiContext } from '../context.ts';
import { presentAlarm } from '../presenters/present-others.ts';
import type { Session } from './session.ts';

const LOOK_EVERY_MS = 1_000;
/** What a screen can use; beyond these the oldest come first. */
const MOST = 500;

/**
 * The open alarms, told to consoles whenever they change, whichever node changed them: read once a
 * second for all consoles of this node together, and not at all while there are none.
 */
export interface OpsAlarms {
  /** From now on this console is told; the first time at once. */
  join(session: Session): void;
  leave(session: Session): void;
  stop(): void;
}

export function createOpsAlarms({ engine, dispatch, log }: ApiContext): OpsAlarms {
  const { clock } = engine;
  /** What each console was told last. */
  const told = new Map<Session, string>();
  let cancel: (() => void) | undefined;
  let looking = false;

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const found = await dispatch.alarms.list({ open: true, limit: MOST });
      tell(found.map(presentAlarm));
    } catch (error) {
      // The trust line says that the database is away; the next look tells what is missing.
      log.warn({ err: error }, 'alarms not read');
    }
    looking = false;
  }

  function tell(alarms: AlarmView[]): void {
    const text = JSON.stringify(alarms);
    for (const [session, last] of told) {
      if (last === text || !session.isIdle()) continue;
      told.set(session, text);
      session.push('ops:alarms', { alarms });
    }
  }

  function again(): void {
    cancel = told.size > 0 ? clock.after(LOOK_EVERY_MS, () => void look().then(again)) : undefined;
  }

  return {
    join(session) {
      told.set(session, '');
      void look();
      if (!cancel) again();
    },
    leave: (session) => void told.delete(session),
    stop() {
      cancel?.();
      told.clear();
    },
  };
}
