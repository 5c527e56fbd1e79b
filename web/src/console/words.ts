import type { OrderEventType } from '../../../machines/order-types.ts';
import type { ShiftEventType } from '../../../machines/shift-types.ts';

const STATES: Record<string, string> = {
  new: 'new',
  scheduled: 'scheduled',
  'pending.searching': 'searching',
  'pending.offered': 'offered',
  'pending.unassigned': 'unassigned',
  'preparing.toStore': 'driver to store',
  'preparing.atStore': 'driver at store',
  'outForDelivery.enRoute': 'on the way',
  'outForDelivery.atDoor': 'at the door',
  delivered: 'delivered',
  cancelled: 'cancelled',
  failed: 'failed',
  returning: 'returning',
  returned: 'returned',
  'onDuty.available': 'available',
  'onDuty.onBreak': 'on a break',
  'onDuty.paused': 'paused',
  ended: 'off duty',
};

/** A state as people say it: `driver at store`. */
export const stateWord = (state: string): string => STATES[state] ?? state;

const EVENTS: Record<OrderEventType | ShiftEventType, string> = {
  'order.place': 'placed',
  'search.start': 'search started',
  'search.extend': 'search time given back',
  'search.fail': 'nobody found in time',
  'offer.open': 'offered',
  'offer.seen': 'offer seen',
  'offer.accept': 'accepted',
  'offer.reject': 'turned down',
  'offer.expire': 'offer ran out',
  'offer.undeliver': 'phone not reached',
  'offer.withdraw': 'offer taken back',
  'order.assign': 'assigned by hand',
  'order.release': 'given back',
  'order.arriveStore': 'arrived at the store',
  'store.ready': 'bags packed',
  'order.pickUp': 'picked up',
  'order.arriveDoor': 'arrived at the door',
  'order.deliver': 'delivered',
  'order.fail': 'could not be handed over',
  'order.startReturn': 'on the way back',
  'order.completeReturn': 'back at the store',
  'order.cancel': 'cancelled',
  'order.atRisk': 'promise in danger',
  'order.late': 'late',
  'order.stall': 'stands still',
  'driver.lose': 'driver lost',
  'driver.find': 'driver back',
  'shift.start': 'went on duty',
  'shift.break': 'took a break',
  'shift.resume': 'back from the break',
  'shift.pause': 'paused',
  'shift.unpause': 'pause ended',
  'shift.strike': 'strike',
  'shift.excuse': 'strike taken back',
  'shift.answer': 'answered',
  'shift.lose': 'not heard of any more',
  'shift.end': 'went off duty',
};

/** A step as a past fact: `picked up`. */
export const eventWord = (type: string): string => EVENTS[type as keyof typeof EVENTS] ?? type;
