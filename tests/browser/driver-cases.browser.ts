import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { v7 } from 'uuid';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { DriverView } from '../../src/protocol/operators.ts';
import type { OrderView } from '../../src/protocol/orders.ts';
import { violationsOf } from './support/axe.ts';
import { expectSoon } from './support/expect-soon.ts';
import { PASSWORD, PHONE, startWorld, UNHURRIED, type World } from './support/world.ts';

const STORE = { latitude: 38.7045, longitude: -9.143 };
/** Beyond any search's reach: asked only by an operator. */
const FAR = { lat: 38.795, lng: -9.03 };

let world: World;
let customer: WaybillClient;
const placed: string[] = [];
const phones: Page[] = [];

beforeAll(async () => {
  world = await startWorld({ timeScale: 1, zones: { baixa: UNHURRIED } });
  customer = await world.client(await world.register('Ana Sousa'));
});
// The next test's orders are offered to nobody of this one.
afterEach(async () => {
  for (const orderId of placed.splice(0)) {
    const { state } = await read(orderId);
    if (!['delivered', 'cancelled'].includes(state)) await cancel(orderId);
  }
  for (const page of phones.splice(0)) await page.context().close();
  const { drivers } = await world.ops.http<{ drivers: DriverView[] }>('GET', '/v1/ops/fleet');
  for (const { shiftId } of drivers) {
    await world.ops.http('POST', `/v1/shifts/${shiftId}/commands`, {
      ...{ type: 'shift.end', reason: 'the test is over', commandId: v7() },
    });
  }
});
afterAll(() => world?.close());

const read = (orderId: string) => world.ops.http<OrderView>('GET', `/v1/orders/${orderId}`);
const cancel = (orderId: string) =>
  world.ops.command(orderId, { type: 'order.cancel', reason: 'enough' });

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const news = (page: Page, text: string | RegExp) =>
  page.getByRole('list', { name: 'News' }).getByText(text).first();

async function place(): Promise<string> {
  const { id } = await customer.place({
    ...{ storeId: 'baixa-1', items: [{ productId: 'baixa-1-p1', quantity: 1 }] },
    ...{ dropoff: { lat: 38.7163, lng: -9.1345 }, address: `Rua Augusta, door ${placed.length}` },
  });
  placed.push(id);
  return id;
}

/** A driver's phone, on shift in Baixa. */
async function phoneOf(name: string, { capacity = 1, allowed = true } = {}) {
  const person = { email: `driver-${v7()}@example.org`, password: PASSWORD, name };
  const { userId } = await world.ops.http<{ userId: string }>('POST', '/v1/users', {
    ...{ ...person, role: 'driver', capacity },
  });
  const { page } = await world.enter('driver', person, {
    ...{ viewport: PHONE, geolocation: STORE },
    ...(allowed && { permissions: ['geolocation'] }),
  });
  phones.push(page);
  await page.getByLabel('Baixa').check();
  await button(page, 'Start shift').click();
  await page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();
  return { page, userId };
}

async function expectClean(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violationsOf(page)).toEqual([]);
  }
}

describe('the driver app in less common cases', () => {
  it('[WEB47] says what does not work without location and how to allow it, and goes on once it is allowed', async () => {
    const { page } = await phoneOf('Dina Dark', { allowed: false });
    const help = page.getByRole('alert').filter({ hasText: 'Your location is blocked' });
    await help.getByText('No offers can find you').waitFor();
    await help.getByText(/allow Location/).waitFor();
    await expectClean(page);
    await page.context().grantPermissions(['geolocation']);
    await help.waitFor({ state: 'detached' });
    // Found now: an order in reach is offered.
    const id = await place();
    await button(page, 'Accept').waitFor();
    await customer.command(id, { type: 'order.cancel', reason: 'never mind' });
    await news(page, 'The order was cancelled').waitFor();
  });

  it('[WEB48] rings and shakes for an offer until it is answered', async () => {
    const { page } = await phoneOf('Rita Ring');
    await page.evaluate(`
      globalThis.heard = { notes: 0, shakes: [] };
      const start = OscillatorNode.prototype.start;
      globalThis.rangTwice = new Promise((resolve) => {
        OscillatorNode.prototype.start = function (...at) {
          heard.notes += 1;
          if (heard.notes === 4) resolve();
          return start.apply(this, at);
        };
      });
      navigator.vibrate = (pattern) => heard.shakes.push(pattern);
    `);
    const id = await place();
    await button(page, 'Accept').waitFor();
    const heard = () =>
      page.evaluate<{ notes: number; shakes: unknown[] }>('JSON.parse(JSON.stringify(heard))');
    await page.evaluate('rangTwice');
    expect((await heard()).shakes[0]).toEqual([300, 150, 300]);
    await button(page, 'Turn down').click();
    await button(page, 'Busy right now').click();
    await news(page, 'Turned down.').waitFor();
    // Silence at once, and no more of it afterwards.
    const { notes, shakes } = await heard();
    expect(shakes.at(-1)).toBe(0);
    await customer.command(id, { type: 'order.cancel', reason: 'never mind' });
    expect((await heard()).notes).toBe(notes);
  });

  it('[WEB44] tells whoever was slower which driver took the order', async () => {
    const { page, userId } = await phoneOf('Sven Slow');
    const bea = await world.client(await world.hire('driver', 'Bea Bright'));
    await bea.shift('shift:start', { zone: 'baixa' });
    bea.report(FAR);
    const asked = new Promise<{ orderId: string; offerId: string }>((resolve) =>
      bea.offers.onOpened(resolve),
    );
    const id = await place();
    await button(page, 'Accept').waitFor();
    const driverId = bea.user().userId;
    await world.ops.command(id, { type: 'order.offer', driverId, reason: 'both may try' });
    const { offerId } = await asked;
    await bea.command(id, { type: 'offer.accept', offerId });
    await news(page, 'Bea was faster and took the order.').waitFor();
    const { driverId: carrier } = await read(id);
    expect([carrier, carrier === userId]).toEqual([driverId, false]);
  });

  it('[WEB49] works two orders in hand one at a time, the other a touch away', async () => {
    const { page, userId: driverId } = await phoneOf('Tom Twice', { capacity: 2 });
    const ids: string[] = [];
    for (const count of [1, 2]) {
      const id = await place();
      await world.ops.command(id, { type: 'order.assign', driverId, reason: 'on the way' });
      ids.push(id);
      if (count === 1) await button(page, 'I am at the store').waitFor();
    }
    const [first, second] = ids as [string, string];
    const tabs = page.getByRole('navigation', { name: 'Orders in hand' });
    const tab = (id: string) => tabs.getByRole('button', { name: new RegExp(id.slice(-6)) });
    await tab(second).waitFor();
    await tab(second).getByText('Mercado da Ribeira').waitFor();
    await expectClean(page);
    await tab(second).click();
    const { address } = await read(second);
    await button(page, 'I am at the store').click();
    await button(page, 'I have the bags').click();
    await page
      .getByRole('article')
      .getByText(address as string)
      .waitFor();
    // What was tapped is the order's that was looked at, and the other one is where it was.
    await tab(first).click();
    await button(page, 'I am at the store').waitFor();
    const states = () => Promise.all(ids.map(async (id) => (await read(id)).state));
    await expectSoon(states, ['preparing.toStore', 'outForDelivery.enRoute']);
    await cancel(first);
    await world.ops.command(second, { type: 'order.deliver', reason: 'left with a neighbour' });
    await page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();
  });
});
