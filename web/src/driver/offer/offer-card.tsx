import type { Signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { REJECT_REASONS } from '../../../../machines/order-types.ts';
import type { Link } from '../../../../src/client/waybill-client.ts';
import { toCount, toDistance, toMoney } from '../../kit/format.ts';
import { metersBetween } from '../../kit/meters-between.ts';
import { Sketch } from '../sketch.tsx';
import type { Card } from '../state/current-offer.ts';
import type { Desk } from '../state/desk.ts';
import { windOf } from '../way.ts';
import { REJECT_WORDS } from '../words.ts';
import { Countdown } from './countdown.tsx';
import { useLeft } from './use-left.ts';

interface Props {
  desk: Desk;
  card: Card;
  link: Signal<Link>;
}

/** The offer over everything else: what it is, how long it is open, and an answer by one thumb. */
export function OfferCard({ desk, card, link }: Props) {
  const { offer, answer } = card;
  const element = useRef<HTMLDialogElement>(null);
  const [isTurningDown, setTurningDown] = useState(false);
  const leftMs = useLeft(offer);
  const isOpen = leftMs > 0 && !answer;

  useEffect(() => {
    element.current?.showModal();
    return whenVisible(offer.seen);
  }, [offer]);
  useEffect(() => (isOpen ? desk.bell.ring() : undefined), [isOpen, desk]);

  return (
    <dialog
      ref={element}
      class="offer"
      aria-label="New offer"
      // Esc says neither yes nor no.
      onCancel={(event) => event.preventDefault()}
    >
      <Countdown leftMs={leftMs} wholeMs={offer.expiresAt - offer.offeredAt} />
      <OfferFacts desk={desk} card={card} />
      <div class="deck">
        {isOpen && !isTurningDown && (
          <>
            <button type="button" class="button big wide" onClick={() => setTurningDown(true)}>
              Turn down
            </button>
            <button type="button" class="button primary accept wide" onClick={desk.offer.accept}>
              Accept
            </button>
          </>
        )}
        {isOpen && isTurningDown && (
          <>
            <fieldset class="reasons">
              <legend>Why not?</legend>
              {REJECT_REASONS.map((reason) => (
                <button
                  key={reason}
                  type="button"
                  class="button big wide"
                  onClick={() => desk.offer.reject(reason)}
                >
                  {REJECT_WORDS[reason]}
                </button>
              ))}
            </fieldset>
            <button
              type="button"
              class="button plain big wide"
              onClick={() => setTurningDown(false)}
            >
              Back to the offer
            </button>
          </>
        )}
        {!isOpen && <Pending card={card} isOffline={link.value.state === 'offline'} />}
        {!isOpen && (
          <button type="button" class="button big wide" onClick={desk.offer.hide}>
            Go on; tell me later
          </button>
        )}
      </div>
    </dialog>
  );
}

function OfferFacts({ desk, card: { offer } }: { desk: Desk; card: Card }) {
  const { pickup, dropoff, payCents, currency, itemCount } = offer;
  const here = desk.position.whereabouts.value;
  const me = here.is === 'known' ? here.point : undefined;
  const store = desk.places.value?.stores.get(offer.storeId)?.name;
  const toStore = me ? metersBetween(me, pickup) : offer.distanceMeters;
  return (
    <div class="offer-facts">
      {payCents !== undefined && (
        <p class="pay">
          <span class="sr-only">Pay: </span>
          {toMoney(payCents, currency)}
        </p>
      )}
      <dl class="legs">
        <div>
          <dt>
            <span class="dot store" aria-hidden="true" />
            Pick up
          </dt>
          <dd>
            <strong>{store ?? 'at the store'}</strong>
            {toStore !== undefined && <span class="num">{toDistance(toStore)} from you</span>}
          </dd>
        </div>
        <div>
          <dt>
            <span class="dot door" aria-hidden="true" />
            Bring it
          </dt>
          <dd>
            <strong>
              about {toDistance(metersBetween(pickup, dropoff))} {windOf(pickup, dropoff)}
            </strong>
            <span>{toCount(itemCount, 'item')}</span>
          </dd>
        </div>
      </dl>
      <Sketch pickup={pickup} dropoff={dropoff} isRough {...(me ? { me } : {})} />
    </div>
  );
}

/** What is known while the answer, or the end, is not told yet. */
function Pending({ card: { answer }, isOffline }: { card: Card; isOffline: boolean }) {
  if (!answer) {
    return (
      <p class="notice warn" role="status">
        Time is over. {isOffline && 'There is no line; '}What became of it is told as soon as it is
        known.
      </p>
    );
  }
  const left = `${(answer.leftMs / 1_000).toFixed(1)} s before the end`;
  return (
    <p class="notice" role="status">
      {answer.is === 'accept' ? 'You accepted' : 'You turned it down'}, {left}.{' '}
      {isOffline
        ? 'There is no line: the tap is kept and goes out as soon as there is.'
        : 'Waiting for the answer…'}
    </p>
  );
}

/** Calls back once the page is on the screen; returns a stop. */
function whenVisible(tell: () => void): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') tell();
  };
  look();
  document.addEventListener('visibilitychange', look);
  return () => document.removeEventListener('visibilitychange', look);
}
