import type { AlarmView } from '../../../../src/protocol/operators.ts';
import type { Names } from '../state/names.ts';

/** What an alarm says, and what usually helps. */
export function alarmWords(
  { alarm, detail, zone }: AlarmView,
  names: Pick<Names, 'zone'>,
): { title: string; help: string } {
  switch (alarm) {
    case 'unassigned':
      return { title: 'Nobody took it', help: 'Search again, offer it, assign it or cancel it.' };
    case 'stalled':
      return detail === 'preparing.atStore'
        ? { title: 'Overdue at the store', help: 'Call the store, then the driver.' }
        : { title: 'Stands still', help: 'Call the driver; release it or move it on.' };
    case 'late':
      return { title: 'Late', help: 'The promise is broken: tell the customer.' };
    case 'pin_locked':
      return {
        title: 'Too many wrong PINs',
        help: 'Call the customer; deliver it without PIN or have it brought back.',
      };
    case 'driver_lost':
      return {
        title: 'Driver lost',
        help: 'The shift has ended with work in hand: find the bags.',
      };
    case 'driver_silent':
      return {
        title: 'Driver silent with work in hand',
        help: 'Call the driver; else release it.',
      };
    case 'no_drivers':
      return {
        title: `No drivers in ${zone === undefined ? 'a zone' : names.zone(zone)}`,
        help: 'Find somebody who comes on duty there.',
      };
    case 'stuck_effect':
      return {
        title: 'An effect is stuck',
        help: 'It is tried on; whoever runs Waybill must look.',
      };
    case 'poisoned':
      return { title: 'A deadline cannot be met', help: 'Whoever runs Waybill must look.' };
    case 'full':
      return { title: 'A history is full', help: 'Only closing steps are taken now: close it.' };
    default:
      return { title: alarm, help: detail ?? '' };
  }
}

/** The order it is about: named, or the subject of an alarm of the engine's. */
export const orderOfAlarm = ({ orderId, alarmId }: AlarmView): string | undefined =>
  orderId ?? /^order\/([^:]+):/.exec(alarmId)?.[1];
