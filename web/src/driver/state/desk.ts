import { type ReadonlySignal, signal } from '@preact/signals';
import { isCallError } from '../../../../src/client/call-error.ts';
import type { WaybillClient } from '../../../../src/client/waybill-client.ts';
import type { StoreView, ZoneView } from '../../../../src/protocol/catalog.ts';
import { fateOfTap, isNoticed } from '../words.ts';
import { type Bell, createBell } from './bell.ts';
import { type CurrentOffer, createCurrentOffer, offerOf } from './current-offer.ts';
import { createNews, type News } from './news.ts';
import { createOrdersInHand, type OrdersInHand } from './orders-in-hand.ts';
import { createOutbox, type Fate, type Outbox } from './outbox.ts';
import { createOwnShift, type OwnShift } from './own-shift.ts';
import { createPosition, type Position } from './position.ts';

/** Everything that one driver's screen shows and does. */
export interface Desk {
  readonly me: string;
  readonly shift: OwnShift;
  readonly hand: OrdersInHand;
  readonly offer: CurrentOffer;
  readonly outbox: Outbox;
  readonly news: News;
  readonly position: Position;
  readonly bell: Bell;
  /** Where there is work, and from whom; undefined until the server has said. */
  readonly places: ReadonlySignal<Places | undefined>;
  /** Refused PINs are said where they were typed in: the last one, by order. */
  readonly wrongPins: ReadonlySignal<ReadonlyMap<string, Fate>>;
}

export interface Places {
  zones: ZoneView[];
  stores: ReadonlyMap<string, StoreView>;
}

export function createDesk(client: WaybillClient): Desk {
  const me = client.user().userId;
  const news = createNews(client.serverNow);
  const outbox = createOutbox(client, `waybill-taps:${me}`);
  const places = signal<Places | undefined>();
  const wrongPins = signal<ReadonlyMap<string, Fate>>(new Map());

  outbox.onFate((fate) => {
    const { tap, error } = fate;
    // Offers tell their own end.
    if (offerOf(tap) !== undefined) return;
    if (tap.deed.to === 'order' && tap.deed.command.type === 'order.deliver') {
      const refused = new Map(wrongPins.value);
      if (error?.code === 'wrong_pin') refused.set(tap.deed.orderId, fate);
      else refused.delete(tap.deed.orderId);
      wrongPins.value = refused;
    }
    const told = fateOfTap(fate);
    // What is said beside the digits needs no saying twice.
    if (error?.code === 'wrong_pin' && !isNoticed(fate)) return;
    if (told) news.tell(told.tone, told.text);
  });

  async function readPlaces(): Promise<void> {
    try {
      const [{ zones }, { stores }] = await Promise.all([
        client.http<{ zones: ZoneView[] }>('GET', '/v1/zones'),
        client.http<{ stores: StoreView[] }>('GET', '/v1/stores'),
      ]);
      places.value = { zones, stores: new Map(stores.map((store) => [store.storeId, store])) };
    } catch (error) {
      if (!isCallError(error)) throw error;
      if (error.code !== 'closed') setTimeout(() => void readPlaces(), READ_AGAIN_MS);
    }
  }

  void readPlaces();
  return {
    ...{ me, news, outbox, places, wrongPins },
    shift: createOwnShift(client, { outbox, news }),
    hand: createOrdersInHand(client, { me, news }),
    offer: createCurrentOffer(client, { outbox, news, key: `waybill-offers:${me}` }),
    position: createPosition(client),
    bell: createBell(),
  };
}

const READ_AGAIN_MS = 5_000;
