import { Ago, Time } from '../../kit/elements.tsx';
import { toCount, toMoney, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { legalMoves, type Move } from '../interventions/moves.ts';
import { stepIn } from '../interventions/step-in.ts';
import { StoreName, ZoneName } from '../place-name.tsx';
import { ClaimedBy } from './claimed-by.tsx';
import type { RescueAction } from './rescue-keys.ts';
import type { Row } from './rescue-list.ts';
import { WhyUnassigned } from './why-unassigned.tsx';

/** One order that nobody carries: since when, why, who has it in hand, and what can be done. */
export function RescueCard(props: {
  row: Row & { is: 'order' };
  isSelected: boolean;
  actions: readonly RescueAction[];
  onSelect(): void;
}) {
  const { row, isSelected, actions } = props;
  const { order, alarm, since } = row;
  const { user } = useConsole();
  const legal = legalMoves(order, { role: 'operator', id: user.userId });
  return (
    <article
      class={`card rescue-card ${isSelected ? 'selected' : ''}`}
      aria-label={`Order ${toShortId(order.orderId)}`}
      aria-current={isSelected}
      data-row={row.id}
      tabIndex={isSelected ? 0 : -1}
      onFocusCapture={props.onSelect}
    >
      <header class="row">
        <h3>
          <a class="mono" href={`/console/orders/${order.orderId}`}>
            …{toShortId(order.orderId)}
          </a>
        </h3>
        <span class={order.health === 'late' ? 'badge bad' : 'badge warn'}>
          waits <Ago at={since} />
        </span>
        <span class="small quiet">
          <StoreName id={order.storeId} /> in <ZoneName id={order.zone} />,{' '}
          {toCount(order.itemCount, 'item')}, {toMoney(order.totalCents, order.currency)}, promised{' '}
          <Time at={order.promisedAt} />
        </span>
        <span class="push">
          <ClaimedBy alarm={alarm} />
        </span>
      </header>
      <WhyUnassigned order={order} />
      <div class="moves">
        {actions.map(({ key, event, label, preset }) => {
          const move = legal.find((each) => each.event === event);
          return (
            move && (
              <Action
                key={key}
                {...{ move, label }}
                shortcut={key}
                onAct={() => stepIn(order, move, preset)}
              />
            )
          );
        })}
      </div>
    </article>
  );
}

function Action(props: { move: Move; label: string; shortcut: string | undefined; onAct(): void }) {
  const { move, label, shortcut, onAct } = props;
  return (
    <button
      type="button"
      class={move.danger ? 'button compact danger' : 'button compact'}
      title={move.says}
      data-key={shortcut}
      onClick={onAct}
    >
      {label}
    </button>
  );
}
