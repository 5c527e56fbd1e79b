import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import type { OrdersPage } from '../../src/protocol/orders.ts';
import type { ShareView } from '../../src/protocol/tracking.ts';
import { type Person, PHONE, startWorld, type World } from './support/world.ts';

let world: World;
let ann: Person;
beforeAll(async () => {
  world = await startWorld();
  ann = await world.register('Ann Example');
});
afterEach(() => world?.restart());
afterAll(() => world?.close());

const isLive = (page: Page) => page.getByText('Live', { exact: true }).waitFor();
const refusal = (code: string, retryable: boolean) => ({
  error: { code, message: 'said by a test', retryable },
});
/** Answers the first request like this, and lets the others through. */
const once = (answer: (route: Route) => Promise<void>) => {
  let done = false;
  return async (route: Route) => {
    if (done) return route.fallback();
    done = true;
    await answer(route);
  };
};

/** What a route was about to answer may be of no use any more. */
const close = async (page: Page) => {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
};

describe('bad input', () => {
  it('[WEB55] a session that ended on the server is said, and signing in goes on where one was', async () => {
    const { page } = await world.enter('customer', ann, { viewport: PHONE, path: '/orders' });
    await isLive(page);
    // Ended elsewhere: the server will not renew it.
    await page.route('**/v1/auth/refresh', (route) =>
      route.fulfill({ status: 401, json: refusal('unauthenticated', false) }),
    );
    await page.clock.install();
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByLabel('E-mail').fill(ann.email);
    await page.getByLabel(/^Password/).fill(ann.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'My orders' }).waitFor();
    // With the page open: the token runs out, and there is no other.
    await page.clock.fastForward('15:00');
    await page.getByText('Your session has ended. Please sign in again.').waitFor();
    await close(page);
  });

  it.each(['customer', 'driver', 'operator'] as const)(
    '[WEB55] a banned %s is told at once, and stays out',
    async (role) => {
      const person =
        role === 'customer'
          ? await world.register('Banned Soon')
          : await world.hire(role, 'Banned Soon');
      const userId = (await world.client(person)).user().userId;
      const { page } = await world.enter(role, person, { viewport: PHONE });
      await isLive(page);
      await world.ops.http('POST', `/v1/users/${userId}/ban`, { banned: true });
      await page.getByText(/may not sign in any more/).waitFor();
      await page.reload();
      await page.getByRole('button', { name: 'Sign in' }).waitFor();
      await close(page);
    },
  );

  it('[WEB55] a failure of the server is said with a way on; a busy one is asked again', async () => {
    const { page } = await world.enter('customer', ann, { viewport: PHONE, path: '/orders' });
    await isLive(page);
    await page.route(
      '**/v1/stores',
      once((route) => route.fulfill({ status: 500, json: refusal('internal_error', false) })),
    );
    await page.goto(world.url());
    await page.getByText(/Something went wrong on our side/).waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'One more of Sourdough loaf' }).waitFor();
    // Nobody has to press anything after a 503, or after a proxy's own page.
    for (const answer of [
      { status: 503, json: refusal('overloaded', true) },
      { status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' },
    ]) {
      await page.route(
        '**/v1/stores',
        once((route) => route.fulfill(answer)),
      );
      await page.reload();
      await page.getByRole('button', { name: 'One more of Sourdough loaf' }).waitFor();
    }
    await close(page);
  });

  it('[WEB55] states, fields and events of a newer server leave the pages standing', async () => {
    const own = await world.client(ann);
    const { id } = await own.place({
      ...{ storeId: 'baixa-1', items: [{ productId: 'baixa-1-p1', quantity: 1 }] },
      ...{ dropoff: { lat: 38.7123, lng: -9.1345 }, address: 'Rua da Prata 2' },
    });
    const { page, problems } = await world.open(`/orders/${id}`, { viewport: PHONE });
    await newer(page);
    await page.reload();
    await page.getByLabel('E-mail').fill(ann.email);
    await page.getByLabel(/^Password/).fill(ann.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'Under way' }).waitFor();
    await page.getByRole('link', { name: /^My orders/ }).click();
    await page.getByText('Under way').last().waitFor();
    const { orders } = await own.http<OrdersPage>('GET', '/v1/orders');
    expect(orders.map(({ orderId }) => orderId)).toContain(id);
    await own.command(id, { type: 'order.cancel', reason: 'no' });
    await page.getByText('Cancelled').waitFor();
    expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
    await close(page);
  });

  it('[WEB3] a killed server is said on an order and on its link, and both go on by themselves', async () => {
    const own = await world.client(ann);
    const { id } = await own.place({
      ...{ storeId: 'baixa-1', items: [{ productId: 'baixa-1-p1', quantity: 1 }] },
      ...{ dropoff: { lat: 38.7123, lng: -9.1345 }, address: 'Rua da Prata 2' },
    });
    const { path } = await own.http<ShareView>('POST', `/v1/orders/${id}/share`, {});
    const customer = await world.enter('customer', ann, { viewport: PHONE, path: `/orders/${id}` });
    const onlooker = await world.open(path, { viewport: PHONE });
    const pages = [customer.page, onlooker.page];
    for (const page of pages) {
      await page
        .getByRole('heading', { level: 1, name: /^(Looking for a driver|No driver)/ })
        .waitFor();
    }
    await world.kill();
    for (const page of pages) await page.getByText(/^Not up to date: /).waitFor();
    await world.restart();
    for (const page of pages)
      await page.getByText(/^Not up to date: /).waitFor({ state: 'detached' });
    await own.command(id, { type: 'order.cancel', reason: 'no' });
    for (const page of pages) {
      await page.getByRole('heading', { level: 1, name: 'Cancelled' }).waitFor();
      await close(page);
    }
  });

  it('[WEB55] the console stands among states that it does not know', async () => {
    const own = await world.client(ann);
    await own.place({
      ...{ storeId: 'sacavem-1', items: [{ productId: 'sacavem-1-p1', quantity: 1 }] },
      ...{ dropoff: { lat: 38.792, lng: -9.029 }, address: 'Cais 2' },
    });
    const { page, problems } = await world.open('/console');
    await newer(page);
    await page.reload();
    await page.getByLabel('E-mail').fill(world.operator.email);
    await page.getByLabel(/^Password/).fill(world.operator.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await isLive(page);
    const pages = page.getByRole('navigation', { name: 'Pages' }).getByRole('link');
    for (const link of await pages.all()) {
      await link.click();
      await link.and(page.locator('[aria-current=page]')).waitFor();
      await page.locator('main [aria-busy]').waitFor({ state: 'detached' });
      expect(await page.getByText(/does not understand/).count()).toBe(0);
    }
    expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
    await close(page);
  });
});

/** From now on the server says more than this page knows: another state, another event, more fields. */
async function newer(page: Page): Promise<void> {
  const change = (text: string) =>
    text
      .replaceAll(/"pending\.\w+"/g, '"handover.byDrone"')
      .replaceAll('"type":"offer.open"', '"type":"drone.launch"')
      .replaceAll('"itemCount":', '"sparkle":{"of":["x"]},"itemCount":');
  await page.routeWebSocket(/socket\.io/, (ws) => {
    const server = ws.connectToServer();
    ws.onMessage((message) => server.send(message));
    server.onMessage((message) => ws.send(typeof message === 'string' ? change(message) : message));
  });
  await page.route(/\/v1\/(orders|ops)/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: change(await answer.text()) });
  });
}
