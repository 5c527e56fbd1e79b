import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { launchChromium } from '../tests/browser/support/chromium.ts';
import { startServer } from '../tests/support/server-process.ts';
import { createTraffic, type Traffic } from './board-traffic.ts';
import { buildEngine, openStore, verdict, withMongod } from './support.ts';

const LIVE = 5_000;
const COMMITS_PER_SECOND = 200;
const SETTLE_MS = 3_000;
const HEAP_SAMPLES = 9;

/** What the page notes about itself from its first moment on. */
interface Notes {
  long: { at: number; ms: number }[];
  firstRowAt?: number;
}

const TAKE_NOTES = `
  const notes = (globalThis.notes = { long: [] });
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      notes.long.push({ at: startTime, ms: duration });
    }
  }).observe({ type: 'longtask', buffered: true });
  const look = () => {
    if (document.querySelector('[role=grid] tbody tr')) notes.firstRowAt = performance.now();
    else requestAnimationFrame(look);
  };
  look();
`;

/**
 * The operators' board in Chromium on a real server, while another node of it works on thousands of
 * live orders through the real engine: how long the page is busy at a time, and what it keeps.
 */
export async function benchBoard({ short }: { short: boolean }): Promise<void> {
  // Long form: heap at minute 2 against minute 10. Short form: the same by seconds.
  const [earlyMs, lateMs] = short ? [15_000, 60_000] : [120_000, 600_000];
  for (const file of ['bin/build.js', 'bin/build-web.js']) execFileSync(process.execPath, [file]);
  const folder = await mkdtemp(join(tmpdir(), 'waybill-board-'));
  await withMongod(async (connect) => {
    const connection = await connect('board');
    const mongo = `mongodb://127.0.0.1:${connection.port}/board?replicaSet=waybill`;
    const server = await startServer({ DATA_DIR: folder, MONGO_URL: mongo, TIME_SCALE: '1' });
    const browser = await launchChromium();
    try {
      const store = await openStore(connection);
      const engine = buildEngine(store);
      const stop = await engine.start();
      const traffic = createTraffic(engine, LIVE);
      const seededAt = performance.now();
      await traffic.seed();
      console.log(
        `${LIVE} live orders seeded in ${seconds(performance.now() - seededAt)}; load average ${loadavg()[0]?.toFixed(1)}`,
      );
      traffic.start(COMMITS_PER_SECOND);
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      const debug = await page.context().newCDPSession(page);
      await open(page, debug, server.url, folder);
      await measure(page, debug, traffic, earlyMs, lateMs);
      await traffic.stop();
      await stop();
      await store.close();
    } finally {
      await browser.close();
      await server.end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function open(page: Page, debug: CDPSession, url: string, folder: string): Promise<void> {
  await page.addInitScript({ content: TAKE_NOTES });
  let largest = 0;
  debug.on('Network.webSocketFrameReceived', ({ response }) => {
    largest = Math.max(largest, response.payloadData.length);
  });
  await debug.send('Network.enable');
  const { email, password } = JSON.parse(await readFile(join(folder, 'operator.json'), 'utf8'));
  await page.goto(`${url}/console/board`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel(/^Password/).fill(password);
  const signedInAt = performance.now();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('grid').locator('tbody tr').first().waitFor({ timeout: 120_000 });
  console.log(
    `first rows ${seconds(performance.now() - signedInAt)} after the click on “Sign in”, the whole picture in one message of ${(largest / 2 ** 20).toFixed(1)} MB`,
  );
  await debug.send('Network.disable');
  await page.waitForTimeout(SETTLE_MS);
}

async function measure(
  page: Page,
  debug: CDPSession,
  traffic: Traffic,
  earlyMs: number,
  lateMs: number,
): Promise<void> {
  const startedAt = performance.now();
  const before = traffic.commits();
  const fromDelta = await deltaShown(page);
  const heaps: number[] = [];
  for (let sample = 0; sample < HEAP_SAMPLES; sample += 1) {
    const at = earlyMs + ((lateMs - earlyMs) * sample) / (HEAP_SAMPLES - 1);
    await page.waitForTimeout(at - (performance.now() - startedAt));
    heaps.push(await heapAfterGc(page, debug));
  }
  const [early, late] = [heaps[0] as number, heaps.at(-1) as number];
  const perSecond = ((traffic.commits() - before) / (performance.now() - startedAt)) * 1_000;
  const deltas = (await deltaShown(page)) - fromDelta;
  const { long, firstRowAt = 0 } = await page.evaluate(
    () => (globalThis as unknown as { notes: Notes }).notes,
  );
  const after = long.filter(({ at }) => at > firstRowAt).map(({ ms }) => ms);
  const over100 = after.filter((ms) => ms > 100);
  console.log(
    `${seconds(lateMs)} at ${perSecond.toFixed(0)} commits/s, ${deltas} updates shown, ${traffic.failures()} commands refused; load average ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(
    `long tasks after the first rows: ${after.length} over 50 ms, ${over100.length} over 100 ms, longest ${Math.max(0, ...after).toFixed(0)} ms`,
  );
  console.log(
    `heap after GC, MB, from ${seconds(earlyMs)} to ${seconds(lateMs)}: ${heaps.map(mb).join(' ')}`,
  );
  console.log(verdict(perSecond, perSecond >= COMMITS_PER_SECOND * 0.95, '≥ 190 commits/s'));
  console.log(verdict(over100.length, over100.length <= 3, '≤ 3 long tasks over 100 ms'));
  console.log(
    verdict(
      Math.max(0, ...after),
      after.every((ms) => ms <= 250),
      'none over 250 ms',
    ),
  );
  console.log(verdict(late / early, late / early <= 1.1, '≤ 1.1 × the early heap'));
}

/** The number of the last update, as the trust line shows it: proof that the page keeps up. */
const deltaShown = async (page: Page): Promise<number> =>
  Number(
    (
      await page
        .getByText(/consistent as of/)
        .locator('b')
        .textContent()
    )?.slice(1),
  );

/** What one collection only finds to be garbage, the next one takes: the least of several. */
async function heapAfterGc(page: Page, debug: CDPSession): Promise<number> {
  const sizes: number[] = [];
  await debug.send('HeapProfiler.enable');
  for (let times = 0; times < 5; times += 1) {
    await debug.send('HeapProfiler.collectGarbage');
    sizes.push((await debug.send('Runtime.getHeapUsage')).usedSize);
    await page.waitForTimeout(100);
  }
  await debug.send('HeapProfiler.disable');
  return Math.min(...sizes);
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
