import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Empty, Skeleton } from '../../kit/elements.tsx';
import { useConsole } from '../console-context.tsx';
import { legalMoves } from '../interventions/moves.ts';
import { stepIn } from '../interventions/step-in.ts';
import { useShortcuts } from '../keyboard.ts';
import { isSoundOn, switchSound } from '../state/alarm-sound.ts';
import { useAlarmActions } from './alarm-actions.ts';
import { AlarmRow } from './alarm-row.tsx';
import { orderOfAlarm } from './alarm-words.ts';
import { RescueCard } from './rescue-card.tsx';
import { RESCUE_ACTIONS } from './rescue-keys.ts';
import { type Row, rescueRows } from './rescue-list.ts';
import './rescue.css';

/** Rows drawn of each kind: whoever has more than these in the lane starts with the oldest. */
const MOST_SHOWN = 50;

/** Orders that nobody carries, and alarms: oldest on top, everything by one key. */
export default function RescuePage() {
  const { live, alarms, user } = useConsole();
  const act = useAlarmActions();
  const { route } = useLocation();
  const { lane, others, later } = rescueRows(live, alarms);
  const rows = [...lane.slice(0, MOST_SHOWN), ...others.slice(0, MOST_SHOWN)];
  const { selected, select, move } = useSelection(rows);
  const me = { role: 'operator', id: user.userId } as const;

  const open = (row: Row | undefined) => {
    const id = row?.is === 'order' ? row.order.orderId : row && orderOfAlarm(row.alarm);
    if (id !== undefined) route(`/console/orders/${id}`);
  };

  useShortcuts('Rescue', [
    { key: 'j', says: 'Next', run: () => move(1) },
    { key: 'k', says: 'Previous', run: () => move(-1) },
    { key: 'Enter', says: 'Open the order', run: () => open(selected) },
    { key: 'c', says: 'I’ve got it', run: () => act.claim(selected?.alarm) },
    { key: 'g', says: 'Give it back', run: () => act.giveBack(selected?.alarm) },
    {
      key: 't',
      says: 'Take it over from whoever has it',
      run: () => act.takeOver(selected?.alarm),
    },
    ...RESCUE_ACTIONS.map(({ key, event, label, preset }) => ({
      ...{ key, says: label },
      run() {
        const order = selected?.order;
        const legal = order && legalMoves(order, me).find((each) => each.event === event);
        if (order && legal) stepIn(order, legal, preset);
      },
    })),
    { key: 'a', says: 'Acknowledge the alarm', run: () => act.acknowledge(selected?.alarm) },
    { key: 'z', says: 'Snooze the alarm', run: () => act.snooze(selected?.alarm) },
  ]);

  const alarmRow = (row: Row) =>
    row.is === 'alarm' && (
      <AlarmRow
        key={row.id}
        row={row}
        isSelected={row.id === selected?.id}
        onSelect={() => select(row.id)}
      />
    );

  if (!live.loaded.value || !alarms.open.value) return <Skeleton lines={8} />;
  return (
    <div class="rescue">
      <h1 class="sr-only">Rescue</h1>
      <section class="stack" aria-labelledby="lane">
        <header class="row">
          <h2 id="lane">Nobody carries these</h2>
          <span class="badge num">{lane.length}</span>
        </header>
        {lane.length === 0 && (
          <Empty title="The lane is empty">Every order has a driver, or is being offered.</Empty>
        )}
        {lane
          .slice(0, MOST_SHOWN)
          .map(
            (row) =>
              row.is === 'order' && (
                <RescueCard
                  key={row.id}
                  row={row}
                  isSelected={row.id === selected?.id}
                  actions={RESCUE_ACTIONS}
                  onSelect={() => select(row.id)}
                />
              ),
          )}
        {lane.length > MOST_SHOWN && (
          <p class="quiet">And {lane.length - MOST_SHOWN} more, younger.</p>
        )}
      </section>
      <section class="stack" aria-labelledby="alarms">
        <header class="row">
          <h2 id="alarms">Alarms</h2>
          <span class="badge num">{others.length}</span>
          <label class="row small push">
            <input
              type="checkbox"
              checked={isSoundOn.value}
              onChange={(event) => switchSound(event.currentTarget.checked)}
            />
            Sound on new ones
          </label>
        </header>
        {others.length === 0 && <Empty title="No alarms">Nothing else needs you.</Empty>}
        {others.length > 0 && <div class="card">{others.slice(0, MOST_SHOWN).map(alarmRow)}</div>}
        {others.length > MOST_SHOWN && (
          <p class="quiet">And {others.length - MOST_SHOWN} more, younger.</p>
        )}
        {later.length > 0 && (
          <details>
            <summary class="quiet">Put off: {later.length}</summary>
            <div class="card">{later.map(alarmRow)}</div>
          </details>
        )}
      </section>
    </div>
  );
}

/** The row that keys act on: it stays the same one while others come and go. */
function useSelection(rows: readonly Row[]) {
  const [id, setId] = useState<string>();
  const lastIndex = useRef(0);
  const found = rows.findIndex((row) => row.id === id);
  // What was selected is dealt with: whatever has taken its place is next.
  const index = found >= 0 ? found : Math.min(lastIndex.current, rows.length - 1);
  const selected = rows[index];
  useEffect(() => {
    lastIndex.current = Math.max(0, index);
  }, [index]);
  return {
    selected,
    select: setId,
    move(by: 1 | -1) {
      const next = rows[Math.min(Math.max(index + by, 0), rows.length - 1)];
      if (!next) return;
      setId(next.id);
      const element = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(next.id)}"]`);
      element?.focus();
      element?.scrollIntoView({ block: 'nearest' });
    },
  };
}
