import type { Actor, Role } from './common.ts';
import type { ShiftContext, ShiftEventType } from './shift-types.ts';

export interface ShiftEventRule {
  /** Who may send it: `owner` is the driver whose shift it is; for `any` the role is enough. */
  grants: Partial<Record<Role, 'owner' | 'any'>>;
  /** Must say why: the payload's `reason`. */
  reason: 'required' | 'optional' | 'none';
  /** Ends the shift: taken even when the history is full. */
  closing?: true;
  /** One sentence for documents and buttons. */
  says: string;
}

/** Who may send what to a shift; in which states is the machine's to say. */
export const SHIFT_EVENTS: Record<ShiftEventType, ShiftEventRule> = {
  'shift.start': {
    grants: { driver: 'owner' },
    reason: 'none',
    says: 'Go on duty.',
  },
  'shift.break': {
    grants: { driver: 'owner', operator: 'any' },
    reason: 'optional',
    says: 'Take a break: no offers meanwhile.',
  },
  'shift.resume': {
    grants: { driver: 'owner', operator: 'any' },
    reason: 'optional',
    says: 'The break is over.',
  },
  'shift.pause': {
    grants: { operator: 'any' },
    reason: 'required',
    says: 'Give the driver no offers until an instant.',
  },
  'shift.unpause': {
    grants: { operator: 'any', system: 'any' },
    reason: 'optional',
    says: 'The pause is over.',
  },
  'shift.strike': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'An offer that the phone had shown lapsed.',
  },
  'shift.excuse': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'The answer was given in time and came too late: the lapse is no strike.',
  },
  'shift.answer': {
    grants: { system: 'any' },
    reason: 'none',
    says: 'The driver answered an offer: earlier strikes are forgotten.',
  },
  'shift.lose': {
    grants: { system: 'any' },
    reason: 'none',
    closing: true,
    says: 'Nothing was heard of the driver for too long.',
  },
  'shift.end': {
    grants: { driver: 'owner', operator: 'any', system: 'any' },
    reason: 'optional',
    closing: true,
    says: 'Go off duty.',
  },
};

export const SHIFT_EVENT_TYPES = Object.keys(SHIFT_EVENTS) as ShiftEventType[];

/** What `by` is to this shift, beside `any`. */
export const relationsToShift = (context: ShiftContext, by: Actor): ('owner' | 'any')[] =>
  by.role === 'driver' && by.id === context.driverId ? ['owner', 'any'] : ['any'];
