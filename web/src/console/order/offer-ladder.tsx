import { useState } from 'preact/hooks';
import { seconds } from '../../kit/clock.ts';
import { toCountdown, toDistance, toDuration, toExactTime } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { OUTCOMES, REASONS } from './offer-words.ts';
import type { OfferStory } from './replay.ts';
import { WhyDriver } from './why-driver.tsx';

/**
 * The offers one after another: whom, how far away, how it ended or how long it has yet.
 * @param isNow false: open ones were open then, and nothing counts down
 */
export function OfferLadder({ offers, isNow }: { offers: readonly OfferStory[]; isNow: boolean }) {
  if (offers.length === 0) return <p class="quiet small">Nobody was asked so far.</p>;
  return (
    <ol class="ladder">
      {offers.map((offer) => (
        <Rung key={offer.offerId} offer={offer} isNow={isNow} />
      ))}
    </ol>
  );
}

function Rung({ offer, isNow }: { offer: OfferStory; isNow: boolean }) {
  const { names } = useConsole();
  const [isAsking, setIsAsking] = useState(false);
  const { driverId, offeredAt, seenAt, distanceMeters, by, end } = offer;
  return (
    <li>
      <div class="row">
        <strong>{names.of(driverId)}</strong>
        {distanceMeters !== undefined && (
          <span class="small quiet num">{toDistance(distanceMeters)} away</span>
        )}
        <span class="push">
          {end ? <End offer={offer} /> : <Open offer={offer} isNow={isNow} />}
        </span>
      </div>
      <p class="small quiet">
        asked at{' '}
        <time class="num" title={new Date(offeredAt).toISOString()}>
          {toExactTime(offeredAt)}
        </time>{' '}
        by {by === 'dispatch' ? 'dispatch' : names.of(by)}
        {seenAt === undefined
          ? ', not seen'
          : `, on the phone after ${toDuration(seenAt - offeredAt)}`}
        {end?.reason !== undefined && `; ${REASONS[end.reason] ?? end.reason}`}
      </p>
      <button
        type="button"
        class="button plain compact"
        aria-expanded={isAsking}
        onClick={() => setIsAsking(!isAsking)}
      >
        Why {names.of(driverId)}?
      </button>
      {isAsking && <WhyDriver offerId={offer.offerId} />}
    </li>
  );
}

function End({ offer: { offeredAt, end } }: { offer: OfferStory }) {
  if (!end) return null;
  const [word, colour] = OUTCOMES[end.outcome] ?? [end.outcome, ''];
  return (
    <span class={`badge ${colour}`}>
      {word} after {toDuration(end.at - offeredAt)}
    </span>
  );
}

/** The driver's own countdown, with how much of it is left. */
function Open({ offer, isNow }: { offer: OfferStory; isNow: boolean }) {
  if (!isNow) return <span class="badge info">open then</span>;
  const { offeredAt, expiresAt } = offer;
  const leftMs = Math.max(0, expiresAt - seconds.value);
  return (
    <span class="badge info num">
      <progress max={expiresAt - offeredAt} value={leftMs} aria-label="Time left to answer" />
      {toCountdown(leftMs)}
    </span>
  );
}
