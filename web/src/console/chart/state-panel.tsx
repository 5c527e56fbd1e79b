import type { ReadonlySignal } from '@preact/signals';
import { toCount } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import type { StateFigures } from '../state/by-state.ts';
import { urgencyOf, waitsOf } from '../state/waits.ts';
import { stateWord } from '../words.ts';
import { OrderRow } from './order-row.tsx';
import { TransitionList } from './transition-list.tsx';

const MOST = 40;

/** The orders of one state, the most urgent first, and the ways out of it. */
export function StatePanel(props: {
  state: string;
  figures: ReadonlySignal<ReadonlyMap<string, StateFigures>>;
  rates: ReadonlySignal<ReadonlyMap<string, number>>;
}) {
  const { state, rates } = props;
  const { live, names } = useConsole();
  live.version.value;
  const orders = [...live.orders.values()]
    .filter((order) => order.state === state)
    .map((order) => ({ order, urgency: urgencyOf(order, waitsOf(order, names)) }))
    .sort((a, b) => a.urgency - b.urgency);
  return (
    <div class="stack">
      <Heading title={stateWord(state)} />
      <p class="num">
        {toCount(orders.length, 'order')}
        {orders.length > 0 && (
          <>
            {' · '}
            <a href={`/console/board?state=${state}`}>on the board</a>
          </>
        )}
      </p>
      <ul class="order-list">
        {orders.slice(0, MOST).map(({ order }) => (
          <li key={order.orderId}>
            <OrderRow order={order} />
          </li>
        ))}
      </ul>
      {orders.length > MOST && (
        <p class="small quiet">and {orders.length - MOST} more, on the board</p>
      )}
      <h2>What can happen</h2>
      <TransitionList rates={rates} among={({ source }) => `${state}.`.startsWith(`${source}.`)} />
    </div>
  );
}

/** What was clicked, and the way back. */
export function Heading({ title }: { title: string }) {
  return (
    <div class="row">
      <h1>{title}</h1>
      <a class="button compact push" href="/console">
        All orders
      </a>
    </div>
  );
}
