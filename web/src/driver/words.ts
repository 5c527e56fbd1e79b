import type { RejectReason } from '../../../machines/order-types.ts';
import type { CallError } from '../../../src/client/call-error.ts';
import type { OfferClosedDetails, OrderCommandInput } from '../../../src/protocol/commands.ts';
import type { OrderEventView, OrderView } from '../../../src/protocol/orders.ts';
import { toCount, toDuration, toMoney, toShortId } from '../kit/format.ts';
import type { Item } from './state/news.ts';
import type { Fate, Tap } from './state/outbox.ts';

/** How everything here is said to a driver. */

export type Told = Pick<Item, 'tone' | 'text'>;

export const REJECT_WORDS: Record<RejectReason, string> = {
  too_far: 'Too far',
  busy: 'Busy right now',
  vehicle_problem: 'Trouble with my vehicle',
  end_of_shift: 'About to stop',
  other: 'Another reason',
};

export const FAIL_REASONS = [
  'Nobody opens',
  'Address cannot be found',
  'Customer refuses it',
  'Bags are damaged',
  'It is not safe here',
];

export const RELEASE_REASONS = [
  'Trouble with my vehicle',
  'The store is closed',
  'It takes too long',
  'I cannot go on',
];

/** Longer than that the driver wonders. */
const NOTICED_MS = 3_000;

/** `12.3 s`: where a tenth tells. */
const toSeconds = (ms: number): string =>
  ms < 60_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : toDuration(ms);

/**
 * What became of an offer.
 * @param outcome undefined: nobody knows any more
 * @param fate of the tap that answered it, where there was one
 */
export function fateOfOffer(
  outcome: Omit<OfferClosedDetails, 'offerId'> | undefined,
  fate?: Fate,
): Told {
  switch (outcome?.outcome) {
    case 'accepted':
      return {
        tone: 'good',
        text:
          fate && isNoticed(fate)
            ? `You won it: the tap came through in time, ${toDuration(fate.tookMs)} after you made it.`
            : 'You won it: the order is yours.',
      };
    case 'rejected':
      return { tone: 'good', text: 'Turned down. It goes to someone else.' };
    case 'expired':
      return expired(outcome.inTime);
    case 'undelivered':
      return {
        tone: 'info',
        text: 'An offer did not reach this phone in time and went to someone else. It is no strike.',
      };
    case 'withdrawn':
      return withdrawn(outcome);
    case undefined:
      return { tone: 'info', text: 'An offer is over; it went to someone else.' };
  }
}

function expired(inTime: OfferClosedDetails['inTime']): Told {
  if (!inTime) {
    return { tone: 'warn', text: 'The offer ran out without an answer.' };
  }
  const { leftMs, lateMs, strike } = inTime;
  const text = `You tapped in time, ${toSeconds(leftMs)} before the end, but the tap reached us ${toSeconds(lateMs)} after it.`;
  return strike
    ? {
        tone: 'warn',
        text: `${text} That happened too often in a row to be excused: it counts as a strike.`,
      }
    : { tone: 'warn', text: `${text} It is no strike.` };
}

function withdrawn({ reason, takenBy }: Omit<OfferClosedDetails, 'offerId'>): Told {
  switch (reason) {
    case 'taken':
      return {
        tone: 'info',
        text: `${takenBy ?? 'Another driver'} was faster and took the order.`,
      };
    case 'cancelled':
      return { tone: 'info', text: 'The order was cancelled, and the offer with it.' };
    case 'assigned':
      return { tone: 'info', text: 'An operator gave the order away by hand.' };
    case 'driver_away':
    case 'driver_gone':
    case 'driver_lost':
      return { tone: 'info', text: 'The offer was taken back since you are not available.' };
    default:
      return {
        tone: 'info',
        text: `The offer was taken back${reason ? `: ${reason}` : ''}.`,
      };
  }
}

const DEEDS: Partial<Record<OrderCommandInput['type'], string>> = {
  'offer.accept': 'Accept',
  'offer.reject': 'Turn down',
  'order.release': 'Give back',
  'order.arriveStore': 'At the store',
  'order.pickUp': 'Picked up',
  'order.arriveDoor': 'At the door',
  'order.deliver': 'Delivered',
  'order.fail': 'Cannot deliver',
  'order.startReturn': 'Taking it back',
  'order.completeReturn': 'Back at the store',
};

const SHIFT_DEEDS = {
  'shift:start': 'Start shift',
  'shift:break': 'Take a break',
  'shift:resume': 'Back to work',
  'shift:end': 'End shift',
} as const;

/** What a tap was: `Picked up`. */
export const deedWord = ({ deed }: Tap): string =>
  deed.to === 'shift' ? SHIFT_DEEDS[deed.name] : (DEEDS[deed.command.type] ?? deed.command.type);

export const isNoticed = ({ tookMs, waited }: Fate): boolean => waited || tookMs >= NOTICED_MS;

/** What became of a tap, where the screen does not show it by itself. */
export function fateOfTap(fate: Fate): Told | undefined {
  const { tap, tookMs, error } = fate;
  const tapped = `“${deedWord(tap)}”`;
  if (error) return { tone: 'bad', text: `${tapped} did not count: ${whyNot(error)}` };
  if (!isNoticed(fate)) return undefined;
  return { tone: 'good', text: `${tapped} went through, ${toDuration(tookMs)} after you tapped.` };
}

/** Why a tap was refused. */
export function whyNot({ code, message, details }: CallError): string {
  switch (code) {
    case 'wrong_pin':
      return details.triesLeft === 0
        ? 'too many wrong PINs. Call the operators: they can close the order.'
        : `that is not the customer’s PIN. ${toCount(Number(details.triesLeft), 'try', 'tries')} left.`;
    case 'not_found':
      return 'it is not yours any more.';
    case 'illegal_transition':
      return 'things have moved on since.';
    case 'driver_busy':
      return 'you have a shift already.';
    case 'offer_closed':
      return 'the offer is over.';
    default:
      return message;
  }
}

/** How an order left this driver's hands. */
export function endOfOrder(
  order: OrderView,
  { isMine, me, step }: { isMine: boolean; me: string; step: OrderEventView | undefined },
): Told {
  const name = `Order ${toShortId(order.orderId)}`;
  const because = step?.reason ? `: ${step.reason}` : '';
  if (!isMine) {
    return step?.by.id === me
      ? { tone: 'good', text: `You gave ${name.toLowerCase()} back; someone else is looked for.` }
      : {
          tone: 'warn',
          text: `${name} is not yours any more${because || ': it was given to someone else'}.`,
        };
  }
  switch (order.state) {
    case 'delivered':
      return {
        tone: 'good',
        text: `Delivered. Well done${order.payCents === undefined ? '' : `: ${toMoney(order.payCents, order.currency)}`}.`,
      };
    case 'returned':
      return { tone: 'good', text: `${name} is back at the store.` };
    default:
      return { tone: 'warn', text: `${name} was cancelled${because}. Leave it at the store.` };
  }
}
