import { describe, expect, it } from '@jest/globals';
import { CallError } from '../../src/client/call-error.ts';
import type { Link, WaybillClient } from '../../src/client/waybill-client.ts';
import type { Answers, Pushes } from '../../src/protocol/messages.ts';
import type { OrderView } from '../../src/protocol/orders.ts';
import { createLiveOrders } from '../../web/src/console/state/live-orders.ts';
import { handTimers } from '../client/fake-server.ts';

const orderOf = (orderId: string, seq = 1) =>
  ({ orderId, seq, state: 'pending.searching' }) as OrderView;

/** A server that answers when it is told to, and as it does: a watch begins its deltas anew. */
function lineTo(known: OrderView[]) {
  const asked: ((picture: Answers['ops:watch'] | Promise<never>) => void)[] = [];
  const pushes = new Map<string, (payload: never) => void>();
  let onLink = (_link: Link) => {};
  let counter = 0;
  let sent = 0;
  const client = {
    connected: () => true,
    serverNow: () => 0,
    link: () => ({ state: 'live', since: 0 }),
    call(name: string) {
      if (name !== 'ops:watch') return Promise.resolve();
      sent += 1;
      return new Promise((resolve) => asked.push(resolve));
    },
    on(name: string, listener: (payload: never) => void) {
      pushes.set(name, listener);
      return () => pushes.delete(name);
    },
    onLink(listener: (link: Link) => void) {
      onLink = listener;
      return () => {};
    },
  } as unknown as WaybillClient;
  return {
    client,
    sent: () => sent,
    waiting: () => asked.length,
    connect: () => onLink({ state: 'live', since: 0 }),
    resync: () => pushes.get('resync')?.({} as never),
    async answer() {
      counter = 0;
      asked.shift()?.({ ok: true, orders: [...known], complete: true, lately: [] } as never);
      await new Promise(setImmediate);
    },
    async refuse(error: CallError) {
      asked.shift()?.(Promise.reject(error));
      await new Promise(setImmediate);
    },
    /** Committed, and its delta lost on the way. */
    lose(order: OrderView) {
      known.push(order);
      counter += 1;
    },
    commit(order: OrderView) {
      known.push(order);
      counter += 1;
      const delta = { counter, serverNow: 0, orders: [order], gone: [], taken: [] };
      pushes.get('ops:delta')?.(delta satisfies Pushes['ops:delta'] as never);
    },
  };
}

describe('the live orders of a console', () => {
  it('[WEB11] are read once at a time: no watch that was asked for earlier cuts a later one off', async () => {
    const line = lineTo([orderOf('a')]);
    const live = createLiveOrders(line.client);
    const stop = live.start();
    line.connect();
    line.resync();
    expect(line.waiting()).toBe(1);
    await line.answer();
    // What was asked for meanwhile is one more read, after the first.
    expect(line.waiting()).toBe(1);
    line.commit(orderOf('b'));
    await line.answer();
    line.commit(orderOf('c'));
    expect([...live.orders.keys()]).toEqual(['a', 'b', 'c']);
    expect(live.trust.value).toMatchObject({ state: 'live', counter: 1 });
    expect(line.sent()).toBe(2);
    stop();
  });

  it('[WEB11] are read anew after a delta that is missing', async () => {
    const line = lineTo([]);
    const live = createLiveOrders(line.client);
    const stop = live.start();
    await line.answer();
    line.commit(orderOf('a'));
    expect(live.counts.value.get('pending.searching')).toBe(1);
    line.lose(orderOf('b'));
    line.commit(orderOf('c'));
    expect(live.trust.value).toMatchObject({ state: 'behind', behindBy: 1 });
    await line.answer();
    expect([...live.orders.keys()]).toEqual(['a', 'b', 'c']);
    expect(live.trust.value.state).toBe('live');
    stop();
  });

  it('[WEB11] are read again after a mistake of the server’s', async () => {
    const line = lineTo([orderOf('a')]);
    const timers = handTimers();
    const live = createLiveOrders(line.client, timers);
    const stop = live.start();
    const message = 'something went wrong on our side';
    await line.refuse(new CallError('internal_error', message, { retryable: false }));
    expect(live.trust.value.state).not.toBe('live');
    await timers.pass(5_000);
    await line.answer();
    expect(live.trust.value.state).toBe('live');
    stop();
  });
});
