import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { AlarmView } from '../../../../src/protocol/operators.ts';
import { seconds } from '../../kit/clock.ts';

export interface Alarms {
  /** Oldest first; undefined before they are known. */
  readonly open: ReadonlySignal<AlarmView[] | undefined>;
  /** Those that nobody has seen to: not acknowledged, claimed or put off. */
  readonly pressing: ReadonlySignal<AlarmView[]>;
  acknowledge(alarm: AlarmView): Promise<void>;
  /** @param untilAt epoch ms */
  snooze(alarm: AlarmView, untilAt: number): Promise<void>;
  /**
   * "I've got it."
   * @param from the operator it is taken over from
   * @throws {CallError} illegal_transition when someone else has it
   */
  claim(alarm: AlarmView, from?: string): Promise<void>;
  /** "Somebody else, please." @throws {CallError} illegal_transition when someone else has it */
  giveBack(alarm: AlarmView): Promise<void>;
  start(): () => void;
}

/** What needs someone, as the server tells it whenever it changes. */
export function createAlarms(client: WaybillClient): Alarms {
  const open = signal<AlarmView[] | undefined>(undefined);
  let pushes = 0;

  /** Read for the time until the first push, which may well come before the answer. */
  async function readFirst(): Promise<void> {
    const { alarms } = await client.http<{ alarms: AlarmView[] }>(
      ...(['GET', '/v1/ops/alarms?limit=500'] as const),
    );
    open.value ??= alarms;
  }

  async function act({ alarmId }: AlarmView, what: string, body?: object): Promise<void> {
    const path = `/v1/ops/alarms/${encodeURIComponent(alarmId)}/${what}`;
    const before = pushes;
    const changed = await client.http<AlarmView>('POST', path, body);
    // What was pushed meanwhile is newer than the answer, or is followed by a push that is.
    if (pushes !== before) return;
    open.value = open.peek()?.map((each) => (each.alarmId === alarmId ? changed : each));
  }

  return {
    open,
    pressing: computed(() => {
      const all = open.value ?? [];
      return all.filter((alarm) => isPressing(alarm) && !isToldInLane(alarm, all));
    }),
    acknowledge: (alarm) => act(alarm, 'acknowledge'),
    snooze: (alarm, untilAt) => act(alarm, 'snooze', { untilAt: Math.round(untilAt) }),
    claim: (alarm, from) => act(alarm, 'claim', from === undefined ? {} : { from }),
    giveBack: (alarm) => act(alarm, 'give-back'),
    start() {
      // The first push follows the watch; what is read now is there even when the watch takes long.
      readFirst().catch((error: unknown) => {
        if (!isCallError(error)) throw error;
      });
      return client.on('ops:alarms', ({ alarms }) => {
        pushes += 1;
        open.value = alarms;
      });
    },
  };
}

/** @returns false while it is put off: it presses again afterwards */
export const isSnoozed = ({ snoozedUntil = 0 }: AlarmView): boolean => snoozedUntil > seconds.value;

/** An order that nobody carries is late, too, before long: one row is enough for both. */
export const isToldInLane = ({ alarm, orderId }: AlarmView, all: readonly AlarmView[]): boolean =>
  alarm === 'late' && all.some((each) => each.alarm === 'unassigned' && each.orderId === orderId);

const isPressing = (alarm: AlarmView): boolean =>
  alarm.acknowledgedBy === undefined && alarm.claimedBy === undefined && !isSnoozed(alarm);
