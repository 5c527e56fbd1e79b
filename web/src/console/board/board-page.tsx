import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Empty, Skeleton } from '../../kit/elements.tsx';
import { useConsole } from '../console-context.tsx';
import { useShortcuts } from '../keyboard.ts';
import { type BoardFilter, fromQuery, NO_FILTER, toAddress } from './board-filter.ts';
import { BoardLanes, lanesOf } from './board-lanes.tsx';
import { listOf } from './board-list.ts';
import { BoardTable } from './board-table.tsx';
import { BoardToolbar } from './board-toolbar.tsx';
import { OrderGlance } from './order-glance.tsx';
import './board.css';

/** Every live order as a table or in lanes: narrowed, the most urgent first, all by keyboard. */
export default function BoardPage() {
  const { live, names } = useConsole();
  const { query, url, route } = useLocation();
  const filter = useMemo(() => fromQuery(query), [url]);
  const view = query.view === 'lanes' ? 'lanes' : 'table';
  const list = useMemo(() => listOf(live, names, filter), [live, names, filter]);
  const selected = useSignal<string | undefined>(undefined);
  const search = useRef<HTMLInputElement>(null);

  const narrow = (change: Partial<BoardFilter>) =>
    route(toAddress({ ...filter, ...change }, view), true);

  function go(by: 1 | -1): void {
    const ids = view === 'table' ? list.value.ids : laneOfSelected();
    const at = selected.value === undefined ? -1 : ids.indexOf(selected.value);
    selected.value = at < 0 ? ids[0] : ids[Math.min(ids.length - 1, Math.max(0, at + by))];
  }

  function laneOfSelected(): readonly string[] {
    const lanes = [...lanesOf(live.orders, list.value.ids).values()];
    return (
      lanes.find((ids) => selected.value !== undefined && ids.includes(selected.value)) ??
      lanes.find((ids) => ids.length > 0) ??
      []
    );
  }

  function goAcross(by: 1 | -1): void {
    const lanes = [...lanesOf(live.orders, list.value.ids).values()].filter(
      (ids) => ids.length > 0,
    );
    const at = lanes.indexOf(lanes.find((ids) => ids.includes(selected.value ?? '')) ?? []);
    const lane = lanes[Math.min(lanes.length - 1, Math.max(0, at + by))];
    if (lane) selected.value = lane[0];
  }

  function leave(): void {
    if (document.activeElement === search.current && search.current) search.current.blur();
    else if (selected.value !== undefined) selected.value = undefined;
    else narrow(NO_FILTER);
  }

  const open = () => selected.value && route(`/console/orders/${selected.value}`);
  useShortcuts('Board', [
    { key: 'j', says: 'Next order', run: () => go(1) },
    { key: 'k', says: 'Order before', run: () => go(-1) },
    { key: 'ArrowDown', says: 'Next order', run: () => go(1) },
    { key: 'ArrowUp', says: 'Order before', run: () => go(-1) },
    ...(view === 'lanes'
      ? [
          { key: 'l', says: 'Next lane', run: () => goAcross(1) },
          { key: 'h', says: 'Lane before', run: () => goAcross(-1) },
        ]
      : []),
    { key: 'Enter', says: 'Open the order', run: () => void open() },
    { key: '/', says: 'Search', run: () => search.current?.focus() },
    { key: 'Escape', says: 'Leave search, order, then filters', run: leave },
    {
      ...{ key: 'v', says: 'Table or lanes' },
      run: () => route(toAddress(filter, view === 'table' ? 'lanes' : 'table'), true),
    },
  ]);

  if (!live.loaded.value) return <Skeleton lines={12} />;
  return (
    <div class="board fills">
      <h1 class="sr-only">Board</h1>
      <BoardToolbar
        {...{ filter, view, search }}
        list={list.value}
        onFilter={narrow}
        onView={(next) => route(toAddress(filter, next), true)}
        onClear={() => narrow(NO_FILTER)}
      />
      {!live.complete.value && (
        <p class="notice warn small">
          There are more orders than a console is given at once: these are the newest{' '}
          {live.orders.size}.
        </p>
      )}
      <div class="board-body">
        {list.value.ids.length === 0 ? (
          live.orders.size === 0 ? (
            <Empty title="Nothing is under way">An order appears here when it is placed.</Empty>
          ) : (
            <Empty title="No order is like that">
              {live.orders.size} are under way; Esc clears the filters.
            </Empty>
          )
        ) : view === 'table' ? (
          <BoardTable {...{ list, selected }} />
        ) : (
          <BoardLanes {...{ list, selected }} />
        )}
        {selected.value !== undefined && (
          <aside class="panel" aria-label="Chosen order">
            <OrderGlance
              orderId={selected.value}
              onClose={() => {
                selected.value = undefined;
              }}
            />
          </aside>
        )}
      </div>
    </div>
  );
}
