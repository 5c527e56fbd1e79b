import { computed, type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import { systemTimers, type Timers } from '../../../../src/client/timers.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { Answers, Pushes } from '../../../../src/protocol/messages.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { createTrust, type Trust } from './trust.ts';

export interface LiveOrders {
  /** Every order that is not over. The same map all along: read `version` to be told of changes. */
  readonly orders: ReadonlyMap<string, OrderView>;
  /** Moves whenever `orders` did, four times a second at most. */
  readonly version: ReadonlySignal<number>;
  /** False until the orders were read once. */
  readonly loaded: ReadonlySignal<boolean>;
  /** How many orders are in which state. */
  readonly counts: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly trust: ReadonlySignal<Trust>;
  /** False where there are more orders than a console is given at once. */
  readonly complete: ReadonlySignal<boolean>;
  /** Called with each delta after it was applied. Returns a stop. */
  onDelta(listener: (delta: Pushes['ops:delta']) => void): () => void;
  /** Called when everything was read anew. Returns a stop. */
  onRead(listener: (picture: Answers['ops:watch']) => void): () => void;
  start(): () => void;
}

/** Reading thousands of orders takes longer than a command, and is asked for until it is answered. */
const PATIENTLY = { ackTimeoutMs: 20_000, maxMs: 1_000, deadlineMs: Number.POSITIVE_INFINITY };

const READ_AGAIN_MS = 5_000;

/**
 * The operators' live picture: read once, then kept by deltas in the order of their counter. A delta
 * that is missing, a new connection and the server's `resync` make it read again.
 */
export function createLiveOrders(client: WaybillClient, timers: Timers = systemTimers): LiveOrders {
  const orders = new Map<string, OrderView>();
  const version = signal(0);
  const loaded = signal(false);
  const complete = signal(true);
  const deltaListeners = new Set<(delta: Pushes['ops:delta']) => void>();
  const readListeners = new Set<(picture: Answers['ops:watch']) => void>();
  const trust = createTrust(client, timers);
  let reading = false;
  let again = false;
  let stopped = false;
  let counter = 0;

  /**
   * One at a time: with each watch the server begins its deltas anew, so one that was asked for
   * earlier and sent later would cut them off from the picture shown.
   */
  async function read(): Promise<void> {
    again = true;
    if (reading) return;
    reading = true;
    while (again && !stopped) {
      again = false;
      try {
        take(await client.call('ops:watch', {}, PATIENTLY));
      } catch (error) {
        if (!isCallError(error)) throw error;
        // A mistake of the server's may pass; where the session is over, that is said elsewhere.
        if (error.code !== 'closed') timers.after(READ_AGAIN_MS, () => void read());
      }
    }
    reading = false;
  }

  function take(picture: Answers['ops:watch']): void {
    counter = 0;
    orders.clear();
    for (const order of picture.orders) orders.set(order.orderId, order);
    loaded.value = true;
    complete.value = picture.complete;
    version.value += 1;
    trust.onRead();
    for (const tell of readListeners) tell(picture);
  }

  function apply(delta: Pushes['ops:delta']): void {
    if (!trust.isRead()) return;
    const missing = delta.counter - counter - 1;
    counter = delta.counter;
    if (missing !== 0) {
      trust.onMissed(Math.abs(missing));
      void read();
      return;
    }
    for (const order of delta.orders) {
      if (order.seq >= (orders.get(order.orderId)?.seq ?? 0)) orders.set(order.orderId, order);
    }
    for (const orderId of delta.gone) orders.delete(orderId);
    trust.onDelta(delta.counter);
    if (delta.orders.length + delta.gone.length > 0) version.value += 1;
    for (const tell of deltaListeners) tell(delta);
  }

  return {
    ...{ orders, version, loaded, complete, trust: trust.value },
    counts: computed(() => {
      version.value;
      const counts = new Map<string, number>();
      for (const { state } of orders.values()) counts.set(state, (counts.get(state) ?? 0) + 1);
      return counts;
    }),
    onDelta(listener) {
      deltaListeners.add(listener);
      return () => void deltaListeners.delete(listener);
    },
    onRead(listener) {
      readListeners.add(listener);
      return () => void readListeners.delete(listener);
    },
    start() {
      stopped = false;
      const stops = [
        client.on('ops:delta', apply),
        client.on('resync', () => void read()),
        client.onLink(({ state }) => {
          trust.onUnread();
          if (state === 'live') void read();
        }),
        trust.start(),
      ];
      if (client.connected()) void read();
      return () => {
        stopped = true;
        for (const stop of stops) stop();
        if (client.connected()) client.call('ops:unwatch', {}, { deadlineMs: 0 }).catch(() => {});
      };
    },
  };
}
