import { describe, expect, it } from '@jest/globals';
import { createHttp, fromRetryAfter } from '../../src/client/http.ts';
import { systemTimers } from '../../src/client/timers.ts';

const answering = (answer: () => Promise<Response>) =>
  createHttp({ url: 'http://waybill.test', timers: systemTimers, timeoutMs: 1_000, fetch: answer });

describe('http', () => {
  it('[CLT7] hands on the code, and the longer of the two waits the server asks for', async () => {
    const http = answering(async () =>
      Response.json(
        {
          error: {
            code: 'rate_limited',
            message: 'later',
            retryable: true,
            details: { retryAfterMs: 1_500 },
          },
        },
        { status: 429, headers: { 'retry-after': '2' } },
      ),
    );
    await expect(http('GET', '/v1/stores')).rejects.toMatchObject({
      code: 'rate_limited',
      retryable: true,
      retryAfterMs: 2_000,
    });
  });

  it('[CLT7] takes a failed connection for offline', async () => {
    const http = answering(() => Promise.reject(new TypeError('fetch failed')));
    await expect(http('GET', '/')).rejects.toMatchObject({ code: 'offline', retryable: true });
  });

  it("[CLT7] comes again after a proxy's 502, and not after its 404", async () => {
    const by = (status: number) => answering(async () => new Response('<html>', { status }));
    await expect(by(502)('GET', '/')).rejects.toMatchObject({ retryable: true });
    await expect(by(404)('GET', '/')).rejects.toMatchObject({ retryable: false });
  });

  it('[CLT7] takes an answer that does not come for none', async () => {
    const http = createHttp({
      url: 'http://waybill.test',
      timers: { ...systemTimers, after: (_, fn) => systemTimers.after(0, fn) },
      timeoutMs: 1_000,
      fetch: (_url, init) =>
        new Promise((_, reject) =>
          init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))),
        ),
    });
    await expect(http('GET', '/')).rejects.toMatchObject({ code: 'no_answer', retryable: true });
  });

  it('[CLT7] understands Retry-After in seconds and as a date', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    expect(fromRetryAfter('7', now)).toBe(7_000);
    expect(fromRetryAfter('Sun, 01 Mar 2026 12:00:03 GMT', now)).toBe(3_000);
    expect([fromRetryAfter(null, now), fromRetryAfter('soon', now)]).toEqual([0, 0]);
  });
});
