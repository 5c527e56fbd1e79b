import type { Requests } from '../protocol/messages.ts';
import { isCallError } from './call-error.ts';
import type { Call } from './caller.ts';

type Position = Requests['driver:position'];

/** Sends positions one at a time; while one is under way only the latest waits. Old ones help nobody. */
export function createReporter(call: Call): (position: Position) => void {
  let sending = false;
  let latest: Position | undefined;

  async function sendLatest(): Promise<void> {
    sending = true;
    while (latest) {
      const position = latest;
      latest = undefined;
      try {
        await call('driver:position', position, { deadlineMs: 0 });
      } catch (error) {
        if (!isCallError(error)) throw error;
      }
    }
    sending = false;
  }

  return (position) => {
    latest = position;
    if (!sending) void sendLatest();
  };
}
