import type { WaybillClient } from '../client/waybill-client.ts';
import { isTerminal } from './figures.ts';
import { followOrder } from './follow.ts';
import type { PlannedOrder } from './scenario.ts';
import type { Stage } from './stage.ts';
import { act } from './trip.ts';

/** Packs one order once its time has come, and says so; what is called off meanwhile goes back on the shelf. */
export async function packOrder(
  stage: Stage,
  client: WaybillClient,
  orderId: string,
  { packMs }: PlannedOrder,
): Promise<void> {
  const order = followOrder(client, orderId);
  const forget = stage.day.onOver(order.stop);
  const begun = await order.until((state) => state !== '' && state !== 'scheduled');
  if (begun) await stage.day.pass(packMs);
  const isWanted = !stage.day.isOver() && !isTerminal(order.state());
  forget();
  order.stop();
  if (isWanted) await act(stage, client, orderId, { type: 'store.ready' });
  stage.pack(orderId);
}
