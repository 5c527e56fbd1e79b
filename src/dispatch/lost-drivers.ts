import { shiftOf } from '../../machines/shift-readers.ts';
import type { Clock, Random } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { ListCursor, Store } from '../engine/store.ts';
import type { Principal } from '../engine/types.ts';
import { isAppError } from '../errors.ts';
import type { Fleet } from './fleet.ts';

const FLEET: Principal = { role: 'system', id: 'fleet' };
/** Nothing heard for this long ends a shift: the phone is off, or lost. Before TIME_SCALE. */
const LOST_AFTER_MS = 10 * 60_000;
/** The network is as slow as ever when the clock runs fast. */
const LEAST_LOST_MS = 15_000;
const SWEEP_EVERY_MS = 15_000;
const PAGE = 200;

/**
 * Ends the shifts of drivers who have vanished, so that their orders are taken care of. Every node
 * sweeps; of two that find the same driver the second is told that the shift has ended.
 */
export function createLostDrivers(deps: {
  engine: Engine;
  store: Store;
  fleet: Fleet;
  clock: Clock;
  random: Random;
  timeScale: number;
  onError(error: unknown): void;
}) {
  const { engine, store, fleet, clock } = deps;
  const lostAfterMs = Math.max(LOST_AFTER_MS / deps.timeScale, LEAST_LOST_MS);

  async function sweep() {
    let before: ListCursor | undefined;
    for (;;) {
      const page = await store.list(
        'shift',
        { live: true },
        { ...(before && { before }), limit: PAGE },
      );
      const ids = page.map(({ snapshot }) => shiftOf(snapshot).driverId);
      const seen = await fleet.get(ids);
      for (const { id, snapshot } of page) {
        const { driverId, startedAt } = shiftOf(snapshot);
        const seenAt = Math.max(seen.get(driverId)?.seenAt ?? 0, startedAt);
        if (clock.now() - seenAt >= lostAfterMs) await lose(id, driverId, seenAt);
      }
      if (page.length < PAGE) return;
      before = page.at(-1);
    }
  }

  async function lose(shiftId: string, driverId: string, seenAt: number) {
    const [latest] = (await fleet.get([driverId])).values();
    if ((latest?.seenAt ?? 0) > seenAt) return;
    try {
      const command = { type: 'shift.lose', seenAt };
      await engine.send({ kind: 'shift', id: shiftId, command, by: FLEET });
    } catch (error) {
      if (!isAppError(error) || error.retryable) deps.onError(error);
    }
  }

  return {
    start(): () => void {
      let stopped = false;
      const pauseMs = () => SWEEP_EVERY_MS * (0.75 + deps.random() / 2);
      let cancel = clock.after(pauseMs(), again);
      return () => {
        stopped = true;
        cancel();
      };

      function again() {
        sweep()
          .catch(deps.onError)
          .finally(() => {
            if (!stopped) cancel = clock.after(pauseMs(), again);
          });
      }
    },
  };
}
