import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { ShiftView } from '../../../../src/protocol/shifts.ts';
import type { News } from './news.ts';
import { isTapped, type Outbox } from './outbox.ts';

/** This driver's open shift: null when off duty, undefined until the server has said. */
export type OwnShift = ReadonlySignal<ShiftView | null | undefined>;

/** Follows the shift; what is told is read anew with each connection, since its end is not told twice. */
export function createOwnShift(
  client: WaybillClient,
  { outbox, news }: { outbox: Outbox; news: News },
): OwnShift {
  const shift = signal<ShiftView | null | undefined>();
  /** The shift whose end was this driver's own doing. */
  let endedByTap: string | undefined;

  function end(): void {
    const { value } = shift;
    shift.value = null;
    if (!value || value.shiftId === endedByTap || isTapped(outbox, 'shift:end')) return;
    news.tell(
      'warn',
      'Your shift has ended: an operator ended it, or nothing was heard of this phone for too long.',
    );
  }

  function take(next: ShiftView): void {
    const { value } = shift;
    if (value && value.shiftId === next.shiftId && value.seq > next.seq) return;
    if (next.state === 'ended') {
      if (value?.shiftId === next.shiftId || value === undefined) end();
    } else shift.value = next;
  }

  async function read(): Promise<void> {
    const before = shift.value;
    try {
      const { shift: now } = await client.http<{ shift: ShiftView | null }>(
        'GET',
        '/v1/shifts/current',
      );
      if (now) take(now);
      // One that began while the question was on its way is not over.
      else if (shift.value === before) end();
    } catch (error) {
      if (!isCallError(error)) throw error;
      // The next connection reads it.
    }
  }

  outbox.onFate(({ tap: { deed }, error }) => {
    if (deed.to !== 'shift' || error) return;
    if (deed.name === 'shift:end') endedByTap = shift.value?.shiftId;
    void read();
  });
  client.on('shift:state', take);
  client.on('session:open', () => void read());
  client.on('resync', () => void read());
  void read();
  return shift;
}
