/** How far this device's clock is from the server's, learned from messages that carry `serverNow`. */
export interface ClockSync {
  /** A request and its answer: the server's clock read `serverNow` somewhere between the two. */
  onAnswer(sentAt: number, serverNow: number, receivedAt: number): void;
  /** A message nobody asked for: it left the server at `serverNow`, some time before it arrived. */
  onPush(serverNow: number, receivedAt: number): void;
  /** Server time minus device time, ms; 0 until the first message. */
  offsetMs(): number;
  /** How far `offsetMs` may be off at most; Infinity until the first answer. */
  errorMs(): number;
}

/** The offset lies within: an answer bounds it from both sides, a push only from below. */
interface Bounds {
  min: number;
  max: number;
}

/**
 * Keeps the last few observations and takes the middle of what they all allow, so that a slow
 * answer, or one slow in one direction only, cannot make the estimate worse.
 * When an older observation contradicts newer ones, a clock has moved and it is forgotten.
 * @param keep observations remembered, default 8
 */
export function createClockSync(keep = 8): ClockSync {
  let seen: Bounds[] = [];
  let agreed: Bounds = { min: Number.NEGATIVE_INFINITY, max: Infinity };

  function observe(latest: Bounds): void {
    seen = [latest, ...seen].slice(0, keep);
    agreed = latest;
    for (const [index, bounds] of seen.entries()) {
      const both = {
        min: Math.max(agreed.min, bounds.min),
        max: Math.min(agreed.max, bounds.max),
      };
      if (both.min > both.max) {
        seen = seen.slice(0, index);
        return;
      }
      agreed = both;
    }
  }

  return {
    onAnswer(sentAt, serverNow, receivedAt) {
      observe({ min: serverNow - receivedAt, max: serverNow - sentAt });
    },
    onPush(serverNow, receivedAt) {
      const min = serverNow - receivedAt;
      // A push that says nothing new would only push an answer out of memory.
      if (min > agreed.min) observe({ min, max: Infinity });
    },
    offsetMs() {
      if (agreed.max < Infinity) return (agreed.min + agreed.max) / 2;
      return agreed.min > Number.NEGATIVE_INFINITY ? agreed.min : 0;
    },
    errorMs: () => (agreed.max - agreed.min) / 2,
  };
}
