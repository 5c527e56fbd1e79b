/** Why a driver was left out of a look, as people say it. */
export const LEFT_OUT: Record<string, string> = {
  off_duty: 'off duty',
  on_break: 'on a break',
  paused: 'paused',
  excluded: 'declined or missed it before',
  unreached: 'phone out of reach',
  being_asked: 'being asked something else',
  no_free_slot: 'hands full',
};

/** Reasons of drivers and of the machine; others are an operator's own words. */
export const REASONS: Record<string, string> = {
  too_far: 'too far',
  busy: 'busy',
  vehicle_problem: 'vehicle problem',
  end_of_shift: 'end of shift',
  other: 'another reason',
  taken: 'someone else took it',
  assigned: 'assigned by hand',
  cancelled: 'order cancelled',
  driver_lost: 'driver lost',
  driver_away: 'driver went on a break',
  handed_over: 'handed over',
  driver_gone: 'driver went off duty',
};

/** How an offer ended: word and colour. */
export const OUTCOMES: Record<string, [word: string, colour: string]> = {
  accepted: ['accepted', 'good'],
  rejected: ['declined', 'bad'],
  expired: ['not answered', 'warn'],
  withdrawn: ['taken back', ''],
  undelivered: ['not reached', 'violet'],
};
