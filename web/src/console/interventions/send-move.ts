import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { MovedOn, OrderCommandInput } from '../../../../src/protocol/commands.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';

/** What became of an intervention. */
export type Outcome =
  | { is: 'done'; seq: number; state: string }
  /** Somebody, or the passing of time, was first. */
  | { is: 'beaten'; by: MovedOn }
  | { is: 'refused'; message: string };

/** Steps that may slip in between before the operator is asked again. */
const MOST_SLIPS = 3;

/**
 * Sends a move that was decided on while the order looked like `order`: it is taken on that picture
 * or not at all. A step that changed nothing of it (the offer was seen, the promise is in danger) and
 * was no operator's is passed over.
 */
export async function sendMove(
  client: WaybillClient,
  order: Pick<OrderView, 'orderId' | 'seq' | 'state'>,
  command: OrderCommandInput,
): Promise<Outcome> {
  let ifSeq = order.seq;
  for (let slips = 0; ; slips++) {
    try {
      const { seq, state } = await client.command(order.orderId, command, { ifSeq });
      return { is: 'done', seq, state };
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (error.code !== 'moved_on') return { is: 'refused', message: explain(error) };
      const by = error.details as unknown as MovedOn;
      if (slips >= MOST_SLIPS || changesThePicture(by, order.state)) return { is: 'beaten', by };
      ifSeq = by.seq;
    }
  }
}

const changesThePicture = ({ state, steps }: MovedOn, seen: string): boolean =>
  state !== seen || steps.some(({ by }) => by.role === 'operator');

function explain({ code, message }: { code: string; message: string }): string {
  switch (code) {
    case 'driver_busy':
      return 'This driver has no free place any more, or went off duty. Choose another.';
    case 'offline':
    case 'no_answer':
      return 'The server did not answer. Nothing is lost: check the order, then try again.';
    case 'outcome_unknown':
      return 'The database did not say whether this was stored. Check the order before trying again.';
    case 'not_found':
      return 'There is no such order any more.';
    default:
      return message;
  }
}
