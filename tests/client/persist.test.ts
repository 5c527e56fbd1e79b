import { describe, expect, it } from '@jest/globals';
import { CallError, noAnswer, toCallError } from '../../src/client/call-error.ts';
import { createGate, persist } from '../../src/client/persist.ts';
import { DEFAULT_RETRY } from '../../src/client/retry.ts';
import type { Timers } from '../../src/client/timers.ts';

/** Time that passes only by waiting for it. */
function fakeTimers(): Timers & { waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    after(delayMs, fn) {
      let cancelled = false;
      waits.push(delayMs);
      queueMicrotask(() => {
        if (cancelled) return;
        now += delayMs;
        fn();
      });
      return () => {
        cancelled = true;
      };
    },
    random: () => 0,
  };
}

function trying(answers: (Error | string)[], renewing: (Error | undefined)[] = []) {
  const timers = fakeTimers();
  const closing = new AbortController();
  let renewals = 0;
  let attempts = 0;
  const run = () =>
    persist(
      {
        timers,
        policy: DEFAULT_RETRY,
        signal: closing.signal,
        renew: async () => {
          const failure = renewing[renewals];
          renewals += 1;
          if (failure) throw failure;
        },
      },
      'order:command',
      async () => {
        const answer = answers[Math.min(attempts, answers.length - 1)];
        attempts += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    );
  return { run, timers, closing, renewals: () => renewals, attempts: () => attempts };
}
const refusal = (code: 'rate_limited' | 'offer_closed' | 'token_expired', retryAfterMs?: number) =>
  toCallError({
    code,
    message: code,
    retryable: code === 'rate_limited',
    ...(retryAfterMs && { details: { retryAfterMs } }),
  });

describe('a call that is made until it is answered', () => {
  it('[CLT7] is made again after no answer and after a retryable refusal', async () => {
    const t = trying([noAnswer('x'), refusal('rate_limited'), 'done']);
    expect(await t.run()).toBe('done');
    expect(t.timers.waits).toEqual([100, 200]);
  });

  it('[CLT7] [CLT8] goes on when the token cannot be renewed just then, and renews each that expires', async () => {
    const expired = refusal('token_expired');
    const away = trying([expired, expired, 'done'], [noAnswer('refresh')]);
    expect(await away.run()).toBe('done');
    expect(away.renewals()).toBe(2);
    const later = trying([expired, noAnswer('x'), expired, 'done']);
    expect(await later.run()).toBe('done');
    const never = trying([expired]);
    await expect(never.run()).rejects.toMatchObject({ code: 'token_expired' });
    expect(never.renewals()).toBe(1);
  });

  it('[CLT7] waits at least as long as the server asks for', async () => {
    const t = trying([refusal('rate_limited', 7_000), 'done']);
    await t.run();
    expect(t.timers.waits).toEqual([7_100]);
  });

  it('[CLT7] tells a final refusal at once', async () => {
    const t = trying([refusal('offer_closed')]);
    await expect(t.run()).rejects.toMatchObject({ code: 'offer_closed' });
    expect(t.attempts()).toBe(1);
  });

  it('[CLT7] tells the last failure when the deadline leaves no room for another attempt', async () => {
    const t = trying([noAnswer('x')]);
    await expect(t.run()).rejects.toMatchObject({ code: 'no_answer' });
    expect(t.timers.now()).toBeLessThanOrEqual(DEFAULT_RETRY.deadlineMs);
    expect(t.attempts()).toBeGreaterThan(5);
  });

  it('[CLT7] does not wait for a server that asks for more than the deadline', async () => {
    const t = trying([refusal('rate_limited', 60_000)]);
    await expect(t.run()).rejects.toMatchObject({ code: 'rate_limited' });
    expect(t.timers.waits).toEqual([]);
  });

  it('[CLT8] renews an expired token once, and goes on', async () => {
    const t = trying([refusal('token_expired'), 'done']);
    expect(await t.run()).toBe('done');
    expect(t.renewals()).toBe(1);
    const stubborn = trying([refusal('token_expired')]);
    await expect(stubborn.run()).rejects.toMatchObject({ code: 'token_expired' });
    expect(stubborn.renewals()).toBe(1);
  });

  it('[CLT7] ends with the client', async () => {
    const t = trying([noAnswer('x')]);
    t.closing.abort();
    await expect(t.run()).rejects.toMatchObject({ code: 'closed', retryable: false });
  });
});

describe('calls under way', () => {
  it('[CLT6] are bounded: one too many is refused, and there is room again after an answer', async () => {
    const gate = createGate(1);
    let answer: (value: string) => void = () => {};
    const first = gate('a', () => new Promise<string>((resolve) => (answer = resolve)));
    await expect(gate('b', async () => 'b')).rejects.toBeInstanceOf(CallError);
    answer('a');
    expect(await first).toBe('a');
    expect(await gate('c', async () => 'c')).toBe('c');
  });
});
