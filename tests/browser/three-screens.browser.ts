import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { OrderView } from '../../src/protocol/orders.ts';
import { PHONE, startWorld, UNHURRIED, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  // An offer that outlives a crash.
  world = await startWorld({ timeScale: 1, zones: { baixa: UNHURRIED } });
});
afterAll(() => world?.close());

/** The command line's own judgement of the database that the server serves. */
const verify = () =>
  promisify(execFile)(process.execPath, ['bin/waybill.js', 'verify'], {
    env: { ...process.env, DATA_DIR: world.folder, LOG_LEVEL: 'error' },
  });

describe('three screens', () => {
  it('[WEB6] heal without a reload after a SIGKILL in mid-offer, tell the same, and verify agrees', async () => {
    const ann = await world.register('Ann Example');
    const dora = await world.hire('driver', 'Dora Lopes');
    const driver = await world.enter('driver', dora, {
      ...{ viewport: PHONE, permissions: ['geolocation'] },
      geolocation: { latitude: 38.7075, longitude: -9.138 },
    });
    await driver.page.getByLabel('Baixa').check();
    await driver.page.getByRole('button', { name: 'Start shift' }).click();
    await driver.page.getByRole('heading', { name: 'Waiting for offers' }).waitFor();

    // Before there is an offer, which is not open for ever.
    const customer = await world.enter('customer', ann, { viewport: PHONE });
    const operator = await world.enter('operator', world.operator);
    const placing = await world.client(ann);
    const { id } = await placing.place({
      ...{ storeId: 'baixa-1', items: [{ productId: 'baixa-1-p1', quantity: 2 }] },
      ...{ dropoff: { lat: 38.7123, lng: -9.1345 }, address: 'Rua Augusta 1' },
    });
    await Promise.all([
      customer.page.goto(`${world.url()}/orders/${id}`),
      operator.page.goto(`${world.url()}/console/orders/${id}`),
    ]);
    const screens = [driver, customer, operator].map(({ page }) => page);
    const accept = driver.page.getByRole('button', { name: 'Accept', exact: true });
    await accept.waitFor();
    await customer.page.getByRole('heading', { level: 1, name: 'Looking for a driver' }).waitFor();
    await happened(operator.page, 'offer seen').waitFor();
    for (const page of screens) await mark(page);

    await world.kill();
    for (const page of screens) {
      await page.getByText('Reconnecting').first().waitFor({ state: 'attached' });
    }
    await world.restart();
    for (const page of screens) {
      await page.getByText('Live', { exact: true }).first().waitFor({ state: 'attached' });
    }

    // The offer kept what was left of its time, and is still there to be taken.
    await accept.click();
    await driver.page.getByRole('button', { name: 'I am at the store' }).waitFor();
    await customer.page.getByRole('heading', { level: 1, name: /^Dora is on the way/ }).waitFor();
    await happened(operator.page, 'accepted').waitFor();
    for (const page of screens) expect(await isMarked(page)).toBe(true);
    const { state } = await world.ops.http<OrderView>('GET', `/v1/orders/${id}`);
    expect(state).toBe('preparing.toStore');
    expect((await verify()).stdout).toContain('0 violations');
  });
});

/** A mark that a reload would wipe off. */
const mark = (page: Page) =>
  page.evaluate(() => {
    (globalThis as unknown as { marked: boolean }).marked = true;
  });
const isMarked = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { marked?: boolean }).marked === true);

/** A line of the order's timeline. */
const happened = (page: Page, what: string) =>
  page.getByRole('listitem').filter({ hasText: what }).first();
