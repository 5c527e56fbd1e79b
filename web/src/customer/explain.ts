import { isCallError } from '../../../src/client/call-error.ts';
import { toDuration } from '../kit/format.ts';

/** What a failed call means to a customer, and what they can do about it. */
export function explain(error: unknown): string {
  if (!isCallError(error)) throw error;
  switch (error.code) {
    case 'offline':
    case 'no_answer':
    case 'not_ready':
    case 'closed':
      return 'Waybill cannot be reached. Check your connection; we go on when it is back.';
    case 'rate_limited':
      return `That was a lot at once. Try again in ${toDuration(Math.max(1_000, error.retryAfterMs))}.`;
    case 'overloaded':
    case 'version_conflict':
    case 'wrong_version':
    case 'outcome_unknown':
      return 'Waybill is very busy. Try again in a moment.';
    case 'not_found':
      return 'There is nothing of yours here. The address may be wrong.';
    case 'out_of_area':
      return 'We do not deliver there yet. Choose a place inside the marked area.';
    case 'unavailable_item':
      return 'Something in your basket has just sold out. Take it out and order the rest.';
    case 'illegal_transition':
      return 'That is not possible any more: the order has moved on.';
    case 'internal_error':
      return 'Something went wrong on our side. Trying again may help; nothing is done twice.';
    default:
      return error.message;
  }
}
