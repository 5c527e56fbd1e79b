import type { Clock } from './clock.ts';
import type { Change, Store } from './store.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/**
 * No write outlives this: the driver's socket timeout is 20 s and it tries twice. A change that still
 * has not moved seq by then can no longer land.
 */
const WRITE_LIFETIME_MS = 60_000;
/**
 * The clocks of servers that may lead the database agree to within this. A change that is called late
 * when it is sent so long after its limit will be taken by none of them.
 */
const CLOCKS_AGREE_MS = 5_000;

/**
 * Finds out whether a change whose outcome is unknown took effect, by sending the SAME change again
 * until a majority read shows its seq passed. A read that finds nothing proves nothing: the old
 * write may land after it; a read that is not of the majority may be rolled back.
 *
 * Where the change itself can no longer be taken (its offer closed meanwhile, its hold went to
 * another), only another step moves seq: `fence` is asked to take the one that time has made due.
 */
export async function settle(
  store: Store,
  clock: Clock,
  change: Change,
  fence: () => Promise<void>,
): Promise<'applied' | 'lost'> {
  const { kind, id, expectedSeq, entry } = change;
  const giveUpAt = clock.now() + WRITE_LIFETIME_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      const sentAt = clock.now();
      const { outcome } = await store.commit(change);
      if (outcome === 'committed') return 'applied';
      if (outcome !== 'unknown') {
        if ((await store.readSeq(kind, id)) > expectedSeq) {
          const record = await store.findCommand(kind, id, entry.commandId);
          // The same command may have come to another node too, and this step be that node's.
          return record?.seq === entry.seq && record.at === entry.at ? 'applied' : 'lost';
        }
        const isTooLate =
          outcome === 'late' && sentAt > (change.notAfter ?? giveUpAt) + CLOCKS_AGREE_MS;
        if (isTooLate || clock.now() > giveUpAt) return 'lost';
        await fence();
      }
    } catch {
      // The store cannot be reached; nothing is decided until it can.
    }
    await clock.sleep(pauseMs);
  }
}
