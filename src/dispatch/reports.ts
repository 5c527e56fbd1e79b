import type { Point } from '../../machines/common.ts';
import type { Clock } from '../engine/clock.ts';

/** What was reported of a driver since it was last written. */
export interface Report {
  point?: Point;
  positionAt?: number;
  seenAt?: number;
  lastOfferAt?: number;
}

const WRITE_EVERY_MS = 1_000;
/** Drivers of one node between two writes; beyond these a report waits for the driver's next one. */
const MAX_PENDING = 20_000;

/** Collects reports and writes them once a second, the last of each driver. */
export function createReports(deps: {
  clock: Clock;
  write(reports: Map<string, Report>): Promise<void>;
  onError(error: unknown): void;
}) {
  const { clock } = deps;
  let pending = new Map<string, Report>();

  function note(driverId: string, report: Report) {
    const before = pending.get(driverId);
    if (!before && pending.size >= MAX_PENDING) return;
    pending.set(driverId, { ...before, ...report });
  }

  async function flush() {
    if (pending.size === 0) return;
    const reports = pending;
    pending = new Map();
    await deps.write(reports).catch(deps.onError);
  }

  return {
    report(driverId: string, { point }: { point?: Point }) {
      const at = clock.now();
      note(driverId, { seenAt: at, ...(point ? { point, positionAt: at } : {}) });
    },
    markOffered(driverIds: readonly string[]) {
      for (const driverId of driverIds) note(driverId, { lastOfferAt: clock.now() });
    },
    start() {
      let stopped = false;
      let cancel = clock.after(WRITE_EVERY_MS, again);
      return async () => {
        stopped = true;
        cancel();
        await flush();
      };

      function again() {
        void flush().finally(() => {
          if (!stopped) cancel = clock.after(WRITE_EVERY_MS, again);
        });
      }
    },
  };
}
