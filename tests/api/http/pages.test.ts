import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Koa from 'koa';
import { servePages } from '../../../src/api/http/pages.ts';

let folder: string;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-pages-'));
  const app = new Koa().use(servePages(folder)).use((ctx) => {
    ctx.body = 'the api';
  });
  app.silent = true;
  server = createServer(app.callback());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function build(): Promise<void> {
  for (const name of ['console', 'driver', 'assets']) await mkdir(join(folder, name));
  await writeFile(join(folder, 'index.html'), 'customer');
  await writeFile(join(folder, 'console/index.html'), 'console');
  await writeFile(join(folder, 'driver/index.html'), 'driver');
  await writeFile(join(folder, 'assets/a-1.js'), 'script');
  await writeFile(join(folder, 'assets/a-1.js.gz'), '');
}
const get = async (path: string) => {
  const answer = await fetch(url + path, { headers: { 'accept-encoding': 'identity' } });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
};

describe('pages', () => {
  it.each([
    ['/', 'customer'],
    ['/orders/o1', 'customer'],
    ['/t/abc.def', 'customer'],
    ['/driver', 'driver'],
    ['/console', 'console'],
    ['/console/orders/o1', 'console'],
    ['/v1/orders', 'the api'],
    ['/metrics', 'the api'],
    ['/openapi.json', 'the api'],
    ['/assets/../../package.json', 'the api'],
  ])('[WEB4] %s is answered by %s', async (path, by) => {
    await build();
    expect((await get(path)).text).toBe(by);
  });

  it('[WEB4] keeps files that are named by their content for ever, and pages never', async () => {
    await build();
    expect((await get('/assets/a-1.js')).headers.get('cache-control')).toContain('immutable');
    expect((await get('/console')).headers.get('cache-control')).toBe('no-cache');
  });

  it('[WEB5] says so where nothing is built, and the api answers all the same', async () => {
    expect((await get('/console')).status).toBe(404);
    expect((await get('/openapi.json')).text).toBe('the api');
  });
});
