import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrdersPage, OrderView } from '../../src/protocol/orders.ts';
import { violationsOf } from './support/axe.ts';
import { expectSoon } from './support/expect-soon.ts';
import {
  type OpenPage,
  type Person,
  PHONE,
  startWorld,
  UNHURRIED,
  type World,
} from './support/world.ts';

const STORE = { lat: 38.7075, lng: -9.138 };
/** How far the page reaches beyond its window, px. */
const WIDER = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const NASTY = 'Rua Augusta 1 <img src=x onerror="document.title=1"> & <b>left</b>';

let world: World;
let ann: Person;
let annsOwn: WaybillClient;
let driver: WaybillClient;
let shop: OpenPage;
/** Acknowledgements of orders do not reach the page. */
let isDeaf = false;

beforeAll(async () => {
  world = await startWorld({ timeScale: 1, zones: { baixa: UNHURRIED } });
  ann = await world.register('Ann Example');
  annsOwn = await world.client(ann);
  driver = await world.client(await world.hire('driver', 'Dora Lopes'));
  shop = await world.enter('customer', ann, {
    viewport: PHONE,
    geolocation: { latitude: 38.7123, longitude: -9.1345 },
    permissions: ['geolocation'],
  });
});
afterEach(async () => {
  isDeaf = false;
  await shop?.page.setViewportSize(PHONE);
  await shop?.page.emulateMedia({ colorScheme: null });
});
afterAll(() => world?.close());

const myOrders = async () => (await annsOwn.http<OrdersPage>('GET', '/v1/orders')).orders;
const headline = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor();

/** Fills a basket and says where to, up to the button. */
async function prepare(page: Page, address: string) {
  await page.getByRole('link', { name: 'Shop' }).click();
  await page.getByRole('button', { name: 'One more of Sourdough loaf' }).click();
  await page.getByRole('button', { name: 'Use my position' }).click();
  await page.getByText(/north-east of Mercado da Ribeira/).waitFor();
  await page.getByLabel(/^Address/).fill(address);
  return page.getByRole('button', { name: /^Place order/ });
}

describe('a customer', () => {
  it('[WEB50] places one order by a double click, and one that was sent into silence', async () => {
    const { page } = shop;
    await (await prepare(page, NASTY)).dblclick();
    await headline(page, 'Looking for a driver');
    expect(await myOrders()).toHaveLength(1);

    // The order arrives, its answer does not; then the page is reloaded in the middle of it.
    isDeaf = true;
    let sent = 0;
    await page.routeWebSocket(/socket\.io/, (ws) => {
      const server = ws.connectToServer();
      ws.onMessage((message) => {
        if (String(message).includes('order:place')) sent += 1;
        server.send(message);
      });
      server.onMessage((message) => {
        // An acknowledgement: 43, its number, its payload.
        if (!(isDeaf && sent > 0 && /^43\d/.test(String(message)))) ws.send(message);
      });
    });
    await page.reload();
    await (await prepare(page, 'Rua da Prata 2')).click();
    await expectSoon(async () => (await myOrders()).length, 2);
    await page.reload();
    isDeaf = false;
    await headline(page, 'Looking for a driver');
    expect(sent).toBeGreaterThan(1);
    expect(await myOrders()).toHaveLength(2);
    await page.unrouteAll();
  });

  it('[WEB52] calls an order off, and is told first what that means', async () => {
    const { page } = shop;
    await page.getByRole('button', { name: 'Cancel order' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/It cannot be taken up again/).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await dialog.getByLabel('I ordered by mistake').check();
    await dialog.getByRole('button', { name: 'Cancel the order' }).click();
    await headline(page, 'Cancelled');
    await page.getByText(/Cancelled by you at .*: I ordered by mistake/).waitFor();
    await expectSoon(() => page.getByRole('button', { name: /Cancel/ }).count(), 0);
    const [{ state, ending } = {} as OrderView] = await myOrders();
    expect({ state, reason: ending?.reason }).toEqual({
      ...{ state: 'cancelled', reason: 'I ordered by mistake' },
    });
  });

  it('[WEB51] [WEB53] [WEB54] [TRK6] follows the other to the door, as does whoever has its link', async () => {
    const { page } = shop;
    await page.getByRole('link', { name: /^My orders/ }).click();
    await page.getByRole('link', { name: /Looking for a driver|No driver/ }).click();
    // What was written is text: no image was made of it, nothing ran.
    await page.getByText(NASTY).waitFor();
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.title()).toBe('Waybill');

    await page.getByRole('button', { name: 'Share' }).click();
    const regretted = await page.getByLabel('Link').inputValue();
    await page.getByRole('button', { name: 'Take the link back' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const late = await world.open(new URL(regretted).pathname, { viewport: PHONE });
    await late.page.getByText('This link was taken back').waitFor();
    await late.page.context().close();
    await page.getByRole('button', { name: 'Share' }).click();
    const link = await page.getByLabel('Link').inputValue();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    const onlooker = await world.open(new URL(link).pathname, { viewport: PHONE });
    const looks = onlooker.page;
    await headline(looks, /Looking for a driver|No driver/);

    const carried = carry(page.url().split('/').at(-1) as string);
    await headline(page, 'Dora is on the way to Mercado da Ribeira');
    await carried.to('order.arriveStore');
    await headline(page, 'Dora is at Mercado da Ribeira');
    // From here on it is too late to cancel, and the page says so instead of offering it.
    await page.getByRole('button', { name: 'Cancel order' }).waitFor({ state: 'detached' });
    await carried.to('order.pickUp');
    await headline(page, 'Dora is on the way to you');
    expect(await page.locator('[aria-live] h1').textContent()).toBe('Dora is on the way to you');
    driver.report({ lat: 38.7101, lng: -9.1361 });
    await page.getByText(/Dora is .*\d\sm away/).waitFor();
    await headline(looks, 'Dora is on the way');
    await looks.getByText(/Dora is about .* away/).waitFor();

    // Nothing to do, nothing to learn, for who only looks on.
    expect(await looks.getByRole('button').count()).toBe(1);
    const shown = (await looks.locator('body').textContent()) ?? '';
    const pin = (await page.locator('.pin strong').textContent()) ?? '';
    expect(pin).toMatch(/^\d{4}$/);
    for (const secret of [pin, 'Augusta', 'Sourdough', 'Lopes'])
      expect(shown).not.toContain(secret);

    for (const shownPage of [page, looks]) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await shownPage.emulateMedia({ colorScheme });
        expect(await violationsOf(shownPage)).toEqual([]);
      }
    }
    await carried.to('order.arriveDoor');
    await headline(page, 'Dora is at your door');
    await driver.command(carried.orderId, { type: 'order.deliver', pin });
    await headline(page, 'Delivered');
    await headline(looks, 'Delivered');
    await looks.getByText(/This link ends at/).waitFor();
    expect(onlooker.problems).toEqual([]);

    const broken = await world.open(`${new URL(link).pathname}x`, { viewport: PHONE });
    await broken.page.getByText('This link shows nothing any more').waitFor();

    // It outlives its order; its customer need not wait for that.
    await page.getByText(/was given the link .* until/).waitFor();
    await page.getByRole('button', { name: 'Take the link back' }).click();
    await page.getByText('Link taken back').waitFor();
    await looks.reload();
    await looks.getByText('This link was taken back').waitFor();
  });

  it('[WEB1] [WEB57] has pages that fit their window and are clean for axe, light and dark', async () => {
    const { page } = shop;
    for (const [link, title] of [
      ['Shop', 'What can we bring you?'],
      [/^My orders/, 'My orders'],
    ] as const) {
      await page.getByRole('link', { name: link }).click();
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      for (const width of [360, 390, 2560]) {
        await page.setViewportSize({ width, height: 844 });
        const wider = await page.evaluate<number>(WIDER);
        expect([title, width, wider]).toEqual([title, width, 0]);
      }
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await violationsOf(page)).toEqual([]);
      }
    }
  });

  it('[WEB50] is told where we do not deliver, moves the pin by keyboard, and orders for later', async () => {
    const { page } = shop;
    await prepare(page, 'Rua do Ouro 3');
    const pin = page.getByRole('button', { name: /^Drop-off/ });
    await pin.focus();
    for (let step = 0; step < 10; step++) await page.keyboard.press('Shift+ArrowLeft');
    await page.getByText(/We do not deliver there yet: /).waitFor();
    await page.getByRole('button', { name: /^Place order/ }).click();
    await page.getByRole('alert').getByText('Choose a place inside the marked area').waitFor();
    await pin.focus();
    for (let step = 0; step < 10; step++) await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('Later', { exact: true }).click();
    await page.getByRole('button', { name: /^Place order/ }).click();
    await headline(page, 'Scheduled');
    expect((await myOrders())[0]).toMatchObject({ state: 'scheduled' });
  });
});

describe('an operator', () => {
  it('[WEB56] [WEB1] reads the numbers of these orders, as picture and as table', async () => {
    const { page, problems } = await world.enter('operator', world.operator, {
      path: '/console/numbers',
    });
    await page.getByText('1 h', { exact: true }).click();
    await page.getByText('3', { exact: true }).first().waitFor();
    const tile = (name: string) =>
      page.locator('.tiles > div').filter({ has: page.getByText(name, { exact: true }) });
    expect(await tile('Orders placed').textContent()).toContain('1 delivered, 1 cancelled');
    expect(await tile('Time to assign').textContent()).toMatch(/\d+\s(s|min)/);
    await expectSoon(() => page.locator('canvas').count(), 4);
    const offers = page.getByRole('region', { name: 'Offers', exact: true });
    await offers.getByText('As a table').click();
    const accepted = await offers.locator('tbody tr td:nth-of-type(1)').allTextContents();
    expect(accepted.map(Number).reduce((sum, each) => sum + each, 0)).toBe(1);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await violationsOf(page)).toEqual([]);
    }
    expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
  });
});

/** Dora comes on duty, takes this order when she is asked, and carries it as far as she is told. */
function carry(orderId: string) {
  driver.offers.onOpened((offer) => {
    if (offer.orderId !== orderId) return;
    offer.seen();
    void driver.command(orderId, { type: 'offer.accept', offerId: offer.offerId });
  });
  const ready = (async () => {
    await driver.shift('shift:start', { zone: 'baixa' });
    driver.report(STORE);
  })();
  return {
    orderId,
    async to(type: 'order.arriveStore' | 'order.pickUp' | 'order.arriveDoor') {
      await ready;
      await driver.command(orderId, { type });
    },
  };
}
