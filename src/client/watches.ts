import {
  isVisible,
  type OrderEventView,
  type OrderStep,
  type OrderView,
} from '../protocol/orders.ts';
import { isCallError } from './call-error.ts';
import type { Call } from './caller.ts';
import { createOrderWatch, type OrderWatch, type WatchHandlers } from './order-watch.ts';
import { pause, type Timers } from './timers.ts';

export type OrderHandlers = WatchHandlers<OrderView, OrderEventView>;

/** Every order this client watches. */
export interface Watches {
  /** @param sinceSeq tell the events after it first; absent: begin with the order as it is */
  watch(orderId: string, handlers: OrderHandlers, sinceSeq?: number): () => void;
  receive(step: OrderStep): void;
  /** The order is known to be at this seq at least: a watch that does not hear of it soon reads again. */
  expect(orderId: string, seq: number): void;
  resync(): void;
  suspend(): void;
  /** Watches that may be out of date. */
  stale(): number;
  /** Times that one had to read again after its first read. */
  repairs(): number;
  close(): void;
}

/** A watch asks until it is answered: to give up silently would leave a stale screen. */
const PATIENTLY = { deadlineMs: Number.POSITIVE_INFINITY };

/** A mistake of the server's may pass, and to read again changes nothing. */
const READ_AGAIN_MS = 5_000;

/** What a command did is pushed to its sender too; later than that, it got lost. */
const HEARD_WITHIN_MS = 1_000;

export function createWatches(call: Call, timers: Timers): Watches {
  const byOrder = new Map<string, Set<OrderWatch<OrderStep>>>();
  const expecting = new Set<() => void>();
  let repairs = 0;
  const all = () => [...byOrder.values()].flatMap((watches) => [...watches]);

  function leave(orderId: string): void {
    byOrder.delete(orderId);
    call('order:unwatch', { orderId }, { deadlineMs: 0 }).catch((error: unknown) => {
      // Offline there is nothing to leave.
      if (!isCallError(error)) throw error;
    });
  }

  async function read(orderId: string, sinceSeq: number | undefined) {
    const payload = { orderId, ...(sinceSeq !== undefined && { sinceSeq }) };
    for (;;) {
      try {
        return await call('order:watch', payload, PATIENTLY);
      } catch (error) {
        const mayPass = isCallError(error) && (error.retryable || error.code === 'internal_error');
        if (!mayPass || !byOrder.has(orderId)) throw error;
        await pause(timers, READ_AGAIN_MS);
      }
    }
  }

  return {
    watch(orderId, handlers, sinceSeq) {
      let reads = 0;
      const watch = createOrderWatch<OrderView, OrderStep>({
        async read(since) {
          if (reads > 0) repairs += 1;
          reads += 1;
          const answer = await read(orderId, since);
          // Asked for by who has left since, while there was no line to say so.
          if (!byOrder.has(orderId)) leave(orderId);
          return answer;
        },
        isRedacted: (step) => !isVisible(step),
        handlers: {
          ...handlers,
          onEvent: (step) => {
            if (isVisible(step)) handlers.onEvent?.(step);
          },
        },
        ...(sinceSeq !== undefined && { sinceSeq }),
      });
      const watches = byOrder.get(orderId) ?? new Set();
      byOrder.set(orderId, watches.add(watch));
      watch.resync();
      return () => {
        watch.close();
        if (watches.delete(watch) && watches.size === 0) leave(orderId);
      };
    },
    receive(step) {
      for (const watch of byOrder.get(step.orderId) ?? []) watch.receive(step);
    },
    expect(orderId, seq) {
      const watches = byOrder.get(orderId);
      if (!watches) return;
      const cancel = timers.after(HEARD_WITHIN_MS, () => {
        expecting.delete(cancel);
        for (const watch of watches) if (watch.seq() < seq) watch.resync();
      });
      expecting.add(cancel);
    },
    resync() {
      for (const watch of all()) watch.resync();
    },
    suspend() {
      for (const watch of all()) watch.suspend();
    },
    stale: () => all().filter((watch) => watch.stale()).length,
    repairs: () => repairs,
    close() {
      for (const watch of all()) watch.close();
      byOrder.clear();
      for (const cancel of expecting) cancel();
    },
  };
}
