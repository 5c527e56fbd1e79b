import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { AlarmView } from '../../../../src/protocol.ts';

export interface Alarms {
  /** Oldest first; undefined before the first answer. */
  readonly open: ReadonlySignal<AlarmView[] | undefined>;
  /** Asks now: after something was done about one. */
  refresh(): Promise<void>;
  start(): () => void;
}

const EVERY_MS = 5_000;

/** What needs someone, asked for again every five seconds. */
export function createAlarms(client: WaybillClient): Alarms {
  const open = signal<AlarmView[] | undefined>(undefined);

  async function refresh(): Promise<void> {
    try {
      const { alarms } = await client.http<{ alarms: AlarmView[] }>('GET', '/v1/ops/alarms');
      open.value = alarms;
    } catch (error) {
      // Away or refused: the trust line says so, and the next round asks again.
      if (!isCallError(error)) throw error;
    }
  }

  return {
    open,
    refresh,
    start() {
      let timer: ReturnType<typeof setTimeout> | undefined;
      let stopped = false;
      async function round(): Promise<void> {
        await refresh();
        if (!stopped) timer = setTimeout(() => void round(), EVERY_MS);
      }
      void round();
      return () => {
        stopped = true;
        clearTimeout(timer);
      };
    },
  };
}
