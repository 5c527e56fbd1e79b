import { computed, type ReadonlySignal, type Signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { StoreName } from '../place-name.tsx';
import { waitsOf } from '../state/waits.ts';
import { TimeLeft } from '../time-left.tsx';
import { stateWord } from '../words.ts';
import type { BoardList } from './board-list.ts';
import { HEALTH_WORDS } from './board-row.tsx';
import { useVirtual } from './use-virtual.ts';

/** States in the order in which an order goes through them; one from a newer server comes last. */
export const LANES = [
  ...['scheduled', 'pending.searching', 'pending.offered', 'pending.unassigned'],
  ...['preparing.toStore', 'preparing.atStore', 'outForDelivery.enRoute', 'outForDelivery.atDoor'],
  ...['failed', 'returning'],
];
const CARD_PX = 78;

/** The list cut into lanes: by state, each the most urgent first. */
export const lanesOf = (
  orders: ReadonlyMap<string, OrderView>,
  list: readonly string[],
): Map<string, string[]> => {
  const lanes = new Map<string, string[]>(LANES.map((state) => [state, []]));
  for (const orderId of list) {
    const state = orders.get(orderId)?.state;
    if (state === undefined) continue;
    const lane = lanes.get(state) ?? [];
    lanes.set(state, lane);
    lane.push(orderId);
  }
  return lanes;
};

export function BoardLanes(props: {
  list: ReadonlySignal<BoardList>;
  selected: Signal<string | undefined>;
}) {
  const { live } = useConsole();
  const lanes = useMemo(
    () =>
      computed(() => {
        // An order changes lanes at once; which comes first in a lane is renewed with the list.
        live.version.value;
        return lanesOf(live.orders, props.list.value.ids);
      }),
    [live, props.list],
  );
  return (
    <div class="lanes">
      {[...lanes.value].map(([state, list]) => (
        <Lane key={state} {...{ state, list }} selected={props.selected} />
      ))}
    </div>
  );
}

function Lane(props: {
  state: string;
  list: readonly string[];
  selected: Signal<string | undefined>;
}) {
  const { state, list, selected } = props;
  const { live } = useConsole();
  live.version.value;
  const { scroll, items, totalPx, show } = useVirtual(list.length, CARD_PX);
  const at = selected.value === undefined ? -1 : list.indexOf(selected.value);
  useEffect(() => {
    if (at < 0) return;
    show(at);
    scroll.current?.parentElement?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [selected.value]);
  return (
    <section class={list.length === 0 ? 'lane empty-lane' : 'lane'} aria-label={stateWord(state)}>
      <h2 class="row">
        {stateWord(state)} <span class="count num push">{list.length}</span>
      </h2>
      <div class="board-scroll" ref={scroll}>
        <ul style={{ height: `${totalPx}px`, position: 'relative' }}>
          {items.map(({ index, start }) => {
            const order = live.orders.get(list[index] as string);
            return (
              order && (
                <Card
                  key={order.orderId}
                  {...{ order, top: start }}
                  selected={order.orderId === selected.value}
                  onSelect={() => {
                    selected.value = order.orderId;
                  }}
                />
              )
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function Card(props: { order: OrderView; top: number; selected: boolean; onSelect(): void }) {
  const { order, top, selected } = props;
  const { names } = useConsole();
  const waits = waitsOf(order, names);
  return (
    <li style={{ transform: `translateY(${top}px)` }}>
      <button
        type="button"
        class={`lane-card ${order.health} ${selected ? 'selected' : ''}`}
        aria-pressed={selected}
        onClick={props.onSelect}
      >
        <span class="mono">{toShortId(order.orderId)}</span>
        <TimeLeft until={waits.until} />
        <span class="small quiet what">{waits.for}</span>
        <span class="small quiet what">
          <StoreName id={order.storeId} />, {HEALTH_WORDS[order.health]}
        </span>
      </button>
    </li>
  );
}
