import { useEffect, useState } from 'preact/hooks';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WhyView } from '../../../../src/protocol/operators.ts';
import { Skeleton } from '../../kit/elements.tsx';
import { toDistance } from '../../kit/format.ts';
import { useConsole } from '../console-context.tsx';
import { LEFT_OUT } from './offer-words.ts';

/** Why this driver: who else was considered, how they ranked, why others were left out. */
export function WhyDriver({ offerId }: { offerId: string }) {
  const { client, names } = useConsole();
  const [why, setWhy] = useState<WhyView>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    client.http<WhyView>('GET', `/v1/ops/offers/${offerId}/why`).then(setWhy, (error) => {
      if (!isCallError(error)) throw error;
      setProblem(
        error.code === 'not_found' ? 'It is no longer known: kept for 30 days.' : error.message,
      );
    });
  }, [offerId]);
  if (problem) return <p class="notice small">{problem}</p>;
  if (!why) return <Skeleton lines={3} />;
  if (why.by !== 'policy') {
    return <p class="notice small">{names.of(why.by)} chose this driver by hand.</p>;
  }
  return (
    <div class="stack small">
      <p class="quiet">
        Nearest first, whoever has waited longest of the equally near
        {why.radiusMeters !== undefined && `; within ${toDistance(why.radiusMeters)} of the store`}
        {why.misses ? `; after ${why.misses} that came to nothing` : ''}.
      </p>
      <table class="why-table">
        <thead>
          <tr>
            <th scope="col">Rank</th>
            <th scope="col">Driver</th>
            <th scope="col">Away</th>
            <th scope="col">Left out, since</th>
          </tr>
        </thead>
        <tbody>
          {why.considered.map(({ driverId, distanceMeters, rank, leftOut }) => (
            <tr key={driverId} class={driverId === why.driverId ? 'chosen' : ''}>
              <td class="num">{rank ?? '–'}</td>
              <td>{names.of(driverId)}</td>
              <td class="num">{toDistance(distanceMeters)}</td>
              <td>{leftOut ? LEFT_OUT[leftOut] : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
