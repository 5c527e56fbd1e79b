import type { ApiContext } from '../context.ts';
import { isComing } from '../services/orders.ts';
import type { Watch, Watches } from './watches.ts';

const EVERY_MS = 1_000;

/**
 * Shows those who watch an order where its driver is, and when it comes by that, once a second at
 * most, and only the newest place; whoever begins to watch is shown the last one known. Read from the
 * fleet, so that it does not matter to which node the driver is connected.
 */
export function startPositions(
  { engine, dispatch, catalog, log }: ApiContext,
  watches: Watches,
): () => void {
  let stopped = false;
  let cancel = engine.clock.after(EVERY_MS, again);

  async function tell(): Promise<void> {
    const followed = watches
      .carried()
      .map(({ order, watches }) => ({ order, watches: watches.filter(isToBeShown) }))
      .filter(({ watches }) => watches.length > 0);
    if (followed.length === 0) return;
    const drivers = new Set(followed.map(({ order }) => order.assignment.driverId));
    const fleet = await dispatch.fleet.get([...drivers]);
    for (const { order, watches } of followed) {
      const { point, positionAt } = fleet.get(order.assignment.driverId) ?? {};
      if (!point || positionAt === undefined) continue;
      const waiting = watches.filter(({ shownAt }) => shownAt !== positionAt);
      if (waiting.length === 0) continue;
      const etaAt = isComing(order)
        ? await catalog.arrivalAt(order, point, engine.clock.now())
        : undefined;
      for (const watch of waiting) {
        watch.shownAt = positionAt;
        watch.session.pushIfIdle('driver:position', {
          ...{ orderId: order.orderId, at: positionAt },
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

/** Drivers know where they are. */
const isToBeShown = ({ session }: Watch): boolean => session.viewer.role !== 'driver';
