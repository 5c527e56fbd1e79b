import type { Signal } from '@preact/signals';
import type { Link } from '../../../src/client/waybill-client.ts';
import { seconds } from '../kit/clock.ts';
import { toExactTime } from '../kit/format.ts';
import type { Outbox } from './state/outbox.ts';
import { deedWord } from './words.ts';

/** An answer that takes no longer needs no explanation. */
const NOTICED_MS = 2_000;

/** What was tapped and is not with the server yet. */
export function WaitingTaps({ outbox, link }: { outbox: Outbox; link: Signal<Link> }) {
  const isOffline = link.value.state === 'offline';
  const taps = outbox.waiting.value.filter(
    ({ tappedAt }) => isOffline || seconds.value - tappedAt > NOTICED_MS,
  );
  if (taps.length === 0) return null;
  return (
    <section class="taps" aria-label="Taps on their way">
      <h2>
        {isOffline ? 'No line. Kept, and sent when it is back:' : 'On its way to the server:'}
      </h2>
      <ol>
        {taps.map((tap) => (
          <li key={tap.commandId}>
            {deedWord(tap)} <span class="num quiet">{toExactTime(tap.tappedAt)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
