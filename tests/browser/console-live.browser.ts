import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { ProductView } from '../../src/protocol/catalog.ts';
import { violationsOf } from './support/axe.ts';
import { expectSoon } from './support/expect-soon.ts';
import { DESKTOP, type OpenPage, startWorld, UNHURRIED, type World } from './support/world.ts';

let world: World;
let customer: WaybillClient;
let desk: OpenPage;
const live = new Set<string>();

beforeAll(async () => {
  world = await startWorld({ timeScale: 1, zones: { baixa: UNHURRIED } });
  desk = await world.enter('operator', world.operator);
});
// One customer would soon have placed more than one may.
beforeEach(async () => {
  customer = await world.client(await world.register('Ann Example'));
});
// Each test begins with no order, whatever the one before it left.
afterEach(async () => {
  await desk?.page.setViewportSize(DESKTOP);
  await desk?.page.emulateMedia({ colorScheme: null });
  await world?.restart();
  for (const orderId of live) await cancel(orderId);
});
afterAll(() => world?.close());

async function place(): Promise<string> {
  const { products } = await customer.http<{ products: ProductView[] }>(
    ...(['GET', '/v1/stores/baixa-1/products'] as const),
  );
  const productId = products.find(({ available }) => available)?.productId as string;
  const { id } = await customer.place({
    ...{ storeId: 'baixa-1', items: [{ productId, quantity: 1 }] },
    ...{ dropoff: { lat: 38.7123, lng: -9.1345 }, address: 'Rua Augusta 1' },
  });
  live.add(id);
  return id;
}

async function cancel(orderId: string, reason = 'the test is over'): Promise<void> {
  await world.ops.command(orderId, { type: 'order.cancel', reason });
  live.delete(orderId);
}

const state = (page: Page, says: string | RegExp) => page.getByRole('button', { name: says });
const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
const go = async (page: Page, path: string) => {
  await page.goto(`${world.url()}${path}`);
  await isLive(page);
};

describe('the live console', () => {
  it('[WEB12] counts on the chart follow the orders, and what was taken is told with its rate', async () => {
    const { page } = desk;
    await go(page, '/console');
    await state(page, 'searching: 0 orders').waitFor();
    const first = await place();
    await place();
    await state(page, /^searching: 2 orders/).waitFor();
    await page.getByRole('heading', { name: '2 live orders' }).waitFor();
    await cancel(first, 'the customer asked');
    await state(page, /^searching: 1 order,/).waitFor();
    await page.getByRole('link', { name: /^cancelled/ }).click();
    await page.getByRole('heading', { name: 'Who took it last' }).waitFor();
    await page.getByText('1 time since this page was opened').waitFor();
    await page.getByRole('link', { name: first.slice(-6) }).waitFor();
  });

  it('[WEB13] an order on the chart shows where it is, and a move on its line steps in', async () => {
    const { page } = desk;
    await place();
    const orderId = await place();
    await go(page, '/console?state=pending.searching');
    await page.getByRole('link', { name: 'All orders' }).click();
    await state(page, /^searching: 2 orders/).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: new RegExp(orderId.slice(-6)) }).click();
    await page.getByRole('heading', { name: `Order ${orderId.slice(-6)}` }).waitFor();
    await page
      .getByRole('group', { name: 'This order on the machine: it is pending.searching' })
      .waitFor();
    // By keyboard, on the drawing itself.
    await page.getByRole('button', { name: 'Cancel: order.cancel' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Cancel' }).waitFor();
    await page.keyboard.press('Escape');
    await cancel(orderId, 'the store is closed');
    await page.getByRole('group', { name: 'This order on the machine: it is cancelled' }).waitFor();
    await page.getByRole('button', { name: 'Cancel: order.cancel' }).waitFor({ state: 'detached' });
  });

  it('[WEB14] [WEB15] [WEB16] the board is worked by keyboard alone', async () => {
    const { page } = desk;
    await place();
    const orderId = await place();
    await go(page, '/console');
    await state(page, /^searching: 2 orders/).waitFor();
    await page.keyboard.press('2');
    const rows = page.getByRole('grid', { name: 'Live orders' }).locator('tbody tr');
    const mine = rows.filter({ hasText: orderId.slice(-6) });
    await mine.waitFor();
    await mine.getByText('a driver to be found').waitFor();
    await page.getByText('2 of 2').waitFor();
    expect(await rows.count()).toBe(2);
    // People know a store by its name; the id is there for whoever needs it.
    const store = mine.getByText('Mercado da Ribeira');
    expect(await store.getAttribute('title')).toBe('baixa-1');

    await page.keyboard.press('/');
    await page.keyboard.type('ribeira');
    await page.getByText('2 of 2').waitFor();
    await page.keyboard.type(` ${orderId.slice(-6)}`);
    await page.getByText('1 of 2').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await mine.and(page.locator('[aria-selected=true]')).waitFor();
    const glance = page.getByRole('complementary', { name: 'Chosen order' });
    await glance.getByRole('button', { name: 'Cancel' }).waitFor();

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Next order').first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await glance.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByText('2 of 2').waitFor();

    await page.keyboard.press('v');
    const lane = page.getByRole('region', { name: 'searching' });
    await lane.getByRole('button', { name: new RegExp(orderId.slice(-6)) }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('v');
    await mine.click();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/console/orders/${orderId}`);
  });

  it('[WEB14] the board is narrowed by zone, state, age and driver', async () => {
    const { page } = desk;
    await Promise.all([place(), place()]);
    await go(page, '/console/board');
    await page.getByText('2 of 2').waitFor();
    await page.getByLabel('State').selectOption({ label: 'unassigned' });
    await page.getByText('0 of 2').waitFor();
    await page.getByRole('heading', { name: 'No order is like that' }).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Zone').selectOption('baixa');
    await page.getByText('2 of 2').waitFor();
    await page.getByLabel('Age', { exact: true }).selectOption('60');
    await page.getByText('0 of 2').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByLabel('Driver').fill('nobody of that name');
    await page.getByText('0 of 2').waitFor();
    // What it is narrowed to is in the address, and outlives a reload.
    await page.reload();
    await page.getByText('0 of 2').waitFor();
  });

  it('[WEB17] no page of the console is wider than its window', async () => {
    const { page } = desk;
    await Promise.all([place(), place()]);
    const pages = ['', '/board', '/board?view=lanes', '/rescue', '/fleet', '/map', '/numbers'];
    for (const path of pages) {
      await go(page, `/console${path}`);
      await page.locator('main h1, main [role=search], main search').first().waitFor();
      for (const width of [360, 768, 2560]) {
        await page.setViewportSize({ width, height: 844 });
        const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, width, wider]).toEqual([path, width, 0]);
      }
    }
  });

  it('[WEB17] a chart that has yet to follow its window does not widen the page', async () => {
    const { page } = desk;
    await place();
    await go(page, '/console/numbers');
    await page.locator('.uplot').first().waitFor();
    const wider = await page.evaluate(`
      for (const { style } of document.querySelectorAll('.uplot')) style.width = '3000px';
      document.documentElement.scrollWidth - innerWidth;
    `);
    expect(wider).toBe(0);
  });

  it('[WEB10] [WEB11] what is not live loses its colour, and heals when the server is back', async () => {
    const { page } = desk;
    await place();
    await go(page, '/console');
    await state(page, /^searching: 1 order,/).waitFor();
    const filter = () =>
      page.evaluate('getComputedStyle(document.querySelector("main > *")).filter');
    await expectSoon(filter, 'none');
    await world.kill();
    await page.getByText('Reconnecting…').waitFor();
    await page.getByText(/^as of /).waitFor();
    await expectSoon(filter, 'grayscale(1)');
    // Old as it is, it can be read.
    expect(await violationsOf(page)).toEqual([]);
    await world.restart();
    await isLive(page);
    await expectSoon(filter, 'none');
    await place();
    await state(page, /^searching: 2 orders/).waitFor();
  });

  it('[WEB11] says by how much it is behind when an update is missed, and reads again', async () => {
    const { page } = await world.enter('operator', world.operator);
    let toDrop = 0;
    const held: (() => void)[] = [];
    await page.routeWebSocket(/socket\.io/, (ws) => {
      const server = ws.connectToServer();
      ws.onMessage((message) => server.send(message));
      server.onMessage((message) => {
        const text = String(message);
        if (text.includes('"ops:delta"') && toDrop > 0) toDrop -= 1;
        // The picture that is read again comes when it was seen that it is missed.
        else if (held.length > 0 && /^43\d/.test(text)) held.push(() => ws.send(message));
        else ws.send(message);
      });
    });
    await page.reload();
    await isLive(page);
    held.push(() => {});
    toDrop = 2;
    await page.getByText('Behind by 2, reading again').waitFor();
    for (const send of held.splice(0)) send();
    await isLive(page);
    await page.context().close();
  });

  it('[WEB1] its pages are clean for axe, light and dark', async () => {
    const { page, problems } = desk;
    const orderId = await place();
    const found: string[] = [];
    for (const path of [
      ...['/console', '/console?state=pending.searching', `/console?order=${orderId}`],
      ...['/console/board', '/console/board?view=lanes'],
    ]) {
      await go(page, path);
      await page
        .getByText(/^searching/)
        .filter({ visible: true })
        .first()
        .waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await violationsOf(page)).map((what) => `${path} ${colorScheme}: ${what}`));
      }
    }
    expect(found).toEqual([]);
    // The server was away for a while, which the browser itself notes.
    expect(problems.filter((text) => !/401|ERR_CONNECTION|WebSocket/.test(text))).toEqual([]);
  });
});
