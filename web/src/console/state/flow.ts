import { type ReadonlySignal, signal } from '@preact/signals';
import type { OrderEventType } from '../../../../machines/order-types.ts';
import type { TakenView } from '../../../../src/protocol/operators.ts';
import type { LiveOrders } from './live-orders.ts';

/** Which step of which state it was; what transition of the chart that is, is the chart's to say. */
export interface StepKind {
  type: OrderEventType;
  from: string;
  to: string;
}

export interface FlowOf extends StepKind {
  /** Since the console listens. */
  total: number;
  /** Newest first. */
  latest: TakenView['latest'];
  /** Steps heard of in the last minute, by when. */
  recent: { at: number; times: number }[];
}

export interface Flow {
  /** By kind of step; the same map all along: read `version` to be told of changes. */
  readonly kinds: ReadonlyMap<string, FlowOf>;
  readonly version: ReadonlySignal<number>;
  /** Called with what was taken since the last time. Returns a stop. */
  onTaken(listener: (taken: readonly TakenView[]) => void): () => void;
  /** Steps of this kind a minute, measured over the last minute or as long as the console listens. */
  perMinute(kind: FlowOf): number;
  start(): () => void;
}

const WINDOW_MS = 60_000;
/** Before so much was heard, a rate is a guess. */
const LEAST_WINDOW_MS = 5_000;
const MOST_LATEST = 20;

/** What flows along the machine's transitions: how much, how often, and who went last. */
export function createFlow(live: LiveOrders): Flow {
  const kinds = new Map<string, FlowOf>();
  const version = signal(0);
  const listeners = new Set<(taken: readonly TakenView[]) => void>();
  let listeningSince = performance.now();

  function kindOf({ type, from, to }: StepKind): FlowOf {
    const key = `${from} ${type} ${to}`;
    const kind = kinds.get(key) ?? { type, from, to, total: 0, latest: [], recent: [] };
    kinds.set(key, kind);
    return kind;
  }

  function take(taken: readonly TakenView[]): void {
    const now = performance.now();
    for (const { times, latest, ...step } of taken) {
      const kind = kindOf(step);
      kind.total += times;
      kind.latest = [...latest, ...kind.latest].slice(0, MOST_LATEST);
      kind.recent.push({ at: now, times });
    }
    for (const { recent } of kinds.values()) {
      while (recent[0] && recent[0].at < now - WINDOW_MS) recent.shift();
    }
    if (taken.length === 0) return;
    version.value += 1;
    for (const tell of listeners) tell(taken);
  }

  return {
    ...{ kinds, version },
    onTaken(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    perMinute({ recent }) {
      const now = performance.now();
      const since = Math.max(listeningSince, now - WINDOW_MS);
      const times = recent.reduce((sum, each) => sum + (each.at >= since ? each.times : 0), 0);
      return (times * 60_000) / Math.max(now - since, LEAST_WINDOW_MS);
    },
    start() {
      const stops = [
        live.onDelta(({ taken }) => take(taken)),
        // What happened while nothing was heard is not known: a rate starts anew.
        live.onRead(({ lately }) => {
          listeningSince = performance.now();
          for (const kind of kinds.values()) kind.recent = [];
          for (const { latest, ...step } of lately) kindOf(step).latest = latest;
          version.value += 1;
        }),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },
  };
}
