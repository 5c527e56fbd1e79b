import { shiftOf } from '../../machines/shift-readers.ts';
import type { Clock, Random } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { ListCursor, Store } from '../engine/store.ts';
import type { Principal } from '../engine/types.ts';
import { isAppError } from '../errors.ts';
import type { Alarms } from './alarms.ts';
import { carriedBy, holdsOf } from './candidates.ts';
import type { Fleet } from './fleet.ts';

const FLEET: Principal = { role: 'system', id: 'fleet' };
/** Nothing heard for this long ends a shift: the phone is off, or lost. Before TIME_SCALE. */
const LOST_AFTER_MS = 10 * 60_000;
/** The network is as slow as ever when the clock runs fast. */
const LEAST_LOST_MS = 15_000;
const SWEEP_EVERY_MS = 15_000;
const PAGE = 200;

/** A driver who carries something is somebody's business sooner. Before TIME_SCALE. */
const SILENT_AFTER_MS = 2 * 60_000;
const SILENT = 'driver_silent';
/** Open alarms of silent drivers that one sweep looks after. */
const MOST_SILENT = 1_000;

/** An order in the hands of a driver of whom nothing is heard. */
interface SilentWork {
  orderId: string;
  driverId: string;
  zone: string;
}

/**
 * Raises an alarm for work in the hands of drivers who have gone silent, and ends the shifts of those
 * who have vanished, so that their orders are taken care of. Every node sweeps; of two that find the
 * same driver the second is told that the shift has ended.
 */
export function createLostDrivers(deps: {
  engine: Engine;
  store: Store;
  fleet: Fleet;
  alarms: Alarms;
  clock: Clock;
  random: Random;
  timeScale: number;
  onError(error: unknown): void;
}) {
  const { engine, store, fleet, clock, alarms } = deps;
  const lostAfterMs = Math.max(LOST_AFTER_MS / deps.timeScale, LEAST_LOST_MS);
  const silentAfterMs = Math.max(SILENT_AFTER_MS / deps.timeScale, LEAST_LOST_MS);

  async function sweep() {
    const silent: SilentWork[] = [];
    let before: ListCursor | undefined;
    for (;;) {
      const page = await store.list(
        'shift',
        { live: true },
        { ...(before && { before }), limit: PAGE },
      );
      const ids = page.map(({ snapshot }) => shiftOf(snapshot).driverId);
      const seen = await fleet.get(ids);
      const mute: Omit<SilentWork, 'orderId'>[] = [];
      for (const { id, snapshot } of page) {
        const { driverId, startedAt, zone } = shiftOf(snapshot);
        const seenAt = Math.max(seen.get(driverId)?.seenAt ?? 0, startedAt);
        const silentMs = clock.now() - seenAt;
        if (silentMs >= lostAfterMs) await lose(id, driverId, seenAt);
        else if (silentMs >= silentAfterMs) mute.push({ driverId, zone });
      }
      silent.push(...(await workOf(mute)));
      if (page.length < PAGE) break;
      before = page.at(-1);
    }
    await tellSilent(silent);
  }

  async function workOf(drivers: readonly Omit<SilentWork, 'orderId'>[]): Promise<SilentWork[]> {
    if (drivers.length === 0) return [];
    const held = await holdsOf(
      store,
      drivers.map(({ driverId }) => driverId),
    );
    return drivers.flatMap((driver) =>
      carriedBy(driver.driverId, held).map((orderId) => ({ orderId, ...driver })),
    );
  }

  /** An alarm for each, and none for those who were heard of again, or carry nothing any more. */
  async function tellSilent(silent: readonly SilentWork[]) {
    const open = await alarms.list({ open: true, alarm: SILENT, limit: MOST_SILENT });
    const now = new Set(silent.map(({ orderId }) => orderId));
    for (const { orderId } of open) {
      if (orderId !== undefined && !now.has(orderId)) await alarms.clear(orderId, SILENT);
    }
    for (const each of silent) {
      await alarms.raise({ subject: each.orderId, alarm: SILENT, ...each });
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
