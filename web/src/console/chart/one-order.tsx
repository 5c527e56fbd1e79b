import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { OrderEventView, OrderView } from '../../../../src/protocol/orders.ts';
import { Empty, ExactTime, Skeleton } from '../../kit/elements.tsx';
import { toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { MoveButtons } from '../interventions/move-buttons.tsx';
import { legalMoves, moveOf } from '../interventions/moves.ts';
import { isOver } from '../interventions/order-state.ts';
import { stepIn } from '../interventions/step-in.ts';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';
import { eventWord, stateWord } from '../words.ts';
import { OrderChart } from './order-chart.tsx';
import { Heading } from './state-panel.tsx';

/** The chart filtered to one order, as it moves. */
export function OneOrder({ orderId }: { orderId: string }) {
  const { client, user, names } = useConsole();
  const order = useSignal<OrderView | undefined>(undefined);
  const steps = useSignal<readonly OrderEventView[]>([]);
  const lost = useSignal<string | undefined>(undefined);
  useEffect(
    () =>
      client.watchOrder(
        orderId,
        {
          onSnapshot(snapshot) {
            order.value = snapshot;
          },
          onEvent(step) {
            steps.value = [...steps.peek(), step];
            // A step says where it led; what else it changed is read.
            if (order.peek()) void refresh();
          },
          onLost(error) {
            lost.value = isCallError(error) ? error.message : 'it cannot be shown';
          },
        },
        0,
      ),
    [client, orderId],
  );

  async function refresh(): Promise<void> {
    try {
      const seen = await client.http<OrderView>('GET', `/v1/orders/${orderId}`);
      if (seen.seq >= (order.peek()?.seq ?? 0)) order.value = seen;
    } catch (error) {
      if (!isCallError(error)) throw error;
    }
  }

  const { value } = order;
  if (lost.value !== undefined) {
    return (
      <Empty title="This order cannot be shown">
        {lost.value}. <a href="/console">All orders</a>
      </Empty>
    );
  }
  if (!value) return <Skeleton lines={8} />;
  const me = { role: 'operator', id: user.userId } as const;
  const state = steps.value.at(-1)?.to ?? value.state;
  const waits = waitsOf(value, names);
  return (
    <div class="chart-page fills">
      <OrderChart
        {...{ state, taken: steps.value }}
        moves={legalMoves(value, me)}
        onMove={(event) => {
          const move = moveOf(event);
          if (move) stepIn(value, move);
        }}
      />
      <aside class="panel" aria-label="Details">
        <div class="stack">
          <Heading title={`Order ${toShortId(orderId)}`} />
          <p>
            <b>{stateWord(state)}</b>
            {isOver({ state }) ? (
              value.ending && <>: {value.ending.reason}</>
            ) : (
              <>
                , waits for {waits.for}: <TimeLeft until={waits.until} />
              </>
            )}
          </p>
          <p>
            <a href={`/console/orders/${orderId}`}>Everything about this order</a>
          </p>
          <MoveButtons order={value} />
          <h2>How it came here</h2>
          <ol class="steps">
            {steps.value.toReversed().map(({ seq, type, at, from, to, refused }) => (
              <li key={seq}>
                <span class="num small quiet">#{seq}</span>
                <span>
                  {refused ? 'wrong PIN' : eventWord(type)}
                  {from !== to && stateWord(to) !== eventWord(type) && (
                    <span class="small quiet"> → {stateWord(to)}</span>
                  )}
                </span>
                <ExactTime at={at} />
              </li>
            ))}
          </ol>
        </div>
      </aside>
    </div>
  );
}
