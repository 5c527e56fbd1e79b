import { describe, expect, it } from '@jest/globals';
import { offline } from '../../src/client/call-error.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import { createOutbox } from '../../web/src/driver/state/outbox.ts';

const stored = new Map<string, string>();
Object.assign(globalThis, {
  localStorage: {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
  },
});

/** A phone whose line is dead until `restore`. */
function phone() {
  let isOnline = false;
  let onLink = (_link: { state: string }) => {};
  const client = {
    connected: () => isOnline,
    serverNow: () => 0,
    onLink(listener: typeof onLink) {
      onLink = listener;
      return () => {};
    },
    shift: async (name: string) => {
      if (!isOnline) throw offline(name);
    },
  } as unknown as WaybillClient;
  return {
    outbox: () => createOutbox(client, 'taps'),
    async restore() {
      isOnline = true;
      onLink({ state: 'live' });
      await new Promise(setImmediate);
    },
  };
}
const kept = () => (JSON.parse(stored.get('taps') ?? '[]') as unknown[]).length;

describe('taps on their way', () => {
  it('[WEB43] are kept of every tab, whichever one is used last', async () => {
    const [one, other] = [phone(), phone()];
    const [first, second] = [one.outbox(), other.outbox()];
    first.send({ to: 'shift', name: 'shift:break' });
    second.send({ to: 'shift', name: 'shift:end' });
    expect(kept()).toBe(2);
    await new Promise(setImmediate);
    await other.restore();
    expect(second.waiting.value).toEqual([]);
    expect(kept()).toBe(1);
    expect(phone().outbox().waiting.value).toEqual(first.waiting.value);
  });
});
