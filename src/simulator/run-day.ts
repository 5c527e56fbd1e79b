import { isCallError } from '../client/call-error.ts';
import { systemTimers } from '../client/timers.ts';
import { connect } from '../client/waybill-client.ts';
import { openCallFile } from '../verify/call-file.ts';
import { type Cast, hire } from './cast.ts';
import { readCity } from './city.ts';
import { liveOrder } from './customer.ts';
import { openDay } from './day-clock.ts';
import { liveShift } from './driver.ts';
import { MUST_HAPPEN, type Outcome, type Progress } from './figures.ts';
import type { DayOrders } from './messages.ts';
import { createOperator } from './operator.ts';
import { createScenario, type PlannedOrder } from './scenario.ts';
import { setStage } from './stage.ts';
import { packOrder } from './store-keeper.ts';
import { createTally } from './tally.ts';

export interface RunDay extends DayOrders {
  /** Told about twice a second. */
  onProgress?(progress: Progress): void;
  /** Calls the day off: the outcome then tells how far it came. */
  signal?: AbortSignal;
}

/** A customer places so many of the day's orders. */
const ORDERS_PER_CUSTOMER = 12;
/** After the last placing, for what is under way to come to its end: unscaled ms, and real ms on top. */
const PATIENCE = { dayMs: 40 * 60_000, realMs: 60_000 };
const LOOK_EVERY_MS = 500;

/**
 * Lives one day of customers, drivers, store people and an operator over real sockets, and tells
 * what came of it. Two days may run on one database: every account carries the run id.
 * @throws {Error} when the people could not sign in, or one ran into a mistake of ours
 */
export async function runDay(options: RunDay): Promise<Outcome> {
  const { url, speed, runId } = options;
  const calledOff = new AbortController();
  const broken = { error: undefined as unknown };
  const onBroken = (error: unknown) => {
    broken.error ??= error;
    calledOff.abort();
  };
  options.signal?.addEventListener('abort', () => calledOff.abort());

  // 1. Everybody signs in.
  const calls = options.callsFile ? openCallFile(options.callsFile) : undefined;
  const record = calls?.begin;
  const chief = await connect({ url, start: options.operator, ...(record && { record }) });
  let cast: Cast = { customers: [], drivers: [], keepers: new Map(), all: [chief] };
  try {
    const plan = createScenario({
      ...options,
      customers: Math.ceil(options.orders / ORDERS_PER_CUSTOMER),
      city: await readCity(chief),
    });
    cast = await hire({ ...options, ...(record && { record }) }, plan, chief);

    // 2. The day opens.
    const day = openDay(systemTimers, speed, calledOff.signal);
    const openedAt = day.now();
    const stage = setStage(day, onBroken);
    const tally = createTally(speed);
    const operator = createOperator(
      stage,
      chief,
      tally,
      cast.drivers.map((driver) => driver.user().userId),
    );
    const notPlaced: Record<string, number> = {};
    let toPlace = plan.orders.length;
    const live = (order: PlannedOrder) =>
      liveOrder(stage, cast.customers[order.customer] ?? chief, order, (orderId) => {
        operator.watch(orderId);
        toPlace -= 1;
        const keeper = cast.keepers.get(order.storeId);
        if (keeper) stage.mind(packOrder(stage, keeper, orderId, order));
      }).catch((error: unknown) => {
        if (!isCallError(error)) throw error;
        if (error.code === 'closed') return;
        notPlaced[error.code] = (notPlaced[error.code] ?? 0) + 1;
        toPlace -= 1;
      });
    for (const order of plan.orders) stage.mind(live(order));
    for (const [index, driver] of cast.drivers.entries()) {
      const shift = plan.drivers[index];
      if (shift) stage.mind(liveShift(stage, driver, shift));
    }

    const progress = (): Progress => ({
      elapsedMs: day.now() - openedAt,
      planned: plan.orders.length,
      ...tally.figures(),
      drivers: {
        connected: cast.drivers.filter((driver) => driver.connected()).length,
        all: cast.drivers.length,
      },
      stale: sum(cast, (client) => client.watching().stale),
      repairs: sum(cast, (client) => client.watching().repairs),
    });

    // 3. It ends when nothing is under way any more, or patience does.
    let placedAt = Number.POSITIVE_INFINITY;
    const isOver = () => {
      if (toPlace === 0) placedAt = Math.min(placedAt, day.now());
      const isQuiet = tally.unfinished().length === 0 && operator.busyWith() === 0;
      return (
        (toPlace === 0 && isQuiet) ||
        day.now() > placedAt + PATIENCE.dayMs / speed + PATIENCE.realMs
      );
    };
    while (!calledOff.signal.aborted && !isOver()) {
      options.onProgress?.(progress());
      await day.passReal(LOOK_EVERY_MS);
    }
    const last = progress();
    options.onProgress?.(last);
    if (broken.error !== undefined) throw broken.error;
    return {
      ...last,
      runId,
      unfinished: tally.unfinished(),
      notPlaced,
      refusals: stage.refusals(),
      missing: MUST_HAPPEN.filter((what) => last.counts[what] === 0),
    };
  } finally {
    calledOff.abort();
    for (const client of cast.all) client.close();
    await calls?.close();
  }
}

const sum = (cast: Cast, of: (client: Cast['all'][number]) => number) =>
  cast.all.reduce((total, client) => total + of(client), 0);
