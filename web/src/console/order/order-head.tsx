import type { State } from '../../../../machines/common.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Time } from '../../kit/elements.tsx';
import { toCount, toMoney, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { MoveButtons } from '../interventions/move-buttons.tsx';
import { isOver } from '../interventions/order-state.ts';
import { StoreName, ZoneName } from '../place-name.tsx';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';
import { stateWord } from '../words.ts';

const HEALTH = {
  onTime: ['good', 'on time'],
  atRisk: ['warn', 'at risk'],
  late: ['bad', 'late'],
} as const;

/** Which order, how it stands now, and what can be done about it. */
export function OrderHead(props: { order: OrderView; state: State | undefined; isStale: boolean }) {
  const { order, state, isStale } = props;
  const { names } = useConsole();
  const [colour, health] = HEALTH[order.health];
  const waits = isOver(order) ? undefined : waitsOf(order, names);
  return (
    <header class="order-head stack">
      <div class="row">
        <h1>
          Order <span class="mono">…{toShortId(order.orderId)}</span>
        </h1>
        <span class="badge info">{stateWord(order.state)}</span>
        <span class={`badge ${colour}`}>{health}</span>
        {isStale && <span class="badge warn">may be behind</span>}
        <a class="push small" href={`/console?order=${order.orderId}`}>
          On the live chart
        </a>
      </div>
      <p class="quiet">
        <StoreName id={order.storeId} /> in <ZoneName id={order.zone} />, for{' '}
        {order.customerId ? names.of(order.customerId) : '…'}
        {order.address !== undefined && `, ${order.address}`}; {toCount(order.itemCount, 'item')},{' '}
        {toMoney(order.totalCents, order.currency)}, placed <Time at={order.placedAt} />, promised{' '}
        <Time at={order.promisedAt} />
        {order.driverId !== undefined && (
          <>
            ; {names.of(order.driverId)} {isOver(order) ? 'carried' : 'carries'} it
          </>
        )}
        .{order.note !== undefined && <> Note: “{order.note}”</>}
      </p>
      {waits && (
        <p>
          Waits for {waits.for}: <TimeLeft until={waits.until} />
        </p>
      )}
      <MoveButtons order={order} state={state} />
    </header>
  );
}
