import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import { createHttp } from '../../../../src/client/http.ts';
import { systemTimers } from '../../../../src/client/timers.ts';
import type { TrackView } from '../../../../src/protocol/tracking.ts';

/** What the link shows, and whether that is how it is now. */
export interface TrackLink {
  readonly view: ReadonlySignal<TrackView | undefined>;
  /** When the server was last heard, epoch ms; and whether the last attempt failed. */
  readonly heard: ReadonlySignal<{ at: number; lost: boolean }>;
  /** The link shows nothing (any more), and why as far as the server says. */
  readonly gone: ReadonlySignal<'over' | 'revoked' | undefined>;
  start(): () => void;
}

const EVERY_MS = 3_000;
/** Nothing changes any more but that the link ends. */
const WHEN_OVER_MS = 60_000;
const TIMEOUT_MS = 10_000;

/**
 * Asks every few seconds, later and later while nobody answers; at once when the page is looked at
 * again. The browser's cache sends the ETag and keeps the answer where nothing has changed.
 */
export function createTrackLink(token: string): TrackLink {
  const http = createHttp({ url: location.origin, timers: systemTimers, timeoutMs: TIMEOUT_MS });
  const view = signal<TrackView | undefined>(undefined);
  const heard = signal({ at: systemTimers.now(), lost: false });
  const gone = signal<'over' | 'revoked' | undefined>(undefined);
  let failures = 0;
  let cancel = () => {};
  let asking = false;
  let stopped = false;

  async function ask(): Promise<void> {
    cancel();
    if (asking || stopped || gone.peek()) return;
    asking = true;
    let wait = EVERY_MS;
    try {
      view.value = await http<TrackView>('GET', `/v1/track/${encodeURIComponent(token)}`);
      heard.value = { at: systemTimers.now(), lost: false };
      failures = 0;
      if (view.value.endedAt !== undefined) wait = WHEN_OVER_MS;
    } catch (error) {
      if (!isCallError(error)) throw error;
      failures += 1;
      if (error.code === 'link_revoked') gone.value = 'revoked';
      else if (error.code === 'not_found') gone.value = 'over';
      else heard.value = { ...heard.peek(), lost: true };
      wait = Math.max(error.retryAfterMs, EVERY_MS * Math.min(5, failures));
    }
    asking = false;
    if (!stopped) cancel = systemTimers.after(wait, () => void ask());
  }

  return {
    view,
    heard,
    gone,
    start() {
      const look = () => {
        if (document.visibilityState === 'visible') void ask();
      };
      document.addEventListener('visibilitychange', look);
      addEventListener('online', look);
      void ask();
      return () => {
        stopped = true;
        cancel();
        document.removeEventListener('visibilitychange', look);
        removeEventListener('online', look);
      };
    },
  };
}
