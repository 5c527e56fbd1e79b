import { CallError, closed, isCallError } from './call-error.ts';
import { type RetryPolicy, retryDelay } from './retry.ts';
import { pause, type Timers } from './timers.ts';

export interface Persistence {
  timers: Timers;
  policy: RetryPolicy;
  /** Aborted when the client closes: no further attempt, `closed` is told. */
  signal: AbortSignal;
  /** Makes the access token fresh after `token_expired`. */
  renew(): Promise<void>;
}

/**
 * Makes attempts until one succeeds, is refused for good, or the policy's deadline has no room for
 * another; the last failure is then thrown. The attempt must carry the same commandId or
 * Idempotency-Key each time: one whose answer was lost may have taken effect.
 * @param what names the call in messages
 * @throws {CallError} `retryable` tells whether the caller may go on under the same id
 */
export async function persist<T>(
  deps: Persistence,
  what: string,
  attempt: () => Promise<T>,
): Promise<T> {
  const { timers, policy, signal } = deps;
  const startedAt = timers.now();
  let renewed = false;
  for (let attempts = 1; ; attempts++) {
    if (signal.aborted) throw closed(what);
    try {
      return await attempt();
    } catch (thrown) {
      let error: unknown = thrown;
      // Once for each that has expired, which a call that waits for hours may meet more than once.
      if (isCallError(error, 'token_expired') && !renewed) {
        error = await deps.renew().then(nothing, itself);
        renewed = error === undefined;
        if (renewed) continue;
      } else renewed = false;
      if (!isCallError(error) || !error.retryable) throw error;
      const delay = retryDelay(policy, attempts, timers.random(), error.retryAfterMs);
      if (timers.now() + delay > startedAt + policy.deadlineMs) throw error;
      await pause(timers, delay, signal);
    }
  }
}

const nothing = () => undefined;
const itself = (error: unknown) => error;

/** Calls under way at once; beyond `most` a call is refused instead of queued without bound. */
export function createGate(most: number): <T>(what: string, run: () => Promise<T>) => Promise<T> {
  let pending = 0;
  return async (what, run) => {
    if (pending >= most)
      throw new CallError('too_many_pending', `${what}: ${most} calls are under way already`, {
        retryable: true,
      });
    pending += 1;
    try {
      return await run();
    } finally {
      pending -= 1;
    }
  };
}
