/** When the client asks again after an answer that did not come, or that says "later". */
export interface RetryPolicy {
  /** How long one attempt waits for its answer, ms. */
  ackTimeoutMs: number;
  /** Upper bound of the first pause; each further one doubles it, ms. */
  baseMs: number;
  /** Upper bound of any pause the server did not ask for, ms. */
  maxMs: number;
  /** From the first attempt; after it the last failure is told, ms. */
  deadlineMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = {
  ackTimeoutMs: 5_000,
  baseMs: 200,
  maxMs: 5_000,
  deadlineMs: 30_000,
};

/**
 * The pause before attempt `attempt + 1`: between half the bound and the bound, so that clients
 * that failed together do not return together; on top of what the server asked for.
 * @param attempt attempts made so far, ≥ 1
 * @param random uniform in [0, 1)
 * @param retryAfterMs what the server asked for
 */
export function retryDelay(
  policy: RetryPolicy,
  attempt: number,
  random: number,
  retryAfterMs = 0,
): number {
  const bound = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1));
  return retryAfterMs + (bound / 2) * (1 + random);
}
