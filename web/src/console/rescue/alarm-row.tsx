import { Ago, Time } from '../../kit/elements.tsx';
import { toShortId } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { isSnoozed } from '../state/alarms.ts';
import { stateWord } from '../words.ts';
import { useAlarmActions } from './alarm-actions.ts';
import { alarmWords, orderOfAlarm } from './alarm-words.ts';
import { ClaimedBy } from './claimed-by.tsx';
import type { Row } from './rescue-list.ts';

/** One alarm: what, about what, since when, who has seen it. */
export function AlarmRow(props: {
  row: Row & { is: 'alarm' };
  isSelected: boolean;
  onSelect(): void;
}) {
  const { row, isSelected } = props;
  const { alarm, order } = row;
  const { names } = useConsole();
  const { acknowledge, snooze } = useAlarmActions();
  const { title, help } = alarmWords(alarm, names);
  const orderId = orderOfAlarm(alarm);
  const isSeen = alarm.acknowledgedBy !== undefined;
  return (
    <article
      class={`alarm-row ${isSelected ? 'selected' : ''} ${isSeen ? 'seen' : ''}`}
      aria-label={title}
      aria-current={isSelected}
      data-row={row.id}
      tabIndex={isSelected ? 0 : -1}
      onFocusCapture={props.onSelect}
    >
      <div class="row">
        <h3>{title}</h3>
        <span class="small quiet">
          for <Ago at={alarm.since} />
        </span>
        {orderId && (
          <a class="mono small" href={`/console/orders/${orderId}`}>
            …{toShortId(orderId)}
          </a>
        )}
        {order && <span class="small quiet">{stateWord(order.state)}</span>}
        {(alarm.driverId ?? order?.driverId) && (
          <span class="small">{names.of(alarm.driverId ?? order?.driverId ?? '')}</span>
        )}
      </div>
      <p class="small quiet">{help}</p>
      <div class="row">
        {isSnoozed(alarm) && alarm.snoozedUntil !== undefined && (
          <span class="badge">
            put off until <Time at={alarm.snoozedUntil} />
          </span>
        )}
        {alarm.acknowledgedBy !== undefined ? (
          <span class="badge">seen by {names.of(alarm.acknowledgedBy)}</span>
        ) : (
          <Button label="Acknowledge" shortcut="a" onAct={() => acknowledge(alarm)} />
        )}
        {!isSnoozed(alarm) && (
          <Button label="Snooze 10 min" shortcut="z" onAct={() => snooze(alarm)} />
        )}
        <ClaimedBy alarm={alarm} />
      </div>
    </article>
  );
}

function Button(props: { label: string; shortcut: string; onAct(): void }) {
  const { label, shortcut, onAct } = props;
  return (
    <button type="button" class="button compact" data-key={shortcut} onClick={onAct}>
      {label}
    </button>
  );
}
