import type { Signal } from '@preact/signals';
import type { Link } from '../../../src/client/waybill-client.ts';
import { Ago } from './elements.tsx';

/** Whether what is shown is what is: always somewhere on the screen. */
export function LinkState({ link }: { link: Signal<Link> }) {
  const { state, since } = link.value;
  return (
    <span class={`link-state ${state}`} role="status">
      {state === 'live' && 'Live'}
      {state === 'offline' && (
        <>
          Reconnecting, <Ago at={since} />
        </>
      )}
      {state === 'stale' && (
        <>
          Stale for <Ago at={since} />
        </>
      )}
    </span>
  );
}
