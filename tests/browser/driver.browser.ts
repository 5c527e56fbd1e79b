import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrderEventView, OrderView } from '../../src/protocol/orders.ts';
import { violationsOf } from './support/axe.ts';
import { expectSoon } from './support/expect-soon.ts';
import { PHONE, startWorld, UNHURRIED, type World } from './support/world.ts';

const DOOR = { lat: 38.7163, lng: -9.1345 };
/** Its offers run out while one waits for it: long enough for a tap, and nothing else is done in them. */
const HURRIED = { storeId: 'alvalade-1', dropoff: { lat: 38.7563, lng: -9.1445 } };
const OFFER_MS = 15_000;

let world: World;
let customer: WaybillClient;
let page: Page;
let problems: string[];
const placed: string[] = [];

beforeAll(async () => {
  world = await startWorld({
    timeScale: 1,
    zones: {
      baixa: UNHURRIED,
      alvalade: { offerMs: OFFER_MS, seenMs: OFFER_MS, radiiMeters: [10_000] },
    },
  });
  customer = await world.client(await world.register('Ana Sousa'));
  const driver = await world.hire('driver', 'Dora Silva');
  ({ page, problems } = await world.enter('driver', driver, {
    ...{ viewport: PHONE, permissions: ['geolocation'] },
    geolocation: { latitude: 38.7045, longitude: -9.143 },
  }));
});
// What a test that failed leaves behind is nothing to the next one.
afterEach(async () => {
  await page?.context().setOffline(false);
  await world?.restart();
  for (const orderId of placed.splice(0)) {
    const { state } = await read(orderId);
    if (OVER.has(state)) continue;
    await world.ops.command(orderId, { type: 'order.cancel', reason: 'the test is over' });
  }
});
afterAll(() => world?.close());

const OVER = new Set(['delivered', 'returned', 'cancelled']);
const button = (name: string) => page.getByRole('button', { name, exact: true });
/** What was told, wherever on the screen. */
const news = (text: string | RegExp) =>
  page.getByRole('list', { name: 'News' }).getByText(text).first();
const strikes = (count: number) => page.getByText(`${count} of 3`);

async function place({ storeId, dropoff } = { storeId: 'baixa-1', dropoff: DOOR }) {
  const { id } = await customer.place({
    ...{ storeId, dropoff, address: 'Rua Augusta 112', note: '<b>third floor</b>' },
    items: [
      { productId: `${storeId}-p1`, quantity: 2 },
      { productId: `${storeId}-p2`, quantity: 1 },
    ],
  });
  placed.push(id);
  return id;
}

/** Resolves with the first step of this type that the order takes from its placing on. */
function step(orderId: string, type: OrderEventView['type']): Promise<OrderEventView> {
  return new Promise((resolve) => {
    const stop = world.ops.watchOrder(
      orderId,
      {
        onEvent(event) {
          if (event.type !== type) return;
          queueMicrotask(() => stop());
          resolve(event);
        },
      },
      1,
    );
  });
}

const read = (orderId: string) => customer.http<OrderView>('GET', `/v1/orders/${orderId}`);

/** The app can be loaded anew without a network. */
const isKept = () =>
  expectSoon(
    () =>
      page.evaluate(
        "navigator.serviceWorker.getRegistration('/driver/').then((found) => found?.active?.state)",
      ),
    'activated',
  );

async function expectClean(): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page)).toEqual([]);
  }
}

describe('the driver app', () => {
  it('[WEB40] goes on shift in a zone, and says what offers depend on', async () => {
    await page.getByLabel('Baixa').check();
    await expectClean();
    await button('Start shift').click();
    await page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();
    await strikes(0).waitFor();
    await page.getByText('Location').waitFor();
    await expectClean();
    await button('Take a break').click();
    await page.getByText('No offers until you are back.').waitFor();
    await expectClean();
    await button('Back to work').click();
    await page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();
  });

  it('[WEB41] shows an offer with all it takes to decide', async () => {
    const id = await place();
    await button('Accept').waitFor();
    const offer = page.getByRole('dialog', { name: 'New offer' });
    for (const text of ['Mercado da Ribeira', '3 items', /€\d/, /about .* north/]) {
      await offer.getByText(text).first().waitFor();
    }
    const left = Number.parseInt((await offer.getByRole('timer').textContent()) ?? '', 10);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(Number(UNHURRIED.offerMs) / 1_000);
    expect(await offer.textContent()).not.toContain('Augusta');
    await expectClean();
    await button('Turn down').click();
    await button('Too far').waitFor();
    await expectClean();
    await button('Back to the offer').click();
    await button('Accept').waitFor();
    await customer.command(id, { type: 'order.cancel', reason: 'never mind' });
    await news('The order was cancelled, and the offer with it.').waitFor();
  });

  it('[WEB41] tells that an offer ran out', async () => {
    const id = await place(HURRIED);
    await button('Accept').waitFor();
    await news('The offer ran out without an answer.').waitFor();
    await strikes(1).waitFor();
    await customer.command(id, { type: 'order.cancel', reason: 'nobody came' });
  });

  it('[WEB42] carries an order to the door with its PIN, a step a tap', async () => {
    const id = await place();
    await button('Accept').click();
    await news('You won it').waitFor();
    await button('I am at the store').click();
    await expectClean();
    await button('I have the bags').click();
    // Text of customers is text.
    await page.getByText('<b>third floor</b>').waitFor();
    const [cx, cy] = await Promise.all(
      ['cx', 'cy'].map((name) => page.locator('.whereto .door').getAttribute(name)),
    );
    expect(await page.locator('.whereto .there').getAttribute('d')).toMatch(`L${cx} ${cy}`);
    await button('I am at the door').click();
    const { pin } = await read(id);
    await page.getByLabel(/PIN/).fill(pin === '1111' ? '2222' : '1111');
    await button('Hand over').click();
    await page.getByText(/not the customer’s PIN\. 4 tries left/).waitFor();
    await expectClean();
    await button('Cannot deliver').click();
    await button('Nobody opens').waitFor();
    await expectClean();
    await button('Back').click();
    await page.getByLabel(/PIN/).fill(pin ?? '');
    await button('Hand over').click();
    await news('Delivered.').waitFor();
    expect((await read(id)).state).toBe('delivered');
    await strikes(0).waitFor();
  });

  it('[WEB43] keeps taps made without a line through a reload, sends them in order, and tells', async () => {
    const id = await place();
    await button('Accept').click();
    await button('I am at the store').waitFor();
    await isKept();
    await page.context().setOffline(true);
    await button('I am at the store').click();
    await button('I have the bags').click();
    const kept = page.getByRole('region', { name: 'Taps on their way' });
    await kept.getByText('Picked up').waitFor();
    await expectClean();
    expect((await read(id)).state).toBe('preparing.toStore');
    await page.reload();
    await page.getByText('Waybill cannot be reached. Trying again…').waitFor();
    await page.context().setOffline(false);
    // Good news goes away by itself.
    await Promise.all([
      news(/“(Picked up|At the store)” went through, \d+\s(s|min) after you tapped/).waitFor(),
      step(id, 'order.pickUp'),
    ]);
    await button('I am at the door').waitFor();
    await kept.waitFor({ state: 'detached' });

    // What cannot be handed over goes back.
    await button('Cannot deliver').click();
    await page.getByLabel('Another reason').fill('the bridge is closed');
    await button('Send').click();
    await button('I am on the way back').click();
    // What was promised the customer is no matter any more.
    await button('The store has the bags').waitFor();
    expect(await page.getByText(/^Promised by/).count()).toBe(0);
    await button('The store has the bags').click();
    await news('is back at the store').waitFor();
    expect((await read(id)).ending).toMatchObject({ reason: 'the bridge is closed' });
  });

  it('[WEB44] tells a tap that was in time by how much it came too late, and that it is no strike', async () => {
    const id = await place(HURRIED);
    const seen = step(id, 'offer.seen');
    const lapsed = step(id, 'offer.expire');
    await button('Accept').waitFor();
    await seen;
    await page.context().setOffline(true);
    await button('Accept').click();
    await page.getByText(/the tap is kept/).waitFor();
    await expectClean();
    await lapsed;
    await page.context().setOffline(false);
    await news(
      /You tapped in time, .* before the end, but .* after it\. It is no strike\./,
    ).waitFor();
    await strikes(0).waitFor();
    await customer.command(id, { type: 'order.cancel', reason: 'nobody came' });
  });

  it('[WEB44] heals by itself after the server was killed in mid-offer, and tells what became of it', async () => {
    const id = await place();
    const seen = step(id, 'offer.seen');
    await button('Accept').waitFor();
    await seen;
    await world.kill();
    await page.getByText('Reconnecting').waitFor({ state: 'attached' });
    await button('Accept').click();
    await world.restart();
    await news('You won it').waitFor();
    await page.getByText('Live').waitFor();
    expect(await read(id)).toMatchObject({ state: 'preparing.toStore', driverName: 'Dora' });
    await customer.command(id, { type: 'order.cancel', reason: 'enough for today' });
    await page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();
  });

  it('[WEB45] tells who paused a driver, why and for how long', async () => {
    const { drivers } = await world.ops.http<{ drivers: { shiftId: string }[] }>(
      'GET',
      '/v1/ops/fleet',
    );
    await world.ops.http('POST', `/v1/shifts/${drivers[0]?.shiftId}/commands`, {
      ...{ type: 'shift.pause', reason: 'please check your brakes', commandId: 'pause-1' },
      untilAt: Math.round(world.ops.serverNow()) + 540_000,
    });
    await page.getByText('An operator paused you: please check your brakes').waitFor();
    expect(await page.getByRole('timer').textContent()).toMatch(/^[89]:\d\d/);
    await expectClean();
    await button('More').click();
    await button('End shift').click();
    await page.getByText('You carry nothing.').waitFor();
    await expectClean();
    await page.getByRole('dialog').getByRole('button', { name: 'End shift' }).click();
    await page.getByText('Where do you work today?').waitFor();
  });

  it('[WEB46] can be installed, and starts without a network', async () => {
    const manifest = await page.evaluate<{ icons: { src: string }[] }>(
      "fetch(document.querySelector('link[rel=manifest]').href).then((answer) => answer.json())",
    );
    expect(manifest).toMatchObject({ display: 'standalone', scope: '/driver/' });
    for (const { src } of manifest.icons) {
      const icon = await fetch(new URL(src, world.url()));
      expect([src, icon.status]).toEqual([src, 200]);
    }
    const { headers } = await fetch(`${world.url()}/driver/`);
    expect(headers.get('permissions-policy')).toContain('geolocation=(self)');
    await isKept();
    await world.kill();
    await page.reload();
    await page.getByText('Waybill cannot be reached. Trying again…').waitFor();
    await world.restart();
    await page.getByText('Where do you work today?').waitFor();
  });

  it('[WEB1] throws nothing on the way', () => {
    const own = problems.filter((text) => !/401|ERR_|WebSocket/.test(text));
    expect(own).toEqual([]);
  });
});
