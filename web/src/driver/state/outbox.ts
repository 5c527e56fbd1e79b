import { type ReadonlySignal, signal } from '@preact/signals';
import { type CallError, isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OrderCommandInput } from '../../../../src/protocol/commands.ts';

/** What a tap is to do. */
export type Deed =
  | { to: 'order'; orderId: string; command: OrderCommandInput }
  | { to: 'shift'; name: 'shift:start'; zone: string }
  | { to: 'shift'; name: 'shift:break' | 'shift:resume' | 'shift:end' };

export interface Tap {
  /** Under which it is sent, however often. */
  commandId: string;
  /** By the server's clock, epoch ms. */
  tappedAt: number;
  deed: Deed;
}

/** What became of a tap: `error` when it was refused for good. */
export interface Fate {
  tap: Tap;
  /** From the tap to the answer, ms. */
  tookMs: number;
  /** It had to be sent again, or the page was loaded anew before it was answered. */
  waited: boolean;
  error?: CallError;
}

export interface Outbox {
  /** Not answered yet, oldest first: also those of before a reload. */
  readonly waiting: ReadonlySignal<readonly Tap[]>;
  /** Takes a tap down, then sends it until it is answered. */
  send(deed: Deed): Tap;
  onFate(listener: (fate: Fate) => void): void;
}

const ASK_AGAIN_MS = 1_000;
/** More than a shift in a tunnel. */
const MOST_KEPT = 100;

/**
 * Taps on their way to the server. Each is kept in this browser before it is sent, and until it is
 * answered; those about one order, or the shift, go one after the other, as they were made.
 * @param key where they are kept: one for each person
 */
export function createOutbox(client: WaybillClient, key: string): Outbox {
  const waiting = signal<readonly Tap[]>(load(key));
  const listeners: ((fate: Fate) => void)[] = [];
  /** The last tap of each subject, to which the next one joins. */
  const tails = new Map<string, Promise<void>>();
  /** Commands that were not answered at once. */
  const delayed = new Set(waiting.value.map(({ commandId }) => commandId));

  /** What is kept may be another tab's, too: it is changed, not replaced. */
  function keep(change: (taps: readonly Tap[]) => readonly Tap[]): void {
    waiting.value = change(waiting.value);
    localStorage.setItem(key, JSON.stringify(change(load(key)).slice(-MOST_KEPT)));
  }

  function enqueue(tap: Tap): void {
    const subject = tap.deed.to === 'order' ? tap.deed.orderId : 'shift';
    const tail = (tails.get(subject) ?? Promise.resolve()).then(() => deliver(tap));
    tails.set(subject, tail);
  }

  /** Resolves once it is answered, or this client is closed: then the next one goes on with it. */
  async function deliver(tap: Tap): Promise<void> {
    for (;;) {
      try {
        await attempt(client, tap);
        return settle(tap);
      } catch (error) {
        if (!isCallError(error)) throw error;
        if (error.code === 'closed') return;
        if (!error.retryable) return settle(tap, error);
        delayed.add(tap.commandId);
        await untilWorthwhile(client, error.retryAfterMs);
      }
    }
  }

  function settle(tap: Tap, error?: CallError): void {
    const tookMs = client.serverNow() - tap.tappedAt;
    const waited = delayed.delete(tap.commandId);
    const fate = { tap, tookMs, waited, ...(error ? { error } : {}) };
    keep((taps) => taps.filter(({ commandId }) => commandId !== tap.commandId));
    for (const tell of listeners) tell(fate);
  }

  // After whoever made this has had the time to listen.
  queueMicrotask(() => waiting.value.forEach(enqueue));
  return {
    waiting,
    send(deed) {
      const tap = { commandId: crypto.randomUUID(), tappedAt: client.serverNow(), deed };
      keep((taps) => [...taps, tap]);
      enqueue(tap);
      return tap;
    },
    onFate: (listener) => void listeners.push(listener),
  };
}

/** True while this tap about the shift is not answered. */
export const isTapped = ({ waiting }: Outbox, name: `shift:${string}`): boolean =>
  waiting.value.some(({ deed }) => deed.to === 'shift' && deed.name === name);

/** Once: whoever is in a tunnel does not want to wait for a pause between attempts at its end. */
const ONCE = { deadlineMs: 0 };

function attempt(client: WaybillClient, { commandId, deed }: Tap): Promise<unknown> {
  const options = { commandId, retry: ONCE };
  if (deed.to === 'order') return client.command(deed.orderId, deed.command, options);
  return deed.name === 'shift:start'
    ? client.shift(deed.name, { zone: deed.zone }, options)
    : client.shift(deed.name, {}, options);
}

/** As soon as there is a line again; where there is one, after a moment. */
function untilWorthwhile(client: WaybillClient, retryAfterMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (client.connected()) {
      setTimeout(resolve, Math.max(ASK_AGAIN_MS, retryAfterMs));
      return;
    }
    const stop = client.onLink(({ state }) => {
      if (state === 'offline') return;
      stop();
      resolve();
    });
  });
}

function load(key: string): Tap[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? (kept as Tap[]) : [];
  } catch {
    // Cut short while it was written: what it held cannot be known.
    return [];
  }
}
