import type { WaybillClient } from '../../src/client/waybill-client.ts';
import { isVisible, type OrderStep } from '../../src/protocol/orders.ts';
import { until } from './stage.ts';

/** Which steps of which orders a watcher was told, counted. */
export interface Follower {
  watch(orderId: string): void;
  seen: ReadonlyMap<string, number[]>;
  /** Steps that this watcher may see, as the server's history has them. */
  visible(orderId: string): Promise<number[]>;
}

export function createFollower(client: WaybillClient): Follower {
  const seen = new Map<string, number[]>();
  return {
    seen,
    async visible(orderId) {
      const path = `/v1/orders/${orderId}/history`;
      const { events } = await client.http<{ events: OrderStep[] }>('GET', path);
      return events.filter(isVisible).map(({ seq }) => seq);
    },
    watch(orderId) {
      const steps: number[] = [];
      seen.set(orderId, steps);
      client.watchOrder(orderId, { onEvent: ({ seq }) => void steps.push(seq) }, 0);
    },
  };
}

/**
 * Waits until every follower has been told what the server's history shows them now, then counts:
 * steps there, seen, missed, and seen twice or out of order.
 */
export async function compare(followers: readonly Follower[]) {
  const watched = followers.flatMap(({ seen, visible }) =>
    [...seen].map(([orderId, steps]) => ({ orderId, steps, visible })),
  );
  const expected = await Promise.all(watched.map(({ orderId, visible }) => visible(orderId)));
  const missing = () =>
    watched.reduce((count, { steps }, index) => {
      const told = new Set(steps);
      return count + (expected[index] ?? []).filter((seq) => !told.has(seq)).length;
    }, 0);
  const startedAt = performance.now();
  await until('watchers to catch up', () => missing() === 0, 15_000).catch(() => {});
  const isDisordered = (steps: readonly number[]) =>
    steps.some((seq, index) => index > 0 && seq <= (steps[index - 1] ?? 0));
  return {
    expected: expected.flat().length,
    missed: missing(),
    disorder: watched.filter(({ steps }) => isDisordered(steps)).length,
    tookMs: performance.now() - startedAt,
  };
}
