import { useState } from 'preact/hooks';
import type { OrderView } from '../../../../src/protocol/orders.ts';
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
            <Tab
              key={each.orderId}
              {...{ desk, order: each }}
              isCurrent={each === order}
              onChoose={() => setChosen(each.orderId)}
            />
          ))}
        </nav>
      )}
      <OrderCard key={order.orderId} desk={desk} order={order} />
    </div>
  );
}

/** Where an order in hand goes next, and what is done there. */
function Tab(props: { desk: Desk; order: OrderView; isCurrent: boolean; onChoose(): void }) {
  const { desk, order } = props;
  const step = nextStep(order, desk.outbox.waiting.value);
  const store = desk.places.value?.stores.get(order.storeId)?.name;
  return (
    <button
      type="button"
      class="tab"
      aria-current={props.isCurrent ? 'true' : undefined}
      onClick={props.onChoose}
    >
      <strong>
        {(step?.place === 'door' ? order.address : store) ?? toShortId(order.orderId)}
      </strong>
      <span>{step?.title}</span>
      <span class="mono">{toShortId(order.orderId)}</span>
    </button>
  );
}
