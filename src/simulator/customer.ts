import { isIn } from '../../machines/common.ts';
import type { WaybillClient } from '../client/waybill-client.ts';
import { isTerminal } from './figures.ts';
import { type Followed, followOrder } from './follow.ts';
import type { PlannedOrder } from './scenario.ts';
import type { Stage } from './stage.ts';
import { act } from './trip.ts';

/** A store's order may have to wait for the rate limit: it is worth several of them, real ms. */
const PLACING = { deadlineMs: 120_000 };

/**
 * Places one planned order at its time, follows it to its end, and calls it off if the story says so.
 * @param onPlaced told the id once the server has acknowledged it
 * @throws {CallError} when it could not be placed
 */
export async function liveOrder(
  stage: Stage,
  client: WaybillClient,
  plan: PlannedOrder,
  onPlaced: (orderId: string) => void,
): Promise<void> {
  const { day } = stage;
  const { story } = plan;
  await day.until(plan.placeAt);
  if (day.isOver()) return;
  const placed = await client.place(
    {
      storeId: plan.storeId,
      items: plan.items,
      dropoff: plan.dropoff,
      address: `${1 + plan.index} Example Street`,
      ...(story.scheduleMs !== undefined && {
        searchAt: Math.round(client.serverNow() + story.scheduleMs / day.speed),
      }),
    },
    { retry: PLACING },
  );
  const orderId = placed.id;
  stage.enter(orderId, plan);
  onPlaced(orderId);

  const order = followOrder(client, orderId, () => {
    const pin = order.view()?.pin;
    if (pin) stage.tellPin(orderId, pin);
  });
  const forget = day.onOver(order.stop);
  await Promise.all([
    order.until(isTerminal),
    story.cancel && changeMind(stage, client, orderId, order, story.cancel),
  ]);
  forget();
  order.stop();
}

/** Too late is part of life: by then it may be at the counter already. */
async function changeMind(
  stage: Stage,
  client: WaybillClient,
  orderId: string,
  order: Followed,
  cancel: { in: string; afterMs: number },
): Promise<void> {
  // Whoever finds no driver at all calls it off too.
  const reached = await order.until(
    (state) => isIn(state, cancel.in, 'pending.unassigned') || isTerminal(state),
  );
  if (!reached || isTerminal(reached)) return;
  await stage.day.pass(cancel.afterMs);
  if (stage.day.isOver()) return;
  await act(stage, client, orderId, { type: 'order.cancel', reason: 'changed my mind' });
}
