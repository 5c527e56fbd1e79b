import { effect, type Signal, signal } from '@preact/signals';
import type { PlaceOrder } from '../../../../src/protocol/orders.ts';

/** An order in the making. */
export interface Draft {
  storeId: string | undefined;
  /** Store → product → how many; what was put into another store's basket stays there. */
  baskets: Record<string, Record<string, number>>;
  dropoff: { lat: number; lng: number } | undefined;
  address: string;
  note: string;
  /** As the input field has it, in the viewer's zone; empty: as soon as possible. */
  later: string;
}

/** An order that was sent and not answered yet: its key makes every further attempt the same order. */
export interface Attempt {
  key: string;
  order: PlaceOrder;
}

const NOTHING: Draft = {
  ...{ storeId: undefined, baskets: {}, dropoff: undefined },
  ...{ address: '', note: '', later: '' },
};

/**
 * The draft of this tab, and the attempt to place it. Both outlive a reload, so that a reload between
 * the click and the answer does not make a second order. Each customer has their own.
 */
export function openDraft(userId: string): {
  draft: Signal<Draft>;
  attempt: Signal<Attempt | undefined>;
  /** Begins to keep what changes. */
  keep(): () => void;
} {
  const draft = signal<Draft>({ ...NOTHING, ...(read(`draft/${userId}`) as Partial<Draft>) });
  const attempt = signal(read(`attempt/${userId}`) as Attempt | undefined);
  return {
    draft,
    attempt,
    keep() {
      const stops = [
        effect(() => write(`draft/${userId}`, draft.value)),
        effect(() => write(`attempt/${userId}`, attempt.value)),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}

const nameOf = (key: string) => `waybill/${key}`;

function read(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(key)) ?? 'null') ?? undefined;
  } catch {
    // Not ours, or storage is forbidden: begin anew.
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(nameOf(key));
    else sessionStorage.setItem(nameOf(key), JSON.stringify(value));
  } catch {
    // Storage is forbidden or full: the draft lives as long as the page does.
  }
}
