import { useEffect, useState } from 'preact/hooks';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WhyView } from '../../../../src/protocol/operators.ts';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { toDistance } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { LEFT_OUT, REASONS } from '../order/offer-words.ts';
import { type OfferStory, offersIn, replay } from '../order/replay.ts';
import { useRecord } from '../order/use-record.ts';

/** Why nobody has it: who was asked and what they said, who could not be asked. */
export function WhyUnassigned({ order }: { order: OrderView }) {
  const { names } = useConsole();
  const { record, problem, retry } = useRecord(order.orderId, order.seq);
  const look = useLastLook(order.orderId, order.seq);
  if (problem) {
    return (
      <p class="small">
        {problem.message}{' '}
        <button type="button" class="button plain compact" onClick={retry}>
          Try again
        </button>
      </p>
    );
  }
  if (!record) return <p class="skeleton why" aria-busy="true" />;
  const offers = offersIn(replay(record));
  const groups = groupsOf(offers);
  const left = leftOutOf(look, new Set(offers.map(({ driverId }) => driverId)));
  return (
    <ul class="why small">
      {offers.length === 0 && <li>Nobody was asked.</li>}
      {groups.map(([says, stories]) => (
        <li key={says}>
          <span class="quiet">{says}:</span>{' '}
          {stories
            .map(({ driverId, end }) => `${names.of(driverId)}${reasonOf(end?.reason)}`)
            .join(', ')}
        </li>
      ))}
      {[...left].map(([leftOut, drivers]) => (
        <li key={leftOut}>
          <span class="quiet">Not asked, {LEFT_OUT[leftOut] ?? leftOut}:</span>{' '}
          {drivers.map((driverId) => names.of(driverId)).join(', ')}
        </li>
      ))}
      {look?.radiusMeters !== undefined && (
        <li>
          {look.considered.length === 0 ? 'Nobody was' : 'Nobody else was'} within{' '}
          {toDistance(look.radiusMeters)} of the store when it was last looked.
        </li>
      )}
    </ul>
  );
}

const ENDS: [says: string, fits: (story: OfferStory) => boolean][] = [
  ['Declined', ({ end }) => end?.outcome === 'rejected'],
  ['Saw it and did not answer', ({ end }) => end?.outcome === 'expired'],
  ['Phone out of reach', ({ end }) => end?.outcome === 'undelivered'],
  ['Taken back', ({ end }) => end?.outcome === 'withdrawn'],
  ['Accepted, and gave it back', ({ end }) => end?.outcome === 'accepted'],
];

const groupsOf = (offers: readonly OfferStory[]): [string, OfferStory[]][] =>
  ENDS.map(([says, fits]): [string, OfferStory[]] => [says, offers.filter(fits)]).filter(
    ([, stories]) => stories.length > 0,
  );

/** By why they were left out; whoever was asked before is told of already. */
function leftOutOf(look: WhyView | undefined, asked: ReadonlySet<string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { driverId, leftOut } of look?.considered ?? []) {
    if (leftOut === undefined || asked.has(driverId)) continue;
    found.set(leftOut, [...(found.get(leftOut) ?? []), driverId]);
  }
  return found;
}

const reasonOf = (reason: string | undefined): string =>
  reason === undefined ? '' : ` (${REASONS[reason] ?? reason})`;

/** The last look that found nobody, if there was one. */
function useLastLook(orderId: string, seq: number): WhyView | undefined {
  const { client } = useConsole();
  const [look, setLook] = useState<WhyView>();
  useEffect(() => {
    client.http<{ look: WhyView | null }>('GET', `/v1/ops/orders/${orderId}/search`).then(
      (answer) => setLook(answer.look ?? undefined),
      (error) => {
        // It cannot be read now: who was asked is told all the same.
        if (!isCallError(error)) throw error;
      },
    );
  }, [orderId, seq]);
  return look;
}
