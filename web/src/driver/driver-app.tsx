import { useEffect, useState } from 'preact/hooks';
import { Skeleton } from '../kit/elements.tsx';
import type { SignedIn } from '../kit/mount.tsx';
import './driver.css';
import { NewsVoice } from './news-list.tsx';
import { OfferCard } from './offer/offer-card.tsx';
import { OrderDesk } from './order/order-desk.tsx';
import { LocationHelp } from './shift/location-help.tsx';
import { ShiftScreen } from './shift/shift-screen.tsx';
import { stayAwake } from './state/awake.ts';
import { createDesk, type Desk } from './state/desk.ts';
import { followNetwork } from './state/line.ts';
import { TopBar } from './top-bar.tsx';
import { WaitingTaps } from './waiting-taps.tsx';

/** The driver's whole app: one thing at a time, what matters most on top. */
export function DriverApp({ session, client, user }: SignedIn) {
  const [desk] = useState(() => createDesk(client));
  useEffect(() => followNetwork(client), [client]);
  useDuty(desk);
  const shift = desk.shift.value;
  const card = desk.offer.card.value;
  const hasOrders = desk.hand.orders.value.length > 0;
  return (
    <>
      <TopBar desk={desk} session={session} name={user.name} />
      <main class="driver">
        {shift === undefined && <Skeleton lines={4} />}
        {(shift || hasOrders) && <LocationHelp position={desk.position} />}
        {hasOrders && <OrderDesk desk={desk} />}
        {shift !== undefined && !hasOrders && <ShiftScreen desk={desk} shift={shift} />}
        <WaitingTaps outbox={desk.outbox} link={session.link} />
      </main>
      <NewsVoice news={desk.news} />
      {card && <OfferCard key={card.offer.offerId} desk={desk} card={card} link={session.link} />}
    </>
  );
}

/** On duty the phone is followed and kept awake, and any touch lets it ring. */
function useDuty({ shift, position, bell, hand }: Desk): void {
  const isWorking = Boolean(shift.value) || hand.orders.value.length > 0;
  useEffect(() => {
    if (!isWorking) return undefined;
    position.start();
    const letSleep = stayAwake();
    addEventListener('click', bell.unlock, { once: true });
    return () => {
      position.stop();
      letSleep();
      removeEventListener('click', bell.unlock);
    };
  }, [isWorking, position, bell]);
}
