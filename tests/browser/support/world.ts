import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { v7 } from 'uuid';
import type { ZonePolicy } from '../../../src/catalog/collections.ts';
import { connect, type WaybillClient } from '../../../src/client/waybill-client.ts';
import type { AuthAnswer, UserView } from '../../../src/protocol/accounts.ts';
import { freePort, readRecord, stopMongod, urlOf } from '../../../src/storage/embedded-mongod.ts';
import { startServer } from '../../support/server-process.ts';
import { launchChromium } from './chromium.ts';

export const PASSWORD = 'correct horse battery';
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

/** No offer and no search is over while it is looked at, however slow the machine. */
export const UNHURRIED: ZonePolicy = { offerMs: 120_000, seenMs: 120_000, searchMs: 3_600_000 };

export interface Person {
  email: string;
  password: string;
  name: string;
}

export interface OpenPage {
  page: Page;
  /** Errors of the page and of its console so far; a test ends with none it did not cause. */
  problems: string[];
}

const PAGE_OF = { customer: '/', driver: '/driver', operator: '/console' } as const;

/**
 * A server as a process of its own, on a real MongoDB in a folder of its own, and a real Chromium.
 * @param timeScale divides the product's durations, 1 to 60
 * @param zones policies by zone; the product's own where none is given
 */
export async function startWorld({
  timeScale = 10,
  zones = {},
}: {
  timeScale?: number;
  zones?: Record<string, ZonePolicy>;
} = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-browser-'));
  // A restarted server must come back where the pages look for it.
  const env = {
    ...{ DATA_DIR: folder, TIME_SCALE: String(timeScale), PORT: String(await freePort()) },
  };
  let server = await startServer(env);
  let isDown = false;
  await setPolicies(folder, zones);
  const browser: Browser = await launchChromium();
  const first = JSON.parse(await readFile(join(folder, 'operator.json'), 'utf8')) as Person;
  const operator: Person = { ...first, name: 'First operator' };
  const clients: WaybillClient[] = [];

  /** Signs a person in through the typed client, as their own device would. */
  async function client({ email, password }: Person): Promise<WaybillClient> {
    const made = await connect({ url: server.url, start: { email, password } });
    clients.push(made);
    return made;
  }

  async function close(): Promise<void> {
    for (const each of clients) each.close();
    await browser.close();
    await server.end('SIGTERM');
    const record = await readRecord(folder);
    if (record) await stopMongod(record).catch(() => {});
    await rm(folder, { recursive: true, force: true });
  }

  const ops = await client(operator).catch(async (error) => {
    await close();
    throw error;
  });

  /** An account made by the operator. */
  async function hire(role: 'driver' | 'operator', name: string): Promise<Person> {
    const person = { email: `${role}-${v7()}@example.org`, password: PASSWORD, name };
    await ops.http('POST', '/v1/users', { ...person, role });
    return person;
  }

  /** A customer's own account. */
  async function register(name: string): Promise<Person> {
    const person = { email: `customer-${v7()}@example.org`, password: PASSWORD, name };
    const answer = await fetch(`${server.url}/v1/auth/register`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(person),
    });
    if (!answer.ok) throw new Error(await answer.text());
    ((await answer.json()) as AuthAnswer).user satisfies UserView;
    return person;
  }

  /** A browser of its own: no cookie, storage or cache of another. */
  async function open(path: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await browser.newContext({ viewport: DESKTOP, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(new URL(path, server.url).href);
    return { page, problems };
  }

  /** Opens the page of a role and signs in with the form. */
  async function enter(
    role: keyof typeof PAGE_OF,
    person: Person,
    options: BrowserContextOptions & { path?: string } = {},
  ): Promise<OpenPage> {
    const { path = PAGE_OF[role], ...more } = options;
    const opened = await open(path, more);
    const { page } = opened;
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel(/^Password/).fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' });
    return opened;
  }

  return {
    ...{ browser, operator, ops, folder, client, hire, register, open, enter, close },
    url: () => server.url,
    /** SIGKILL, as a crash: nothing is told, nothing flushed. The mongod of its folder lives on. */
    async kill() {
      isDown = true;
      await server.end('SIGKILL');
    },
    /** Starts it again on the same folder and port, where it was killed. */
    async restart() {
      if (!isDown) return;
      server = await startServer(env);
      isDown = false;
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** Before anybody reads the zones: the server keeps what it has read for some seconds. */
async function setPolicies(folder: string, zones: Record<string, ZonePolicy>): Promise<void> {
  const record = await readRecord(folder);
  if (!record) throw new Error(`${folder} is served by no mongod`);
  const connection = await mongoose.createConnection(urlOf(record)).asPromise();
  for (const [_id, policy] of Object.entries(zones)) {
    const { matchedCount } = await connection
      .collection<{ _id: string }>('zones')
      .updateOne({ _id }, { $set: { policy } });
    if (matchedCount === 0) throw new Error(`no zone ${_id}`);
  }
  await connection.close();
}
