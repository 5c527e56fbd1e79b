import type { Actor, State } from './common.ts';
import { shiftOf } from './shift-readers.ts';
import type { ShiftCommand, ShiftEvent, ShiftEventType } from './shift-types.ts';

const REASON = 'example';

/** An event of this type, stamped, that is as legal as one can be in this state. For trying the machine. */
export function exampleOfShift(type: ShiftEventType, snapshot: State, by: Actor): ShiftEvent {
  const { pausedUntil, startedAt } = shiftOf(snapshot);
  const at = pausedUntil ?? startedAt;
  return { ...commandOf(type, by, at), at, by } as ShiftEvent;
}

function commandOf(type: ShiftEventType, by: Actor, at: number): ShiftCommand {
  switch (type) {
    case 'shift.start':
      return {
        type,
        shiftId: 'example-shift',
        driverId: by.id,
        zone: 'example-zone',
        capacity: 1,
        policy: { strikesToPause: 3, pauseMs: 600_000 },
      };
    case 'shift.pause':
      return { type, untilAt: at + 1, reason: REASON };
    case 'shift.strike':
    case 'shift.excuse':
    case 'shift.answer':
      return { type, orderId: 'example-order', offerId: 'example-offer' };
    case 'shift.lose':
      return { type, seenAt: at };
    default:
      return { type };
  }
}
