import type { ApiContext } from '../context.ts';
import type { Services } from '../services/services.ts';

const EVERY_MS = 5_000;
/** Looks back over what was missed while the database was not heard of, and over clocks that differ. */
const OVERLAP_MS = 10_000;

/**
 * Notices bans that other nodes took: whoever only listens would stay until their token ends.
 * Seeing a ban twice does no harm.
 */
export function startBanWatch(
  { engine, accounts, log }: ApiContext,
  { people }: Pick<Services, 'people'>,
): () => void {
  let seenAt = engine.clock.now();
  let stopped = false;
  let cancel = engine.clock.after(EVERY_MS, again);

  async function look(): Promise<void> {
    const now = engine.clock.now();
    for (const { _id } of await accounts.bannedSince(seenAt - OVERLAP_MS)) people.changed(_id);
    seenAt = now;
  }

  function again(): void {
    look()
      .catch((error: unknown) => log.debug({ err: error }, 'bans not read'))
      .finally(() => {
        if (!stopped) cancel = engine.clock.after(EVERY_MS, again);
      });
  }

  return () => {
    stopped = true;
    cancel();
  };
}
