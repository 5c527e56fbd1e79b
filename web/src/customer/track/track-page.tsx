import { render } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Ago, Empty, Skeleton, Time } from '../../kit/elements.tsx';
import { Safe } from '../../kit/safe.tsx';
import { ThemeSwitch } from '../../kit/theme-switch.tsx';
import '../../kit/theme.css';
import '../customer.css';
import { OrderMap } from '../map/order-map.tsx';
import { isOver, tell } from '../order/order-story.ts';
import { Progress } from '../order/progress.tsx';
import { When } from '../order/when.tsx';
import { createTrackLink, type TrackLink } from './track-link.ts';

/** Shows one order to whoever has its link: to look at, nothing to do. */
export function mountTracking(token: string): void {
  render(
    <Safe title="Waybill">
      <TrackPage token={token} />
    </Safe>,
    document.getElementById('app') as HTMLElement,
  );
}

function TrackPage({ token }: { token: string }) {
  const link = useMemo(() => createTrackLink(token), [token]);
  useEffect(() => link.start(), [link]);
  return (
    <>
      <header class="top">
        <span class="brand">Waybill</span>
        <div class="own">
          <Freshness link={link} />
          <ThemeSwitch />
        </div>
      </header>
      <main class="page">
        <Tracked link={link} />
      </main>
    </>
  );
}

function Freshness({ link }: { link: TrackLink }) {
  const { at, lost } = link.heard.value;
  if (link.gone.value || !link.view.value) return null;
  return (
    <span class={`link-state ${lost ? 'offline' : 'live'}`} role="status">
      {lost ? (
        <>
          Not heard for <Ago at={at} />
        </>
      ) : (
        'Live'
      )}
    </span>
  );
}

function Tracked({ link }: { link: TrackLink }) {
  const view = link.view.value;
  if (link.gone.value === 'revoked') {
    return (
      <Empty title="This link was taken back">
        Whoever shared the order with you has ended this link. Ask them for a new one.
      </Empty>
    );
  }
  if (link.gone.value) {
    return (
      <Empty title="This link shows nothing any more">
        A tracking link ends a day after its order. If it is newer, the address may be incomplete.
      </Empty>
    );
  }
  if (!view) {
    return (
      <div class="narrow">
        <h1 class="sr-only">Tracking</h1>
        {link.heard.value.lost && (
          <p class="notice warn" role="status">
            Waybill cannot be reached. Trying again…
          </p>
        )}
        <Skeleton lines={6} />
      </div>
    );
  }
  const over = isOver(view.state);
  return (
    <div class="order narrow">
      {link.heard.value.lost && (
        <p class="notice warn" role="status">
          Not up to date: no answer for <Ago at={link.heard.value.at} />. What you see was true
          then; it goes on by itself.
        </p>
      )}
      <section class="card pad stack">
        <p class="small quiet">An order from {view.storeName}</p>
        <Progress telling={tell(view, 'onlooker')} />
        {view.endedAt !== undefined && (
          <p>
            At <Time at={view.endedAt} />.
          </p>
        )}
        <When order={view} />
      </section>
      {!over && (
        <section class="card pad">
          <OrderMap
            pickup={view.pickup}
            dropoff={view.dropoff}
            storeName={view.storeName}
            driverName={view.driverName}
            position={view.position}
            isRough
          />
        </section>
      )}
      <p class="small quiet">
        Shared by whoever ordered. Places are shown to some 500 m.
        {view.validUntil !== undefined && (
          <>
            {' '}
            This link ends at <Time at={view.validUntil} />.
          </>
        )}
      </p>
    </div>
  );
}
