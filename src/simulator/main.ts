import type { FromPeople, ToPeople } from './messages.ts';
import { runDay } from './run-day.ts';

/**
 * The people's own process: told to begin by its parent, it lives one day, reports, and ends; it
 * ends as well when the parent goes away.
 */
const stopping = new AbortController();
let begun = false;

process.on('message', (message: ToPeople) => {
  if (message.type === 'stop') stopping.abort();
  else if (!begun) {
    begun = true;
    void live(message.day);
  }
});
process.once('disconnect', () => process.exit(1));

async function live(day: Extract<ToPeople, { type: 'begin' }>['day']): Promise<void> {
  try {
    const outcome = await runDay({
      ...day,
      signal: stopping.signal,
      onProgress: (progress) => tell({ type: 'progress', progress }),
    });
    await tell({ type: 'outcome', outcome });
  } catch (error) {
    await tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
  process.exit(0);
}

/** Resolves when the parent has it, or is gone. */
function tell(message: FromPeople): Promise<void> {
  return new Promise((resolve) => {
    if (!process.send) return resolve();
    process.send(message, () => resolve());
  });
}
