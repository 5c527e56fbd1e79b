import type { ApiContext } from '../context.ts';
import { createLimits, type Limits } from '../limits.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import { createMovedOn } from './moved-on.ts';
import { createNumbers, type Numbers } from './numbers.ts';
import { createOrderRecords, type OrderRecords } from './order-records.ts';
import { createOrders, type Orders } from './orders.ts';
import { createPeople, type People } from './people.ts';
import { createShifts, type Shifts } from './shifts.ts';
import { createTracking, type Tracking } from './tracking.ts';

/** What HTTP and sockets share. */
export interface Services {
  people: People;
  orders: Orders;
  records: OrderRecords;
  shifts: Shifts;
  tracking: Tracking;
  numbers: Numbers;
  limits: Limits;
  metrics: Metrics;
}

export function createServices(ctx: ApiContext): Services {
  const people = createPeople(ctx.accounts);
  const movedOn = createMovedOn(ctx.store, people);
  return {
    people,
    records: createOrderRecords(ctx.store, people),
    orders: createOrders(ctx, people, movedOn),
    shifts: createShifts(ctx, movedOn),
    tracking: createTracking(ctx, people),
    numbers: createNumbers(ctx),
    limits: createLimits(ctx.connection, () => ctx.engine.feed.stale),
    metrics: createMetrics(ctx),
  };
}
