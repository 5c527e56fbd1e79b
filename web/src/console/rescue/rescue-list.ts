import type { AlarmView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import type { Alarms } from '../state/alarms.ts';
import { isSnoozed, isToldInLane } from '../state/alarms.ts';
import type { LiveOrders } from '../state/live-orders.ts';

/** A row of the rescue page. */
export type Row =
  | { is: 'order'; id: string; order: OrderView; since: number; alarm?: AlarmView }
  | { is: 'alarm'; id: string; alarm: AlarmView; order?: OrderView };

/** Unassigned orders, then what else needs someone; each oldest first, what was put off last. */
export function rescueRows(
  live: LiveOrders,
  alarms: Alarms,
): { lane: Row[]; others: Row[]; later: Row[] } {
  live.version.value;
  const open = alarms.open.value ?? [];
  const unassigned = new Map(
    open.flatMap((alarm) =>
      alarm.alarm === 'unassigned' && alarm.orderId ? [[alarm.orderId, alarm] as const] : [],
    ),
  );
  const lane = [...live.orders.values()]
    .filter(({ state }) => state === 'pending.unassigned')
    .map((order) => {
      const alarm = unassigned.get(order.orderId);
      const since = alarm?.since ?? order.placedAt;
      return { is: 'order' as const, id: order.orderId, order, since, ...(alarm && { alarm }) };
    })
    .sort((a, b) => a.since - b.since);
  const rest = open.filter((alarm) => alarm.alarm !== 'unassigned' && !isToldInLane(alarm, open));
  const toRow = (alarm: AlarmView): Row => {
    const order = alarm.orderId === undefined ? undefined : live.orders.get(alarm.orderId);
    return { is: 'alarm', id: alarm.alarmId, alarm, ...(order && { order }) };
  };
  const isSeen = (alarm: AlarmView) =>
    alarm.acknowledgedBy !== undefined || alarm.claimedBy !== undefined;
  const awake = rest.filter((alarm) => !isSnoozed(alarm));
  return {
    lane,
    others: [...awake.filter((a) => !isSeen(a)), ...awake.filter(isSeen)].map(toRow),
    later: rest.filter(isSnoozed).map(toRow),
  };
}
