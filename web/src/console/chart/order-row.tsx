import type { OrderView } from '../../../../src/protocol/orders.ts';
import { toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';

/** An order in a line or two: which, what it waits for, and for how long yet. */
export function OrderRow({ order }: { order: OrderView }) {
  const { names } = useConsole();
  const waits = waitsOf(order, names);
  return (
    <a class={`order-row ${order.health}`} href={`/console?order=${order.orderId}`}>
      <span class="mono">{toShortId(order.orderId)}</span>
      <span class="small quiet what">{waits.for}</span>
      <TimeLeft until={waits.until} />
    </a>
  );
}
