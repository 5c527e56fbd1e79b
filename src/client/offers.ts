import type { OfferClosedDetails } from '../protocol/commands.ts';
import type { Pushes } from '../protocol/messages.ts';
import type { OfferView } from '../protocol/orders.ts';
import { isCallError } from './call-error.ts';
import type { Call } from './caller.ts';
import type { ClockSync } from './clock-sync.ts';
import type { Timers } from './timers.ts';

/** An offer on this driver's screen. */
export interface OpenOffer extends OfferView {
  /** Until it lapses, by the server's clock, ms, ≥ 0. */
  leftMs(): number;
  /** False once the server closed it or its time is over. */
  isOpen(): boolean;
  /** Tells the server that the phone shows it; from then on a lapse is the driver's. Idempotent. */
  seen(): void;
}

export interface Offers {
  /** Each offer once, even if the server tells it again after a reconnection. Returns a stop. */
  onOpened(listener: (offer: OpenOffer) => void): () => void;
  /** Each offer's end once, pushed or found out. */
  onClosed(listener: (closed: Pushes['offer:closed']) => void): () => void;
  /** Now open, soonest to lapse first. */
  open(): OpenOffer[];
  takeOpened(view: Pushes['offer:opened']): void;
  takeClosed(closed: Pushes['offer:closed']): void;
  /** Steps may have been missed: asks what became of those that are shown. */
  confirm(): void;
}

interface Shown extends OpenOffer {
  /** Tells whether it was open till now. */
  close(): boolean;
  confirm(): void;
}

/** Offers remembered at most, so that one told twice is met once; a driver has one open at a time. */
const REMEMBERED = 64;

export function createOffers(deps: {
  call: Call;
  clock: ClockSync;
  timers: Timers;
  newId(): string;
}): Offers {
  const { call, clock, timers } = deps;
  const known = new Map<string, Shown>();
  const openedListeners = new Set<(offer: OpenOffer) => void>();
  const closedListeners = new Set<(closed: Pushes['offer:closed']) => void>();

  function show({ serverNow: _, ...view }: Pushes['offer:opened']): Shown {
    let closed = false;
    let told = false;
    const leftMs = () => Math.max(0, view.expiresAt - (timers.now() + clock.offsetMs()));
    const isOpen = () => !closed && leftMs() > 0;

    function acknowledge(): void {
      const { orderId, offerId } = view;
      const seen = { orderId, offerId, commandId: deps.newId() };
      call('offer:seen', seen, { deadlineMs: leftMs() }).catch((error: unknown) => {
        // Where the line is dead, the server treats it as undelivered.
        if (!isCallError(error)) throw error;
        if (error.code !== 'offer_closed') return;
        takeClosed({ orderId, ...(error.details as unknown as OfferClosedDetails) });
      });
    }

    return {
      ...view,
      leftMs,
      isOpen,
      close() {
        const wasOpen = !closed;
        closed = true;
        return wasOpen;
      },
      seen() {
        if (!told) acknowledge();
        told = true;
      },
      // To acknowledge again one that is open changes nothing.
      confirm() {
        if (told && isOpen()) acknowledge();
      },
    };
  }

  function takeClosed(closed: Pushes['offer:closed']): void {
    const offer = known.get(closed.offerId);
    if (offer && !offer.close()) return;
    for (const tell of closedListeners) tell(closed);
  }

  return {
    onOpened: (listener) => listening(openedListeners, listener),
    onClosed: (listener) => listening(closedListeners, listener),
    open: () =>
      [...known.values()]
        .filter((offer) => offer.isOpen())
        .sort((a, b) => a.expiresAt - b.expiresAt),
    takeOpened(view) {
      clock.onPush(view.serverNow, timers.now());
      if (known.has(view.offerId)) return;
      const offer = show(view);
      known.set(view.offerId, offer);
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
      for (const tell of openedListeners) tell(offer);
    },
    takeClosed,
    confirm() {
      for (const offer of known.values()) offer.confirm();
    },
  };
}

/** Adds a listener; what is returned removes it. */
export function listening<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
