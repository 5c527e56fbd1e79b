import { useEffect, useMemo } from 'preact/hooks';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Ago, Failure, Skeleton, Time } from '../../kit/elements.tsx';
import { toMoney } from '../../kit/format.ts';
import { useCustomer } from '../customer-context.tsx';
import { OrderMap } from '../map/order-map.tsx';
import { CancelOrder } from './cancel-order.tsx';
import { type FollowedOrder, followOrder } from './follow-order.ts';
import { canCancel, isCarried, isOver, tell } from './order-story.ts';
import { Progress } from './progress.tsx';
import { SharedOrder, ShareOrder } from './share-order.tsx';
import { When } from './when.tsx';

/** One order, followed as it happens. */
export function OrderPage({ orderId }: { orderId: string }) {
  const { client } = useCustomer();
  const followed = useMemo(() => followOrder(client, orderId), [client, orderId]);
  useEffect(() => followed.start(), [followed]);
  const order = followed.order.value;
  const lost = followed.lost.value;
  if (!order) {
    return (
      <div class="narrow stack">
        {lost ? <Failure message={lost} /> : <Skeleton lines={6} />}
        {lost && <a href="/orders">To my orders</a>}
      </div>
    );
  }
  return <Order order={order} followed={followed} />;
}

function Order({ order, followed }: { order: OrderView; followed: FollowedOrder }) {
  const { city } = useCustomer();
  const { state, pin } = order;
  const storeName = city.storeName(order.storeId);
  const telling = tell({ ...order, storeName, isPacked: order.storeReadyAt !== undefined });
  const over = isOver(state);
  return (
    <div class="order narrow">
      <Freshness followed={followed} />
      <section class="card pad stack">
        <Progress telling={telling} />
        <Ending order={order} />
        <When order={order} />
      </section>

      {pin !== undefined && !over && isHandedOver(state) && (
        <section class="card pad pin" aria-label="Your PIN">
          <div>
            <h2>Your PIN</h2>
            <p class="quiet small">Tell it at the door, not before: it hands the bags over.</p>
          </div>
          <strong class="num" aria-hidden="true">
            {pin}
          </strong>
          <span class="sr-only">{[...pin].join(' ')}</span>
        </section>
      )}

      {!over && (
        <section class="card pad">
          <OrderMap
            pickup={order.pickup}
            dropoff={order.dropoff}
            storeName={storeName}
            driverName={order.driverName}
            position={isCarried(state) ? followed.position.value : undefined}
          />
        </section>
      )}

      <section class="card pad stack" aria-label="What you ordered">
        <h2>{storeName}</h2>
        <Items order={order} />
        <dl class="facts">
          {order.address !== undefined && (
            <div>
              <dt>To</dt>
              <dd>{order.address}</dd>
            </div>
          )}
          {order.note !== undefined && (
            <div>
              <dt>Note</dt>
              <dd>{order.note}</dd>
            </div>
          )}
          <div>
            <dt>Placed</dt>
            <dd>
              <Time at={order.placedAt} />
            </dd>
          </div>
        </dl>
      </section>

      {over ? (
        <SharedOrder orderId={order.orderId} />
      ) : (
        <div class="row actions">
          <ShareOrder orderId={order.orderId} />
          {canCancel(state) ? (
            <CancelOrder order={order} storeName={storeName} />
          ) : (
            <p class="small quiet">
              {isCarried(state)
                ? 'The driver has reached the store: it can no longer be cancelled here.'
                : ''}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

/** What the PIN is for may still happen. */
const isHandedOver = (state: string) => state !== 'failed' && state !== 'returning';

/** What is shown may be old: said before anything else is. */
function Freshness({ followed }: { followed: FollowedOrder }) {
  const { session } = useCustomer();
  const lost = followed.lost.value;
  if (lost) return <Failure message={lost} />;
  const { state, since } = session.link.value;
  if (state === 'live' || !followed.stale.value) return null;
  return (
    <p class="notice warn" role="status">
      Not up to date: {state === 'offline' ? 'no connection' : 'the server is behind'} for{' '}
      <Ago at={since} />. What you see was true then; it goes on by itself.
    </p>
  );
}

const BY = {
  customer: 'you',
  driver: 'the driver',
  store: 'the store',
  operator: 'Waybill',
  system: 'Waybill',
} as const;

/** How it ended: by whom, why, when. */
function Ending({ order }: { order: OrderView }) {
  const { ending, state } = order;
  if (!ending) return null;
  if (state === 'delivered') {
    return (
      <p>
        At <Time at={ending.at} />.
      </p>
    );
  }
  return (
    <p class="notice">
      {state === 'cancelled' ? 'Cancelled' : 'Turned back'} by {BY[ending.by] ?? 'Waybill'} at{' '}
      <Time at={ending.at} />: {toWords(ending.reason)}
    </p>
  );
}

/** Reasons out of a list are written_like_this; what people wrote is left as it is. */
const toWords = (reason: string) =>
  /^[a-z]+(_[a-z]+)+$/.test(reason) ? reason.replaceAll('_', ' ') : reason;

function Items({ order }: { order: OrderView }) {
  const { items = [], currency, feeCents, totalCents } = order;
  return (
    <table class="bill">
      <caption class="sr-only">Items and prices</caption>
      <tbody>
        {items.map(({ productId, name, quantity, unitCents }) => (
          <tr key={productId}>
            <td class="num">{quantity} ×</td>
            <th scope="row">{name}</th>
            <td class="num">{toMoney(quantity * unitCents, currency)}</td>
          </tr>
        ))}
        <tr class="quiet">
          <td />
          <th scope="row">Delivery</th>
          <td class="num">{toMoney(feeCents, currency)}</td>
        </tr>
        <tr class="total">
          <td />
          <th scope="row">Total</th>
          <td class="num">{toMoney(totalCents, currency)}</td>
        </tr>
      </tbody>
    </table>
  );
}
