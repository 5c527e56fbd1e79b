import { describe, expect, it } from '@jest/globals';
import { type Call, checkCalls, createCallLog } from '../../src/verify/check-calls.ts';

/** `who does began–ended → seq`, e.g. `d1 offer.accept 1–3 → 5`; without a seq it was refused or never answered. */
function call(text: string, more: Partial<Call> = {}): Call {
  const [client = '', does = '', span = '', , seq] = text.split(' ');
  const [beganAt, endedAt] = span.split('–').map(Number);
  return {
    ...{ actor: 'order/o1', client, does, beganAt: beganAt as number },
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(does === 'read' ? {} : { commandId: `${client}-${does}-${beganAt}` }),
    ...(seq === undefined ? {} : { outcome: 'ok', seq: Number(seq) }),
    ...more,
  };
}
const found = (...calls: Call[]) =>
  checkCalls(calls, { mayBeReleased: false }).map(({ what }) => what);

describe('calls of clients', () => {
  it('[DST5] are explained by one order of events, whatever overlaps', () => {
    expect(
      found(
        call('c1 order.place 0–2 → 1'),
        call('d1 offer.accept 3–9 → 4'),
        call('d2 offer.accept 3–8', { outcome: 'fail', code: 'offer_closed' }),
        call('c1 read 4–5 → 3'),
        call('op read 4–6 → 4'),
        call('d1 order.pickUp 10–12 → 6'),
        call('c1 read 12.5–13 → 6'),
      ),
    ).toEqual([]);
  });

  it('[DST5] a read that began after a step was acknowledged shows it', () => {
    expect(found(call('d1 offer.accept 1–3 → 4'), call('c1 read 4–5 → 3'))).toEqual([
      "c1's read is #3, though d1's offer.accept (d1-offer.accept-1) had ended as #4 before it began",
    ]);
  });

  it('[DST5] reads do not go back, whoever reads', () => {
    expect(found(call('c1 read 1–2 → 7'), call('op read 3–4 → 6'))).toHaveLength(1);
    expect(found(call('c1 read 1–5 → 7'), call('op read 3–4 → 6'))).toEqual([]);
  });

  it('[DST5] a command comes after everything that had ended before it began', () => {
    expect(found(call('c1 read 1–2 → 7'), call('d1 order.pickUp 3–4 → 7'))).toHaveLength(1);
    expect(found(call('d1 order.pickUp 1–2 → 7'), call('c1 read 3–4 → 7'))).toEqual([]);
  });

  it('[DST5] the retry of an old command belongs where it was taken', () => {
    const commandId = 'same';
    expect(
      found(
        call('d1 offer.accept 1–2 → 4', { commandId }),
        call('d1 order.arriveStore 3–4 → 5'),
        call('d1 offer.accept 6–7 → 4', { commandId }),
      ),
    ).toEqual([]);
    expect(
      found(
        call('d1 offer.accept 1–2 → 4', { commandId }),
        call('d1 offer.accept 6–7 → 6', { commandId }),
      ),
    ).toEqual(["d1's offer.accept (same) is both #4 and #6"]);
  });

  it('[DST5] no step is two commands', () => {
    expect(found(call('d1 offer.accept 1–9 → 4'), call('d2 offer.reject 1–9 → 4'))).toEqual([
      "#4 is both d1's offer.accept (d1-offer.accept-1) and d2's offer.reject (d2-offer.reject-1)",
    ]);
  });

  it('[DST5] of one order one accept succeeds, unless it was given back', () => {
    const accepts = [call('d1 offer.accept 1–9 → 4'), call('d2 offer.accept 1–9 → 6')];
    expect(found(...accepts)).toHaveLength(1);
    expect(found(...accepts, call('d1 order.release 3–4 → 5'))).toEqual([]);
    expect(checkCalls(accepts)).toEqual([]);
  });

  it('[DST5] what was never answered may have happened or not', () => {
    const log = createCallLog();
    log.begin({ actor: 'order/o1', client: 'd1', does: 'offer.accept', commandId: 'x', at: 1 });
    log.begin({ actor: 'order/o1', client: 'd2', does: 'offer.accept', commandId: 'y', at: 2 })({
      ...{ at: 3, outcome: 'ok', seq: 5 },
    });
    log.begin({ actor: 'order/o1', client: 'c1', does: 'read', at: 4 })({
      ...{ at: 5, outcome: 'ok', seq: 5 },
    });
    expect(checkCalls(log.calls, { mayBeReleased: false })).toEqual([]);
  });
});
