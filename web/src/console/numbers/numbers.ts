import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { NumbersView } from '../../../../src/protocol/numbers.ts';
import { poll } from '../state/poll.ts';

/** The figures of some hours, asked for again and again. */
export interface Numbers {
  readonly view: ReadonlySignal<NumbersView | undefined>;
  /** Why the last attempt failed; what was there stays. */
  readonly problem: ReadonlySignal<string | undefined>;
  refresh(): void;
  start(): () => void;
}

/** The server counts anew this often. */
const EVERY_MS = 10_000;

export function createNumbers(client: WaybillClient, hours: number, zone: string): Numbers {
  const view = signal<NumbersView | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  const query = `hours=${hours}${zone === '' ? '' : `&zone=${encodeURIComponent(zone)}`}`;

  async function ask(): Promise<void> {
    try {
      view.value = await client.http<NumbersView>('GET', `/v1/ops/numbers?${query}`);
      problem.value = undefined;
    } catch (error) {
      if (!isCallError(error)) throw error;
      problem.value = `They cannot be counted now: ${error.message}.`;
    }
  }

  return {
    view,
    problem,
    refresh: () => void ask(),
    start: () => poll(ask, EVERY_MS),
  };
}
