import { type ReadonlySignal, signal } from '@preact/signals';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { AlarmView } from '../../../../src/protocol.ts';
import { poll } from './poll.ts';

export interface Alarms {
  /** Oldest first; undefined before the first answer. */
  readonly open: ReadonlySignal<AlarmView[] | undefined>;
  /** Asks now: after something was done about one. @throws {CallError} */
  refresh(): Promise<void>;
  start(): () => void;
}

const EVERY_MS = 5_000;

/** What needs someone, asked for again every five seconds. */
export function createAlarms(client: WaybillClient): Alarms {
  const open = signal<AlarmView[] | undefined>(undefined);

  async function refresh(): Promise<void> {
    const { alarms } = await client.http<{ alarms: AlarmView[] }>('GET', '/v1/ops/alarms');
    open.value = alarms;
  }

  return { open, refresh, start: () => poll(refresh, EVERY_MS) };
}
