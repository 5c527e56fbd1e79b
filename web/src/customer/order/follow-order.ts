import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { explain } from '../explain.ts';
import { isCarried } from './order-story.ts';

/** One order, as it now is. */
export interface FollowedOrder {
  readonly order: ReadonlySignal<OrderView | undefined>;
  /** Where its driver was last, while somebody carries it. */
  readonly position: ReadonlySignal<{ lat: number; lng: number; at: number } | undefined>;
  /** True while something may have happened that is not shown. */
  readonly stale: ReadonlySignal<boolean>;
  /** Why it cannot be followed (any longer). */
  readonly lost: ReadonlySignal<string | undefined>;
  start(): () => void;
}

/** A step says where the order stands; what else it changed is read from the server right after. */
export function followOrder(client: WaybillClient, orderId: string): FollowedOrder {
  const order = signal<OrderView | undefined>(undefined);
  const position = signal<{ lat: number; lng: number; at: number } | undefined>(undefined);
  const stale = signal(true);
  const lost = signal<string | undefined>(undefined);

  function take(next: OrderView): void {
    if (next.seq < (order.peek()?.seq ?? 0)) return;
    order.value = next;
    if (!isCarried(next.state)) position.value = undefined;
  }

  async function read(): Promise<void> {
    try {
      take(await client.http<OrderView>('GET', `/v1/orders/${orderId}`));
    } catch (error) {
      // The step was told; the rest of it comes with the next one, or when the line is back.
      if (!isCallError(error)) throw error;
    }
  }

  return {
    order,
    position,
    stale,
    lost,
    start() {
      const stops = [
        client.watchOrder(orderId, {
          onSnapshot: take,
          onEvent({ seq, to }) {
            const known = order.peek();
            if (known) take({ ...known, seq, state: to });
            void read();
          },
          onStale(now) {
            stale.value = now;
          },
          onLost(error) {
            if (!isCallError(error, 'closed')) lost.value = explain(error);
          },
        }),
        client.on('driver:position', (told) => {
          if (told.orderId !== orderId) return;
          position.value = { lat: told.lat, lng: told.lng, at: told.at };
          const known = order.peek();
          if (known && told.etaAt !== undefined) order.value = { ...known, etaAt: told.etaAt };
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
