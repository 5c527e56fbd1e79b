import { effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { v7 as newId } from 'uuid';
import { type CallError, isCallError } from '../../../../src/client/call-error.ts';
import type { Link, WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OrderView, PlaceOrder } from '../../../../src/protocol/orders.ts';
import { type Attempt, type Draft, openDraft } from './draft.ts';

/** Where the draft stands on its way to being an order. */
export type PlacingState =
  | { is: 'idle' }
  | { is: 'sending' }
  /** Sent, and no answer: it may be an order or not; the next attempt finds out. */
  | { is: 'unanswered'; error: CallError }
  | { is: 'refused'; error: CallError };

export interface Placing {
  readonly draft: Signal<Draft>;
  readonly state: ReadonlySignal<PlacingState>;
  change(part: Partial<Draft>): void;
  /** Sends an order once. While one is under way, or unanswered, it is that one that is sent again. */
  place(order: PlaceOrder): Promise<void>;
  /** The same order again, under the same key. */
  again(): Promise<void>;
  /** Gives the unanswered attempt up: the draft may be changed, and would be another order. */
  giveUp(): void;
  /** Called with each order that was placed. Returns a stop. */
  onPlaced(listener: (order: OrderView) => void): () => void;
  start(): () => void;
}

export function createPlacing(client: WaybillClient, link: Signal<Link>, userId: string): Placing {
  const { draft, attempt, keep } = openDraft(userId);
  const state = signal<PlacingState>({ is: 'idle' });
  const listeners = new Set<(order: OrderView) => void>();

  async function send({ key, order }: Attempt): Promise<void> {
    if (state.peek().is === 'sending') return;
    state.value = { is: 'sending' };
    try {
      const placed = await client.place(order, { commandId: key });
      attempt.value = undefined;
      const { [order.storeId]: _, ...baskets } = draft.peek().baskets;
      draft.value = { ...draft.peek(), baskets, note: '', later: '' };
      state.value = { is: 'idle' };
      for (const tell of listeners) tell(placed.order);
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (isAnswer(error)) {
        attempt.value = undefined;
        state.value = { is: 'refused', error };
      } else {
        state.value = { is: 'unanswered', error };
      }
    }
  }

  const again = async () => {
    const unanswered = attempt.peek();
    if (unanswered) await send(unanswered);
  };

  return {
    draft,
    state,
    change(part) {
      draft.value = { ...draft.peek(), ...part };
      if (state.peek().is === 'refused') state.value = { is: 'idle' };
    },
    place(order) {
      attempt.value ??= { key: newId(), order };
      return send(attempt.value);
    },
    again,
    giveUp() {
      attempt.value = undefined;
      state.value = { is: 'idle' };
    },
    onPlaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const stops = [
        keep(),
        // When the line is back, or the page is, what is unanswered is asked about.
        effect(() => {
          if (link.value.state === 'live') void again();
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

/** The server has decided, and not for it; anything else leaves open what became of it. */
const isAnswer = ({ code, retryable }: CallError): boolean =>
  !retryable && code !== 'internal_error' && code !== 'closed' && code !== 'unauthenticated';
