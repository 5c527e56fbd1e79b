import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { OrderEventView, OrderView, PlaceOrder } from '../../src/protocol/orders.ts';
import type { ShiftView } from '../../src/protocol/shifts.ts';
import { violationsOf } from './support/axe.ts';
import { startWorld, type World } from './support/world.ts';

const STORE = { storeId: 'baixa-1', zone: 'baixa', lat: 38.7075, lng: -9.138 };
const ORDER: PlaceOrder = {
  storeId: STORE.storeId,
  items: [{ productId: 'baixa-1-p1', quantity: 2 }],
  dropoff: { lat: 38.7123, lng: -9.1345 },
  address: 'Rua Augusta 1',
};

let world: World;
beforeAll(async () => {
  // A search is over soon, and what nobody takes is in the rescue lane; nothing else runs out meanwhile.
  world = await startWorld({ timeScale: 1, zones: { baixa: { searchMs: 3_000 } } });
});
afterAll(() => world?.close());

const shortId = (orderId: string) => `…${orderId.slice(-6)}`;

async function place(): Promise<string> {
  const customer = await world.client(await world.register('Carla Customer'));
  return (await customer.place(ORDER)).id;
}

/** Resolves once the order is in this state, told by the server. */
function until(orderId: string, state: string): Promise<OrderView> {
  return new Promise((resolve) => {
    const look = async () => {
      const order = await world.ops.http<OrderView>('GET', `/v1/orders/${orderId}`);
      if (order.state !== state) return;
      stop();
      resolve(order);
    };
    const stop = world.ops.watchOrder(orderId, {
      onSnapshot: () => void look(),
      onEvent: () => void look(),
    });
  });
}

const historyOf = async (orderId: string) =>
  (await world.ops.http<{ events: OrderEventView[] }>('GET', `/v1/orders/${orderId}/history`))
    .events;

/** Presses a key once the page is ready for it. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

describe('stepping in', () => {
  it('[WEB20] an operator rescues an order by keyboard: claimed, reasoned, found in the history', async () => {
    const orderId = await place();
    await until(orderId, 'pending.unassigned');
    const { page } = await world.enter('operator', world.operator);
    await page.getByText('consistent as of').waitFor();
    await press(page, '3');
    const card = page.getByRole('article', { name: `Order ${orderId.slice(-6)}` });
    await card.waitFor();
    await card.getByText('Nobody was asked.').waitFor();
    await card.getByRole('button', { name: 'I’ve got it' }).and(page.locator(':enabled')).waitFor();
    await press(page, 'c');
    await card.getByText('You have it').waitFor();
    await press(page, 'w');
    const dialog = page.getByRole('dialog', { name: 'Search again' });
    await dialog.waitFor();
    expect(await dialog.getByLabel('3 km wider').isChecked()).toBe(true);
    await page.keyboard.type('somebody came on duty');
    await press(page, 'Enter');
    await dialog.waitFor({ state: 'detached' });
    const step = (await historyOf(orderId)).find(({ type }) => type === 'search.start');
    expect(step).toMatchObject({
      ...{ reason: 'somebody came on duty', from: 'pending.unassigned', to: 'pending.searching' },
      by: { role: 'operator', id: world.ops.user().userId },
    });
    await page.context().close();
  });

  it('[WEB21] of two operators on one order one wins, and the other is told by whom', async () => {
    const orderId = await place();
    await until(orderId, 'pending.unassigned');
    const bob = await world.hire('operator', 'Bob Braga');
    const path = `/console/orders/${orderId}`;
    const [ann, ben] = await Promise.all([
      world.enter('operator', world.operator, { path }),
      world.enter('operator', bob, { path }),
    ]);
    for (const { page } of [ann, ben]) {
      await page.getByRole('button', { name: 'Cancel', exact: true }).first().click();
      await page.getByLabel('Reason, kept in the history').fill('the store is closed');
    }
    // By key: the slower one may be told, and has no button any more, before it could be clicked.
    await Promise.all([ann, ben].map(({ page }) => page.keyboard.press('Enter')));
    const told = await Promise.race(
      [ann, ben].map(async ({ page }) => {
        const notice = page.getByRole('alert').filter({ hasText: 'was first' });
        await notice.waitFor();
        return (await notice.textContent()) ?? '';
      }),
    );
    const ends = (await historyOf(orderId)).filter(({ type }) => type === 'order.cancel');
    expect(ends).toHaveLength(1);
    const [winner] = ends.map(({ by }) => by.id as string);
    const { names } = await world.ops.http<{ names: Record<string, string> }>(
      ...(['GET', `/v1/ops/names?ids=${winner}`] as const),
    );
    expect(told).toContain(`${names[winner as string]} was first: cancelled at`);
    expect(told).toContain('Nothing of yours was done');
    await Promise.all([ann, ben].map(({ page }) => page.context().close()));
  });

  it('[WEB21] of two operators on one shift one wins, and the other is told by whom', async () => {
    const driver = await world.client(await world.hire('driver', 'Dina Dantas'));
    await driver.shift('shift:start', { zone: STORE.zone });
    const bob = await world.hire('operator', 'Bruno Brito');
    const path = '/console/fleet';
    const pages = await Promise.all([
      world.enter('operator', bob, { path }),
      world.enter('operator', world.operator, { path }),
    ]);
    for (const { page } of pages) {
      const row = page.getByRole('row', { name: /Dina Dantas/ });
      await row.getByRole('button', { name: 'Pause' }).click();
      await page.getByLabel('Reason, kept in the history').fill('turns down too much');
      await page.getByText('No new offers from now on.').waitFor();
      expect(await page.getByLabel('For how long').inputValue()).toBe('10');
    }
    const [first, second] = pages.map(({ page }) => page.getByRole('dialog', { name: 'Pause' }));
    await first?.getByRole('button', { name: 'Pause' }).click();
    await first?.waitFor({ state: 'detached' });
    await second?.getByLabel('Reason, kept in the history').fill('something else');
    await second?.getByRole('button', { name: 'Pause' }).click();
    await second?.getByText('Bruno Brito was first').waitFor();
    await second?.getByText(/The shift is now paused, at step #2\. Nothing of yours/).waitFor();
    const { shift } = await driver.http<{ shift: ShiftView }>('GET', '/v1/shifts/current');
    expect(shift.pause).toEqual({ why: 'operator', reason: 'turns down too much' });
    await driver.shift('shift:end', {});
    await Promise.all(pages.map(({ page }) => page.context().close()));
  });

  it('[WEB22] time travel shows the state that the history proves, by arrow keys', async () => {
    const orderId = await place();
    await until(orderId, 'pending.unassigned');
    await world.ops.command(orderId, { type: 'store.ready', reason: 'they rang' });
    await world.ops.command(orderId, { type: 'order.cancel', reason: 'sold out' });
    const history = await historyOf(orderId);
    const { page } = await world.enter('operator', world.operator, {
      path: `/console/orders/${orderId}`,
    });
    const travel = page.getByRole('region', { name: 'Time travel' });
    await travel.getByText('this is how it is now').waitFor();
    const chart = page.getByRole('group', { name: /^This order on the machine/ });
    for (const { seq, to } of history.toReversed()) {
      await travel.getByText(`#${seq} of ${history.length}`).waitFor();
      await page.getByRole('group', { name: `This order on the machine: it is ${to}` }).waitFor();
      expect(await chart.getAttribute('aria-label')).toContain(to);
      await press(page, 'ArrowLeft');
    }
    await press(page, 'End');
    await travel.getByText('this is how it is now').waitFor();
    await page.context().close();
  });

  it('[WEB23] what if is tried on the machine in the page, and nothing of it is sent', async () => {
    const orderId = await place();
    const { seq } = await until(orderId, 'pending.unassigned');
    const { page } = await world.enter('operator', world.operator, {
      path: `/console/orders/${orderId}`,
    });
    const panel = page.getByRole('region', { name: 'What if' });
    await panel.getByRole('button', { name: 'order.assign' }).click();
    await panel.getByText('driver to store').waitFor();
    await panel.getByRole('button', { name: 'order.arriveStore' }).first().click();
    await panel.getByText('driver at store').waitFor();
    await page.getByRole('heading', { name: 'How it would be' }).waitFor();
    const order = await world.ops.http<OrderView>('GET', `/v1/orders/${orderId}`);
    expect(order.state).toBe('pending.unassigned');
    expect(order.seq).toBeGreaterThanOrEqual(seq);
    await page.context().close();
  });

  it('[WEB24] a shift is ended with a reason, after saying what becomes of the work in hand', async () => {
    const driver = await world.client(await world.hire('driver', 'Dora Dias'));
    await driver.shift('shift:start', { zone: STORE.zone });
    const { page } = await world.enter('operator', world.operator, { path: '/console/fleet' });
    const row = page.getByRole('row', { name: /Dora Dias/ });
    await row.getByRole('button', { name: 'End the shift' }).click();
    const dialog = page.getByRole('dialog', { name: 'End the shift' });
    await dialog.getByText('Nothing is in hand.').waitFor();
    await dialog.getByLabel('Reason, kept in the history').fill('phone is dead');
    await dialog.getByRole('button', { name: 'End the shift' }).click();
    await row.waitFor({ state: 'detached' });
    expect(await driver.http('GET', '/v1/shifts/current')).toEqual({ shift: null });
    await page.context().close();
  });

  it.each(['light', 'dark'] as const)(
    '[WEB25] rescue, order, fleet and map are clean for axe, %s',
    async (colorScheme) => {
      const orderId = await place();
      await until(orderId, 'pending.unassigned');
      const { page, problems } = await world.enter('operator', world.operator, {
        ...{ path: '/console/rescue', colorScheme },
      });
      await page.getByRole('article', { name: `Order ${orderId.slice(-6)}` }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await press(page, 'x');
      await page.getByRole('dialog', { name: 'Cancel' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await press(page, 'Escape');
      await page
        .getByRole('link', { name: shortId(orderId) })
        .first()
        .click();
      await page.getByRole('heading', { name: 'What happened' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('link', { name: 'Fleet' }).click();
      await page.getByRole('heading', { name: 'Fleet' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      await page.getByRole('link', { name: 'Map', exact: true }).click();
      await page.getByRole('group', { name: 'Map of drivers and orders' }).waitFor();
      expect(await violationsOf(page)).toEqual([]);
      // What was seen before leaves nothing behind.
      await page.getByRole('link', { name: 'Numbers' }).click();
      await page.locator('.numbers .chart').first().waitFor();
      const looks = `[
        getComputedStyle(document.querySelector('.numbers .chart')).display,
        getComputedStyle(document.querySelector('.numbers .legend li'), '::before').content,
      ]`;
      expect(await page.evaluate(looks)).toEqual(['grid', 'none']);
      expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
      await page.context().close();
    },
  );
});
