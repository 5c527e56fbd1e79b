import type { ApiContext } from '../context.ts';
import { isComing } from '../services/orders.ts';
import type { Watches } from './watches.ts';

const EVERY_MS = 1_000;

/**
 * Shows those who wait for an order where its driver is, and when it comes by that, once a second at
 * most, and only the newest place. Read from the fleet, so that it does not matter to which node the driver is connected.
 */
export function startPositions(
  { engine, dispatch, catalog, log }: ApiContext,
  watches: Watches,
): () => void {
  let told = new Map<string, number>();
  let stopped = false;
  let cancel = engine.clock.after(EVERY_MS, again);

  async function tell(): Promise<void> {
    const waiting = watches
      .carried()
      .map(({ order, sessions }) => ({
        order,
        sessions: sessions.filter(({ viewer }) => WAIT.has(viewer.role)),
      }))
      .filter(({ sessions }) => sessions.length > 0);
    if (waiting.length === 0) {
      told.clear();
      return;
    }
    const drivers = new Set(waiting.map(({ order }) => order.assignment.driverId));
    const fleet = await dispatch.fleet.get([...drivers]);
    const before = told;
    told = new Map();
    for (const { order, sessions } of waiting) {
      const { orderId } = order;
      const { point, positionAt } = fleet.get(order.assignment.driverId) ?? {};
      if (!point || positionAt === undefined) continue;
      told.set(orderId, positionAt);
      if (before.get(orderId) === positionAt) continue;
      const etaAt = isComing(order)
        ? await catalog.arrivalAt(order, point, engine.clock.now())
        : undefined;
      for (const session of sessions) {
        session.pushIfIdle('driver:position', {
          ...{ orderId, at: positionAt },
          ...{ lat: point.lat, lng: point.lng },
          ...(etaAt === undefined ? {} : { etaAt }),
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
