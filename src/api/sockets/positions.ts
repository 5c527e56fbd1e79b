import type { ApiContext } from '../context.ts';
import type { Watches } from './watches.ts';

const EVERY_MS = 1_000;

/**
 * Shows those who wait for an order where its driver is, once a second at most, and only the newest
 * place. Read from the fleet, so that it does not matter to which node the driver is connected.
 */
export function startPositions(
  { engine, dispatch, log }: ApiContext,
  watches: Watches,
): () => void {
  let told = new Map<string, number>();
  let stopped = false;
  let cancel = engine.clock.after(EVERY_MS, again);

  async function tell(): Promise<void> {
    const waiting = watches
      .carried()
      .map((order) => ({
        ...order,
        sessions: order.sessions.filter(({ viewer }) => WAIT.has(viewer.role)),
      }))
      .filter(({ sessions }) => sessions.length > 0);
    if (waiting.length === 0) {
      told.clear();
      return;
    }
    const fleet = await dispatch.fleet.get([...new Set(waiting.map(({ driverId }) => driverId))]);
    const before = told;
    told = new Map();
    for (const { orderId, driverId, sessions } of waiting) {
      const { point, positionAt } = fleet.get(driverId) ?? {};
      if (!point || positionAt === undefined) continue;
      told.set(orderId, positionAt);
      if (before.get(orderId) === positionAt) continue;
      for (const session of sessions) {
        session.pushIfIdle('driver:position', {
          ...{ orderId, at: positionAt },
          ...{ lat: point.lat, lng: point.lng },
        });
      }
    }
  }

  function again(): void {
    tell()
      // A place that is not shown now is shown in a second.
      .catch((error: unknown) => log.debug({ err: error }, 'positions not told'))
      .finally(() => {
        if (!stopped) cancel = engine.clock.after(EVERY_MS, again);
      });
  }

  return () => {
    stopped = true;
    cancel();
  };
}

/** Operators have the fleet, the driver knows. */
const WAIT: ReadonlySet<string> = new Set(['customer', 'store']);
