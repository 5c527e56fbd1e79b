import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { CallError } from '../../src/client/call-error.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { DriverView } from '../../src/protocol/operators.ts';
import type { OrderEventView, OrderView, PlaceOrder } from '../../src/protocol/orders.ts';
import { violationsOf } from './support/axe.ts';
import { expectSoon } from './support/expect-soon.ts';
import { startWorld, type World } from './support/world.ts';

const ORDER: PlaceOrder = {
  storeId: 'baixa-1',
  items: [{ productId: 'baixa-1-p1', quantity: 2 }],
  dropoff: { lat: 38.7123, lng: -9.1345 },
  address: 'Rua Augusta 1',
};
/** Beyond any search's reach, and further still. */
const FAR = { lat: 38.795, lng: -9.03 };
const FURTHER = { lat: 38.82, lng: -9.0 };

let world: World;
let customer: WaybillClient;
let ann: Page;
let bob: Page;
const phones: Record<string, WaybillClient> = {};

beforeAll(async () => {
  // A search is over soon, and what nobody takes is in the rescue lane; nothing else runs out meanwhile.
  world = await startWorld({ timeScale: 1, zones: { baixa: { searchMs: 3_000 } } });
  customer = await world.client(await world.register('Carla Customer'));
  for (const [name, place] of [
    ['Nina Near', FAR],
    ['Fred Further', FURTHER],
    ['Hanna Handsfull', FAR],
  ] as const) {
    const phone = await world.client(await world.hire('driver', name));
    await phone.shift('shift:start', { zone: 'baixa' });
    phone.report(place);
    phones[name] = phone;
  }
  await expectSoon(whereabouts, [FURTHER, FAR, FAR]);
  const enter = async (name: string) =>
    (await world.enter('operator', await world.hire('operator', name), { path: '/console/rescue' }))
      .page;
  [ann, bob] = await Promise.all([enter('Ann Alves'), enter('Bob Braga')]);
});
afterEach(async () => {
  for (const page of [ann, bob]) {
    await page?.unrouteAll({ behavior: 'ignoreErrors' });
    await page?.goto(`${world.url()}/console/rescue`);
  }
});
afterAll(() => world?.close());

/** Of the drivers, by their names in order. */
async function whereabouts(): Promise<DriverView['point'][]> {
  const { drivers } = await world.ops.http<{ drivers: DriverView[] }>('GET', '/v1/ops/fleet');
  return drivers.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(({ point }) => point);
}
const idOf = (name: string) => (phones[name] as WaybillClient).user().userId;
const historyOf = async (orderId: string) =>
  (await world.ops.http<{ events: OrderEventView[] }>('GET', `/v1/orders/${orderId}/history`))
    .events;
const stateOf = async (orderId: string) =>
  (await world.ops.http<OrderView>('GET', `/v1/orders/${orderId}`)).state;

const card = (page: Page, orderId: string) =>
  page.getByRole('article', { name: `Order ${orderId.slice(-6)}` });
const said = (page: Page, text: string | RegExp) => page.getByRole('status').getByText(text);

/** An order that nobody took, shown in the lane. */
async function stranded(): Promise<string> {
  const { id } = await customer.place(ORDER);
  await card(ann, id).waitFor();
  return id;
}

async function choose(page: Page, orderId: string, key: string, title: string, driver: string) {
  await card(page, orderId).getByRole('link').first().focus();
  await page.keyboard.press(key);
  const dialog = page.getByRole('dialog', { name: title });
  await dialog.getByRole('radio').first().waitFor();
  const offered = await dialog.getByRole('listitem').allTextContents();
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByLabel(driver).check();
  await dialog.getByLabel('Reason, kept in the history').fill('agreed by phone');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached' });
  return offered;
}

describe('the rescue lane', () => {
  it('[WEB26] assigns by force to a driver on duty, the nearest first', async () => {
    const orderId = await stranded();
    const offered = await choose(ann, orderId, 'f', 'Assign by force', 'Hanna Handsfull');
    expect(offered.map((text) => text.split(/\d/)[0])).toEqual([
      ...['Hanna Handsfull', 'Nina Near', 'Fred Further'],
    ]);
    const step = (await historyOf(orderId)).find(({ type }) => type === 'order.assign');
    expect(step).toMatchObject({
      ...{ driverId: idOf('Hanna Handsfull'), reason: 'agreed by phone' },
      by: { role: 'operator' },
    });
  });

  it('[WEB26] offers to a driver on duty; who has no room says so and cannot be chosen', async () => {
    const orderId = await stranded();
    const opened = new Promise((resolve) =>
      phones['Nina Near']?.offers.onOpened((offer) => resolve(offer.orderId)),
    );
    const offered = await choose(ann, orderId, 'o', 'Offer to a driver', 'Nina Near');
    expect(offered[0]).toBe('Hanna Handsfullis full');
    expect(await opened).toBe(orderId);
    const step = (await historyOf(orderId)).find(
      ({ type, by }) => type === 'offer.open' && by.role === 'operator',
    );
    expect(step?.opened).toMatchObject([{ driverId: idOf('Nina Near') }]);
  });

  it('[WEB29] looks at one zone on the map; what is out of sight cannot be chosen', async () => {
    const orderId = await stranded();
    await ann.getByRole('link', { name: 'Map', exact: true }).click();
    const map = ann.getByRole('group', { name: 'Map of drivers and orders' });
    const driver = map.getByRole('button', { name: /^Nina Near, available/ });
    const door = map.getByRole('button', { name: new RegExp(`^Order ${orderId.slice(-6)}`) });
    await Promise.all([driver.waitFor(), door.waitFor()]);
    await ann.getByLabel('Zone').selectOption({ label: 'Baixa' });
    await driver.waitFor({ state: 'detached' });
    await door.focus();
    await ann.keyboard.press('Enter');
    const details = ann.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: `Order …${orderId.slice(-6)}` }).waitFor();
    expect(await violationsOf(ann)).toEqual([]);
    await ann.getByLabel('Zone').selectOption({ label: 'Sacavém' });
    await Promise.all([driver.waitFor(), door.waitFor({ state: 'detached' })]);
    await driver.click();
    await details.getByRole('heading', { name: 'Nina Near' }).waitFor();
    await ann.getByRole('link', { name: /^Rescue/ }).click();
    await world.ops.command(orderId, { type: 'order.cancel', reason: 'enough' });
  });

  it('[WEB27] what one operator has in hand the others see; it is given back, or taken over and told', async () => {
    const orderId = await stranded();
    const [mine, theirs] = [card(ann, orderId), card(bob, orderId)];
    await mine.getByRole('button', { name: 'I’ve got it' }).click();
    await mine.getByText('You have it').waitFor();
    await theirs.getByText('Ann Alves has it').waitFor();
    await mine.getByRole('button', { name: 'Give back' }).click();
    await said(ann, 'Given back').waitFor();
    await theirs.getByRole('button', { name: 'I’ve got it' }).waitFor();

    // By keyboard alone, as the rest of the lane.
    await mine.getByRole('link').first().focus();
    await ann.keyboard.press('c');
    await theirs.getByText('Ann Alves has it').waitFor();
    await theirs.getByRole('link').first().focus();
    await bob.keyboard.press('t');
    // Both go away by themselves.
    await Promise.all([
      said(bob, 'It is yours now, and Ann Alves is told.').waitFor(),
      said(ann, /Bob Braga took over from you: “Nobody took it”/).waitFor(),
    ]);
    await mine.getByText('Bob Braga has it').waitFor();
    await ann.keyboard.press('g');
    await ann.keyboard.press('c');
    await said(ann, 'Bob Braga was first.').waitFor();
    expect(await violationsOf(bob)).toEqual([]);
    await bob.keyboard.press('g');
    await mine.getByRole('button', { name: 'I’ve got it' }).waitFor();
    await world.ops.command(orderId, { type: 'order.cancel', reason: 'enough' });
  });

  it('[WEB27] an answer that comes late does not undo what was told meanwhile', async () => {
    const orderId = await stranded();
    const [mine, theirs] = [card(ann, orderId), card(bob, orderId)];
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let first: Promise<unknown> | undefined;
    await ann.route('**/claim', async (route) => {
      first ??= route.fetch().then((response) => response.json());
      const json = await first;
      await held;
      // It may have been given up, and asked for again.
      await route.fulfill({ json }).catch(() => {});
    });
    await mine.getByRole('button', { name: 'I’ve got it' }).click();
    await theirs.getByRole('button', { name: 'Take over' }).click();
    await mine.getByText('Bob Braga has it').waitFor();
    letGo();
    await said(ann, 'It is yours: the other operators see it.').waitFor();
    expect(await mine.getByText('Bob Braga has it').count()).toBe(1);
    await world.ops.command(orderId, { type: 'order.cancel', reason: 'enough' });
  });

  it('[WEB28] an alarm is acknowledged, claimed and put off; each is seen by the others', async () => {
    const { id } = await customer.place(ORDER);
    const [name, driver] = ['Fred Further', phones['Fred Further'] as WaybillClient];
    await world.ops.command(id, {
      ...{ type: 'order.assign', driverId: idOf(name), reason: 'nearest' },
    });
    for (const type of ['order.arriveStore', 'order.pickUp', 'order.arriveDoor'] as const) {
      await driver.command(id, { type });
    }
    const { pin } = await customer.http<OrderView>('GET', `/v1/orders/${id}`);
    const wrong = pin === '0000' ? '1111' : '0000';
    const isLocked = ann.getByRole('article', { name: 'Too many wrong PINs' });
    while ((await triesLeft(driver.command(id, { type: 'order.deliver', pin: wrong }))) > 0);
    await isLocked.waitFor();
    const seenByBob = bob.getByRole('article', { name: 'Too many wrong PINs' });
    await isLocked.getByRole('button', { name: 'Acknowledge' }).click();
    await seenByBob.getByText('seen by Ann Alves').waitFor();
    await isLocked.getByRole('button', { name: 'I’ve got it' }).click();
    await seenByBob.getByText('Ann Alves has it').waitFor();
    await isLocked.getByRole('button', { name: 'Snooze 10 min' }).click();
    await said(ann, 'Put off for ten minutes.').waitFor();
    for (const page of [ann, bob]) await page.getByText('Put off: 1').click();
    await seenByBob.getByText(/^put off until/).waitFor();
    expect(await violationsOf(ann)).toEqual([]);
    expect(await stateOf(id)).toBe('outForDelivery.atDoor');
  });
});

/** After a wrong PIN. */
const triesLeft = (refused: Promise<unknown>): Promise<number> =>
  refused.then(
    () => Promise.reject(new Error('a wrong PIN was taken')),
    ({ details }: CallError) => Number(details.triesLeft),
  );
