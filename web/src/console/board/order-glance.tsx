import { Time } from '../../kit/elements.tsx';
import { toMoney, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { MoveButtons } from '../interventions/move-buttons.tsx';
import { StoreName, ZoneName } from '../place-name.tsx';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';
import { stateWord } from '../words.ts';

/** The chosen order beside the board: enough to decide, and what can be done about it. */
export function OrderGlance({ orderId, onClose }: { orderId: string; onClose(): void }) {
  const { live, names } = useConsole();
  live.version.value;
  const order = live.orders.get(orderId);
  if (!order) {
    return (
      <div class="stack">
        <h2>Order {toShortId(orderId)}</h2>
        <p>It is over.</p>
        <a href={`/console/orders/${orderId}`}>How it ended</a>
      </div>
    );
  }
  const waits = waitsOf(order, names);
  return (
    <div class="stack">
      <div class="row">
        <h2>Order {toShortId(orderId)}</h2>
        <button type="button" class="button compact square push" onClick={onClose}>
          <span aria-hidden="true">×</span>
          <span class="sr-only">Close</span>
        </button>
      </div>
      <p>
        <b>{stateWord(order.state)}</b>, waits for {waits.for} <TimeLeft until={waits.until} />
      </p>
      <dl class="facts">
        <Fact name="Promised">
          <Time at={order.promisedAt} />
        </Fact>
        <Fact name="Expected">
          <Time at={order.etaAt} />
        </Fact>
        <Fact name="Placed">
          <Time at={order.placedAt} />
        </Fact>
        <Fact name="Store">
          <StoreName id={order.storeId} />, <ZoneName id={order.zone} />
        </Fact>
        <Fact name="Driver">
          {order.driverId === undefined ? 'nobody' : names.of(order.driverId)}
        </Fact>
        <Fact name="Bags">
          {order.storeReadyAt === undefined ? 'being packed' : <Time at={order.storeReadyAt} />}
        </Fact>
        <Fact name="Items">
          {order.itemCount}, {toMoney(order.totalCents + order.feeCents, order.currency)}
        </Fact>
      </dl>
      <p class="row">
        <a href={`/console/orders/${orderId}`}>Everything</a>
        <a href={`/console?order=${orderId}`}>On the chart</a>
      </p>
      <MoveButtons order={order} />
    </div>
  );
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
