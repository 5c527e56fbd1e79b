import { useState } from 'preact/hooks';
import { toShortId } from '../../kit/format.ts';
import { ShiftStrip } from '../shift/shift-strip.tsx';
import type { Desk } from '../state/desk.ts';
import { nextStep } from './next-step.ts';
import { OrderCard } from './order-card.tsx';

/** The orders in hand: one at a time, the other a touch away. */
export function OrderDesk({ desk }: { desk: Desk }) {
  const orders = desk.hand.orders.value;
  const [chosen, setChosen] = useState<string>();
  const order = orders.find(({ orderId }) => orderId === chosen) ?? orders[0];
  if (!order) return null;
  return (
    <div class="screen">
      <ShiftStrip shift={desk.shift.value} />
      {orders.length > 1 && (
        <nav class="tabs" aria-label="Orders in hand">
          {orders.map((each) => (
            <button
              key={each.orderId}
              type="button"
              class="tab"
              aria-current={each === order ? 'true' : undefined}
              onClick={() => setChosen(each.orderId)}
            >
              <strong>{toShortId(each.orderId)}</strong>
              <span>{nextStep(each, desk.outbox.waiting.value)?.title}</span>
            </button>
          ))}
        </nav>
      )}
      <OrderCard key={order.orderId} desk={desk} order={order} />
    </div>
  );
}
