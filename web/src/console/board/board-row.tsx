import type { OrderView } from '../../../../src/protocol/orders.ts';
import { seconds } from '../../kit/clock.ts';
import { Time } from '../../kit/elements.tsx';
import { toDuration, toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { StoreName, ZoneName } from '../place-name.tsx';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';
import { stateWord } from '../words.ts';

export const HEALTH_WORDS = { onTime: 'on time', atRisk: 'at risk', late: 'late' } as const;
const HEALTH_LOOKS = { onTime: 'good', atRisk: 'warn', late: 'bad' } as const;

/** One order in the table: which, where it is, what it waits for and until when. */
export function BoardRow(props: {
  order: OrderView;
  index: number;
  top: number;
  selected: boolean;
  onSelect(orderId: string): void;
}) {
  const { order, index, top, selected } = props;
  const { names } = useConsole();
  const waits = waitsOf(order, names);
  return (
    <tr
      id={`row-${order.orderId}`}
      class={`board-row ${order.health} ${selected ? 'selected' : ''}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => props.onSelect(order.orderId)}
    >
      <td class="mono">{toShortId(order.orderId)}</td>
      <td>{stateWord(order.state)}</td>
      <td title={waits.for}>{waits.for}</td>
      <td class="end">
        <TimeLeft until={waits.until} />
      </td>
      <td>
        <span class={`badge ${HEALTH_LOOKS[order.health]}`}>{HEALTH_WORDS[order.health]}</span>
      </td>
      <td class="end">
        <Time at={order.promisedAt} />
      </td>
      <td>
        {order.driverId === undefined ? <span class="quiet">—</span> : names.of(order.driverId)}
      </td>
      <td>
        <StoreName id={order.storeId} />
      </td>
      <td>
        <ZoneName id={order.zone} />
      </td>
      <td class="end num">
        <Age at={order.placedAt} />
      </td>
    </tr>
  );
}

function Age({ at }: { at: number }) {
  return <>{toDuration(seconds.value - at)}</>;
}
