import type { WaybillClient } from '../client/waybill-client.ts';
import type { OrderEventView, OrderView } from '../protocol/orders.ts';

/** One person's view of one order, kept by watching it. */
export interface Followed {
  /** As last told; `''` before the first word. */
  state(): string;
  view(): OrderView | undefined;
  /** Resolves with the first state that satisfies `test`; with undefined when nothing follows any more. */
  until(test: (state: string) => boolean): Promise<string | undefined>;
  stop(): void;
}

/** @param onStep told each state once it is entered */
export function followOrder(
  client: WaybillClient,
  orderId: string,
  onStep: (state: string, event?: OrderEventView) => void = () => {},
): Followed {
  let state = '';
  let view: OrderView | undefined;
  let over = false;
  const waiting = new Set<() => void>();

  function enter(next: string, event?: OrderEventView): void {
    if (next !== state) {
      state = next;
      onStep(state, event);
    }
    for (const look of [...waiting]) look();
  }
  function end(): void {
    over = true;
    for (const look of [...waiting]) look();
  }

  const unwatch = client.watchOrder(orderId, {
    onSnapshot(snapshot) {
      view = snapshot;
      enter(snapshot.state);
    },
    onEvent: (event) => enter(event.to, event),
    onLost: end,
  });

  return {
    state: () => state,
    view: () => view,
    until: (test) =>
      new Promise((resolve) => {
        const look = () => {
          const found = test(state);
          if (!found && !over) return;
          waiting.delete(look);
          resolve(found ? state : undefined);
        };
        waiting.add(look);
        look();
      }),
    stop() {
      unwatch();
      end();
    },
  };
}
