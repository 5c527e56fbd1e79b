import type { ReadonlySignal, Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useConsole } from '../console-context.tsx';
import type { BoardList } from './board-list.ts';
import { BoardRow } from './board-row.tsx';
import { useVirtual } from './use-virtual.ts';

const ROW_PX = 38;
const HEAD_PX = 32;
const COLUMNS = [
  ...['Order', 'State', 'Waits for', 'Until', 'Health', 'Promised'],
  ...['Driver', 'Store', 'Zone', 'Age'],
];

/** Thousands of orders in a table of which the rows in sight exist. */
export function BoardTable(props: {
  list: ReadonlySignal<BoardList>;
  selected: Signal<string | undefined>;
}) {
  const { selected } = props;
  const { live } = useConsole();
  live.version.value;
  const { ids: list } = props.list.value;
  const { scroll, items, totalPx, show } = useVirtual(list.length, ROW_PX, HEAD_PX);
  const at = selected.value === undefined ? -1 : list.indexOf(selected.value);
  // Only a choice scrolls: an order that moves up the list does not take the page along.
  useEffect(() => {
    if (at >= 0) show(at);
  }, [selected.value]);

  return (
    <div class="board-scroll" ref={scroll}>
      <table
        class="board-grid"
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: rows are chosen by keyboard
        role="grid"
        aria-label="Live orders"
        aria-rowcount={list.length + 1}
        tabIndex={0}
        {...(at >= 0 && { 'aria-activedescendant': `row-${selected.value}` })}
      >
        <thead>
          <tr class="board-row head" aria-rowindex={1}>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody style={{ height: `${totalPx}px` }}>
          {items.map(({ index, start }) => {
            const order = live.orders.get(list[index] as string);
            return (
              order && (
                <BoardRow
                  key={order.orderId}
                  {...{ order, index, top: start }}
                  selected={order.orderId === selected.value}
                  onSelect={(orderId) => {
                    selected.value = orderId;
                  }}
                />
              )
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
