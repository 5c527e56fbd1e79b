import { type ReadonlySignal, signal } from '@preact/signals';
import { systemTimers, type Timers } from '../../../../src/client/timers.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';

/** How far what is shown can be relied on. */
export interface Trust {
  /**
   * `live`: nothing is missing. `reconnecting`: the line is down. `behind`: something was missed and is
   * being read again. `stale`: the server, or the line to it, has gone quiet.
   */
  state: 'live' | 'reconnecting' | 'behind' | 'stale';
  /** Up to when what is shown was true, epoch ms by the server's clock; undefined: nothing is shown. */
  asOf?: number;
  /** The last delta of this connection that was applied. */
  counter: number;
  /** Deltas that were missed. */
  behindBy: number;
}

/** The server says something each second; after this long without a word the picture is called stale. */
const QUIET_MS = 3_000;
const LOOK_EVERY_MS = 500;

/** Judges the operators' picture by the line, the deltas and the silence between them. */
export function createTrust(client: WaybillClient, timers: Timers = systemTimers) {
  const value = signal<Trust>({ state: 'reconnecting', counter: 0, behindBy: 0 });
  let isRead = false;
  let heardAt = 0;

  function judge(change: Partial<Trust> = {}): void {
    const next = { ...value.peek(), ...change };
    next.state = stateOf(next);
    const { state, counter, behindBy, asOf } = value.peek();
    const isSame =
      state === next.state &&
      counter === next.counter &&
      behindBy === next.behindBy &&
      asOf === next.asOf;
    if (!isSame) value.value = next;
  }

  function stateOf({ behindBy }: Trust): Trust['state'] {
    const link = client.link().state;
    if (link === 'offline') return 'reconnecting';
    if (link === 'stale') return 'stale';
    if (!isRead) return behindBy > 0 ? 'behind' : 'reconnecting';
    return timers.now() - heardAt > QUIET_MS ? 'stale' : 'live';
  }

  return {
    value: value as ReadonlySignal<Trust>,
    /** The picture is whole, as of now. */
    onRead() {
      isRead = true;
      heardAt = timers.now();
      judge({ asOf: client.serverNow(), counter: 0, behindBy: 0 });
    },
    onDelta(counter: number) {
      heardAt = timers.now();
      judge({ asOf: client.serverNow(), counter });
    },
    onMissed(count: number) {
      isRead = false;
      judge({ behindBy: count });
    },
    onUnread() {
      isRead = false;
      judge({ behindBy: 0 });
    },
    isRead: () => isRead,
    start() {
      let cancel = timers.after(LOOK_EVERY_MS, look);
      return () => cancel();

      function look() {
        judge();
        cancel = timers.after(LOOK_EVERY_MS, look);
      }
    },
  };
}
