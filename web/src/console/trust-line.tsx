import { Ago } from '../kit/elements.tsx';
import { toExactTime } from '../kit/format.ts';
import { useConsole } from './console-context.tsx';
import type { Trust } from './state/trust.ts';

/** Whether what is on the screen is what is: always there, and read out when it changes. */
export function TrustLine() {
  const { trust } = useConsole().live;
  const { state, counter, asOf } = trust.value;
  return (
    <div class="trust">
      <span class={`link-state ${LOOKS[state]}`} role="status">
        <Words {...trust.value} />
      </span>
      {asOf !== undefined && (
        <span class="as-of small quiet num" title={new Date(asOf).toISOString()}>
          {state === 'live' ? (
            <>
              consistent as of <b>#{counter}</b>
            </>
          ) : (
            <>as of {toExactTime(asOf)}</>
          )}
        </span>
      )}
    </div>
  );
}

const LOOKS = { live: 'live', reconnecting: 'offline', behind: 'stale', stale: 'stale' } as const;

function Words({ state, behindBy, asOf }: Trust) {
  switch (state) {
    case 'live':
      return <>Live</>;
    case 'reconnecting':
      return asOf === undefined ? <>Connecting…</> : <>Reconnecting…</>;
    case 'behind':
      return <>Behind by {behindBy}, reading again</>;
    case 'stale':
      return (
        <>
          Stale since {asOf !== undefined && toExactTime(asOf)}
          <span class="as-of"> ({asOf !== undefined && <Ago at={asOf} />})</span>
        </>
      );
  }
}
