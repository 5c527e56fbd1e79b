import { type ReadonlySignal, signal } from '@preact/signals';
import type { RejectReason } from '../../../../machines/order-types.ts';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { OpenOffer } from '../../../../src/client/offers.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { OfferClosedDetails } from '../../../../src/protocol/commands.ts';
import { fateOfOffer } from '../words.ts';
import type { News } from './news.ts';
import type { Fate, Outbox, Tap } from './outbox.ts';

/** The offer on the screen. */
export interface Card {
  offer: OpenOffer;
  /** How it was answered, once it was. */
  answer?: { is: 'accept' | 'reject'; leftMs: number };
}

export interface CurrentOffer {
  /** Undefined: none, or its driver no longer waits for its end. */
  readonly card: ReadonlySignal<Card | undefined>;
  accept(): void;
  reject(reason: RejectReason): void;
  /** Its time is over or its answer under way: the rest is told later. */
  hide(): void;
}

type Untold = Pick<OpenOffer, 'orderId' | 'offerId' | 'expiresAt'>;
type Outcome = Omit<OfferClosedDetails, 'offerId'>;

/** Until the server says what became of an offer whose time is over, it is asked this often, ms. */
const ASK_EVERY_MS = 2_000;
/** The server's own word comes first, if the line carries it. */
const ASK_AFTER_MS = 4_000;

/**
 * Follows one offer at a time from its opening to what became of it, which is told once whatever
 * happens: the line goes, the page is loaded anew, the server dies. An answer under way tells it; else
 * the server, by itself or asked.
 * @param key where those not told yet are kept in this browser
 */
export function createCurrentOffer(
  client: WaybillClient,
  { outbox, news, key }: { outbox: Outbox; news: News; key: string },
): CurrentOffer {
  const card = signal<Card | undefined>();
  /** Shown, and the end not told yet: one as a rule, more where the line went in between. */
  const untold = new Map<string, Untold>();
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  const keep = () => localStorage.setItem(key, JSON.stringify([...untold.values()]));

  function follow({ orderId, offerId, expiresAt }: Untold): void {
    untold.set(offerId, { orderId, offerId, expiresAt });
    keep();
    askLater(offerId, Math.max(0, expiresAt - client.serverNow()) + ASK_AFTER_MS);
  }

  function end(offerId: string, outcome: Outcome | undefined, fate?: Fate): void {
    if (!untold.delete(offerId)) return;
    keep();
    clearTimeout(timers.get(offerId));
    timers.delete(offerId);
    if (card.value?.offer.offerId === offerId) card.value = undefined;
    const { tone, text } = fateOfOffer(outcome, fate);
    news.tell(tone, text);
  }

  /** The tap under way about this offer: its answer knows best. */
  const tapOf = (offerId: string): Tap | undefined =>
    outbox.waiting.value.find((tap) => offerOf(tap) === offerId);

  function askLater(offerId: string, ms: number): void {
    clearTimeout(timers.get(offerId));
    timers.set(
      offerId,
      setTimeout(() => void ask(offerId), ms),
    );
  }

  /** To acknowledge an offer that is closed is refused with what became of it. */
  async function ask(offerId: string): Promise<void> {
    const { orderId } = untold.get(offerId) ?? {};
    if (orderId === undefined) return;
    if (tapOf(offerId)) return askLater(offerId, ASK_EVERY_MS);
    try {
      await client.command(orderId, { type: 'offer.seen', offerId }, { retry: { deadlineMs: 0 } });
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (error.code === 'closed') return;
      if (error.code === 'offer_closed') return end(offerId, error.details as unknown as Outcome);
      if (!error.retryable && error.code !== 'illegal_transition') return end(offerId, undefined);
    }
    // It is open yet, or there is no line.
    if (untold.has(offerId)) askLater(offerId, ASK_EVERY_MS);
  }

  function answer(is: 'accept' | 'reject', reason?: RejectReason): void {
    const { value } = card;
    if (!value?.offer.isOpen() || value.answer) return;
    const { orderId, offerId } = value.offer;
    const tappedAt = Math.round(client.serverNow());
    const command = reason
      ? ({ type: 'offer.reject', offerId, reason, tappedAt } as const)
      : ({ type: 'offer.accept', offerId, tappedAt } as const);
    card.value = { ...value, answer: { is, leftMs: value.offer.leftMs() } };
    outbox.send({ to: 'order', orderId, command });
  }

  client.offers.onOpened((offer) => {
    if (tapOf(offer.offerId)) return;
    // A driver has one open offer: any before it is over.
    for (const offerId of untold.keys()) askLater(offerId, 0);
    follow(offer);
    card.value = { offer };
  });
  client.offers.onClosed(({ offerId, ...outcome }) => {
    if (!tapOf(offerId)) end(offerId, outcome);
  });
  outbox.onFate((fate) => {
    const offerId = offerOf(fate.tap);
    if (offerId !== undefined) end(offerId, outcomeOf(fate), fate);
  });

  for (const kept of load(key)) follow(kept);
  return {
    card,
    accept: () => answer('accept'),
    reject: (reason) => answer('reject', reason),
    hide() {
      card.value = undefined;
    },
  };
}

export function offerOf({ deed }: Tap): string | undefined {
  if (deed.to !== 'order') return undefined;
  const { command } = deed;
  return command.type === 'offer.accept' || command.type === 'offer.reject'
    ? command.offerId
    : undefined;
}

function outcomeOf({ tap, error }: Fate): Outcome | undefined {
  if (error) {
    return error.code === 'offer_closed' ? (error.details as unknown as Outcome) : undefined;
  }
  const isAccepted = tap.deed.to === 'order' && tap.deed.command.type === 'offer.accept';
  return { outcome: isAccepted ? 'accepted' : 'rejected' };
}

function load(key: string): Untold[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}
