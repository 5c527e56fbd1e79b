import { describe, expect, it } from '@jest/globals';
import { createAlarms } from '../../src/dispatch/alarms.ts';
import type { StoredActor } from '../../src/engine/store.ts';
import { openMemoryDocuments } from '../../src/storage/memory-documents.ts';
import { createManualClock } from '../support/manual-clock.ts';

/** The order as it was read at this step, with or without the alarm. */
const orderAt = (seq: number, ...alarms: string[]) =>
  ({ id: 'o1', seq, snapshot: { context: { alarms, zone: 'z1' } } }) as unknown as StoredActor;

describe('alarms', () => {
  const open = () => {
    const clock = createManualClock();
    return createAlarms({ clock, open: openMemoryDocuments(clock) });
  };
  const isOpen = async (...orders: StoredActor[]) => {
    const alarms = open();
    for (const order of orders) await alarms.follow(order, 'stalled');
    return alarms.isOpen('o1', 'stalled');
  };

  it('[DSP16] say what the order said last, in whatever order its effects run', async () => {
    const [raised, cleared, again] = [orderAt(3, 'stalled'), orderAt(5), orderAt(9, 'stalled')];
    expect(await isOpen(raised)).toBe(true);
    expect(await isOpen(raised, cleared)).toBe(false);
    // The clear ran first: the raise was read before it, and must not stay open for ever.
    expect(await isOpen(cleared, raised)).toBe(false);
    expect(await isOpen(raised, cleared, raised)).toBe(false);
    expect(await isOpen(raised, cleared, again)).toBe(true);
    expect(await isOpen(again, cleared)).toBe(true);
    expect(await isOpen(cleared, again, raised)).toBe(true);
    // A raise that was read before a later clear found nothing to close.
    expect(await isOpen(raised, cleared, orderAt(20), orderAt(15, 'stalled'))).toBe(false);
  });

  it('[DSP16] keep who has it in hand while they stay open, and start anew when raised again', async () => {
    const alarms = open();
    await alarms.follow(orderAt(3, 'stalled'), 'stalled');
    await alarms.claim('o1:stalled', 'op1');
    await alarms.follow(orderAt(7, 'stalled'), 'stalled');
    expect((await alarms.list({ limit: 9 }))[0]).toMatchObject({ claimedBy: 'op1', open: true });
    await alarms.follow(orderAt(8), 'stalled');
    await alarms.follow(orderAt(9, 'stalled'), 'stalled');
    expect((await alarms.list({ limit: 9 }))[0]?.claimedBy).toBeUndefined();
  });

  it('[DSP17] change hands when they are given back, or taken over from whoever is named', async () => {
    const alarms = open();
    await alarms.follow(orderAt(3, 'stalled'), 'stalled');
    const id = 'o1:stalled';
    await alarms.claim(id, 'op1');
    expect((await alarms.giveBack(id, 'op2')).claimedBy).toBe('op1');
    expect((await alarms.giveBack(id, 'op1')).claimedBy).toBeUndefined();
    await alarms.claim(id, 'op2');
    // A retry of what was done before does not take it out of a colleague's hand.
    expect((await alarms.giveBack(id, 'op1')).claimedBy).toBe('op2');
    await expect(alarms.claim(id, 'op3')).rejects.toMatchObject({ details: { claimedBy: 'op2' } });
    expect((await alarms.claim(id, 'op3', 'op2')).claimedBy).toBe('op3');
    // Of two who take it over from the same colleague one has it.
    await expect(alarms.claim(id, 'op4', 'op2')).rejects.toMatchObject({
      ...{ code: 'illegal_transition', details: { claimedBy: 'op3' } },
    });
    expect((await alarms.claim(id, 'op3', 'op2')).claimedBy).toBe('op3');
  });
});
