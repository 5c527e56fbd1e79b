import { isCallError } from '../../../../src/client/call-error.ts';

/**
 * Asks now, and again so long after each answer, until the returned stop is called. A server that is
 * away or refuses is the trust line's to tell: the next round asks again.
 */
export function poll(ask: () => Promise<void>, everyMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  async function round(): Promise<void> {
    try {
      await ask();
    } catch (error) {
      if (!isCallError(error)) throw error;
    }
    if (!stopped) timer = setTimeout(() => void round(), everyMs);
  }

  void round();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
