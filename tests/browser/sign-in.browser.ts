import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { violationsOf } from './support/axe.ts';
import { PHONE, startWorld, type World } from './support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => world?.restart());
afterAll(() => world?.close());

describe('signing in', () => {
  it.each(['/', '/driver', '/console'])(
    '[WEB1] %s is clean for axe, light and dark',
    async (path) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, problems } = await world.open(path, { viewport: PHONE, colorScheme });
        await page.getByRole('button', { name: 'Sign in' }).waitFor();
        expect(await violationsOf(page)).toEqual([]);
        // The browser itself notes that there was no session to go on with.
        expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
        await page.context().close();
      }
    },
  );

  it('[WEB2] goes on after a reload, each role by itself in one browser', async () => {
    const { page } = await world.enter('operator', world.operator);
    const driver = await world.hire('driver', 'Dora Example');
    await page.goto(`${world.url()}/driver`);
    await page.getByLabel('E-mail').fill(driver.email);
    await page.getByLabel(/^Password/).fill(driver.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.goto(`${world.url()}/console`);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByLabel('E-mail').count()).toBe(0);
  });

  it('[WEB3] says that the line is down while the server is away, and heals by itself', async () => {
    const { page } = await world.enter('operator', world.operator);
    await page.getByText('Live', { exact: true }).waitFor();
    await world.kill();
    await page.getByText('Reconnecting').waitFor();
    await world.restart();
    await page.getByText('Live', { exact: true }).waitFor();
  });
});
