import { ORDER_EVENTS } from '../../../machines/order-events.ts';
import { orderKind } from '../../../machines/order-kind.ts';
import { SHIFT_EVENTS } from '../../../machines/shift-events.ts';
import { shiftKind } from '../../../machines/shift-kind.ts';
import { AppError } from '../../errors.ts';
import type { ReadyView } from '../../protocol/ready.ts';
import type { ApiContext } from '../context.ts';
import type { Services } from '../services/services.ts';
import { openApiOf } from './openapi.ts';
import { openRoute, type Route } from './route.ts';

const MACHINES = new Map([
  ['order', { kind: orderKind, events: ORDER_EVENTS }],
  ['shift', { kind: shiftKind, events: SHIFT_EVENTS }],
]);

/** How the node is, what it speaks, and what its machines look like. */
export function aboutRoutes(
  { engine, readiness, config }: ApiContext,
  { metrics }: Services,
  allRoutes: () => readonly Route[],
): Route[] {
  return [
    openRoute({
      method: 'get',
      path: '/healthz',
      says: 'The process answers.',
      run: async () => ({ ok: true }),
    }),

    openRoute({
      method: 'get',
      path: '/readyz',
      says: 'Whether it serves, on what store, by whose clock: 200 or 503.',
      async run({ koa }): Promise<ReadyView> {
        const { ready, durable, why, store, storeVersion } = await readiness();
        const { clockOffsetMs, clockErrorMs, nodes } = engine.stats();
        koa.status = ready ? 200 : 503;
        return {
          ready,
          ...(why === undefined ? {} : { why }),
          timeScale: config.timeScale,
          durable,
          store,
          ...(storeVersion === undefined ? {} : { storeVersion }),
          stale: engine.feed.stale,
          clockOffsetMs,
          clockErrorMs,
          nodes,
        };
      },
    }),

    openRoute({
      method: 'get',
      path: '/metrics',
      says: 'Figures for Prometheus; keep it off the public side of the proxy.',
      async run({ koa }) {
        koa.type = metrics.contentType;
        return metrics.render();
      },
    }),

    openRoute({
      method: 'get',
      path: '/openapi.json',
      says: 'This description.',
      run: async () => openApiOf(allRoutes()),
    }),

    openRoute({
      method: 'get',
      path: '/v1/machines/:machineId',
      says: 'The chart of a machine and its table of events: order or shift.',
      async run({ params }) {
        const known = MACHINES.get(params.machineId as string);
        if (!known) {
          throw new AppError('not_found', `there are: ${[...MACHINES.keys()].join(', ')}`);
        }
        const { kind, events } = known;
        const machine = kind.machines.get(kind.currentVersion);
        return { id: kind.name, version: kind.currentVersion, chart: machine?.definition, events };
      },
    }),
  ];
}
