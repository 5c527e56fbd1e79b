import { describe, expect, it } from '@jest/globals';
import { signal } from '@preact/signals';
import type { OrderHandlers } from '../../src/client/watches.ts';
import type { Link, WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrderView } from '../../src/protocol/orders.ts';
import { createMyOrders } from '../../web/src/customer/state/my-orders.ts';

const orderOf = (nth: number, state = 'delivered') =>
  ({ orderId: `o${nth}`, seq: 1, state, placedAt: nth }) as OrderView;

/** A server with these orders, newest first, and who watches what. */
function serverWith(orders: OrderView[]) {
  const watched = new Map<string, OrderHandlers>();
  const client = {
    async http(_method: string, path: string) {
      const { searchParams } = new URL(path, 'http://server');
      const newest = [...orders].sort((a, b) => b.placedAt - a.placedAt);
      const before = Number(searchParams.get('cursor') ?? Number.POSITIVE_INFINITY);
      const page = newest.filter(({ placedAt }) => placedAt < before).slice(0, 20);
      const last = page.at(-1);
      return { orders: page, ...(page.length === 20 && { nextCursor: String(last?.placedAt) }) };
    },
    watchOrder(orderId: string, handlers: OrderHandlers) {
      watched.set(orderId, handlers);
      return () => watched.delete(orderId);
    },
  } as unknown as WaybillClient;
  return { client, watched, orders };
}

const idsOf = (orders: readonly OrderView[] | undefined) => orders?.map(({ orderId }) => orderId);
const link = () => signal<Link>({ state: 'offline', since: 0 });

describe('my orders', () => {
  it('[WEB58] are given page by page to the oldest, and none is lost by looking for newer ones', async () => {
    const server = serverWith(Array.from({ length: 45 }, (_, index) => orderOf(index)));
    const mine = createMyOrders(server.client, link());
    await mine.refresh();
    expect(mine.all.value).toHaveLength(20);
    await mine.more();
    server.orders.push(orderOf(45));
    await mine.refresh();
    expect(mine.all.value).toHaveLength(41);
    await mine.more();
    expect(mine.hasMore.value).toBe(false);
    const all = Array.from({ length: 46 }, (_, index) => `o${45 - index}`);
    expect(idsOf(mine.all.value)).toEqual(all);
  });

  it('[WEB58] are followed while they are under way, and not after', async () => {
    const server = serverWith([orderOf(1), orderOf(2, 'pending.searching')]);
    const mine = createMyOrders(server.client, link());
    const stop = mine.start();
    await mine.refresh();
    expect([...server.watched.keys()]).toEqual(['o2']);
    const { onEvent } = server.watched.get('o2') ?? {};
    onEvent?.({ orderId: 'o2', seq: 2, to: 'preparing.toStore' } as never);
    // What is older than what is known says nothing.
    onEvent?.({ orderId: 'o2', seq: 1, to: 'pending.offered' } as never);
    expect(mine.live.value.map(({ state }) => state)).toEqual(['preparing.toStore']);
    onEvent?.({ orderId: 'o2', seq: 3, to: 'cancelled' } as never);
    expect(mine.live.value).toEqual([]);
    expect(server.watched.size).toBe(0);
    stop();
  });
});
