import { isCallError } from '../../src/client/call-error.ts';
import type { OpenOffer } from '../../src/client/offers.ts';
import type { WaybillClient } from '../../src/client/waybill-client.ts';
import { createChecks, describeTimes } from './checks.ts';
import { openStage, pause, type Stage, until } from './stage.ts';

const GROUPS = 10;
const DRIVERS = 20;
const ROUNDS = 20;
/** What counts as "in the same instant". */
const BARRIER_MS = 5;
/** A race that this machine did not release in time is run again, so often at most. */
const MAX_ROUNDS = 2 * ROUNDS;

/**
 * Two hundred orders, each offered to twenty drivers at once who sit on two servers and all accept in
 * the same instant: exactly one may win, and every other must be told so.
 */
export async function race(): Promise<boolean> {
  const checks = createChecks();
  const stage = await openStage();
  try {
    const servers = [await stage.server(), await stage.server()];
    const urls = servers.map(({ url }) => url);
    const operator = await stage.person(urls[0] as string, { role: 'operator' });
    const groups = await Promise.all(
      Array.from({ length: GROUPS }, (_, index) => gather(stage, urls, index)),
    );
    await pause(1_500);
    const results = (
      await Promise.all(groups.map((group, index) => runGroup(stage, operator, urls, group, index)))
    ).flat();

    const winners = results.map(({ codes }) => codes.filter((code) => code === 'won').length);
    const losers = new Map<string, number>();
    for (const code of results.flatMap(({ codes }) => codes)) {
      if (code !== 'won') losers.set(code, (losers.get(code) ?? 0) + 1);
    }
    const unanswered = (losers.get('no_answer') ?? 0) + (losers.get('offline') ?? 0);
    console.log(`${results.length} orders × ${DRIVERS} drivers on ${servers.length} servers`);
    console.log(
      `accepts released within ${describeTimes(results.map(({ spreadMs }) => spreadMs))}`,
    );
    console.log(`winners: ${winners.reduce((sum, count) => sum + count, 0)}`);
    console.log(`losers by code: ${[...losers].map(([code, n]) => `${code} ${n}`).join(', ')}`);
    console.log(`losers without an answer: ${unanswered}`);
    const inTime = results.filter(({ spreadMs }) => spreadMs <= BARRIER_MS).length;
    checks.check(
      inTime >= GROUPS * ROUNDS,
      `${inTime} races released within ${BARRIER_MS} ms, and ${results.length - inTime} more`,
    );
    checks.check(
      winners.every((count) => count === 1),
      `exactly one winner in ${winners.filter((count) => count === 1).length} of ${winners.length}`,
    );
    checks.check(unanswered === 0, 'every loser was answered');
    for (const server of servers) await server.end('SIGTERM');
    const { code, output, summary } = await stage.verify();
    checks.check(code === 0, `waybill verify: ${summary}`);
    if (code !== 0) console.log(output);
  } finally {
    await stage.close();
  }
  return checks.end();
}

interface Group {
  customers: WaybillClient[];
  drivers: WaybillClient[];
  /** The newest offer each driver was shown. */
  offers: Map<WaybillClient, OpenOffer>;
}

/** A neighbourhood far from the others, that asks all its drivers at once. */
async function gather(stage: Stage, urls: readonly string[], index: number): Promise<Group> {
  const at = { lat: 10 + index, lng: 10 };
  await stage.neighbourhood(
    {
      _id: `race-${index}`,
      name: `Race ${index}`,
      polygon: [
        { lat: at.lat - 0.1, lng: 9.9 },
        { lat: at.lat - 0.1, lng: 10.1 },
        { lat: at.lat + 0.1, lng: 10.1 },
        { lat: at.lat + 0.1, lng: 9.9 },
      ],
      ...{ currency: 'EUR', feeCents: 0, promiseMs: 3_600_000, speedMetersPerMinute: 300 },
      policy: { mode: 'broadcast', batchSize: DRIVERS, offerMs: 60_000, seenMs: 60_000 },
    },
    { _id: `race-${index}-1`, name: 'Race', zone: `race-${index}`, ...at, handlingMs: 60_000 },
  );
  const customers = await Promise.all(
    [0, 1].map(() => stage.person(urls[index % 2] as string, { role: 'customer' })),
  );
  const offers = new Map<WaybillClient, OpenOffer>();
  const drivers = await Promise.all(
    Array.from({ length: DRIVERS }, async (_, n) => {
      const driver = await stage.person(urls[n % 2] as string, { role: 'driver', capacity: 1 });
      driver.offers.onOpened((offer) => void offers.set(driver, offer));
      await driver.shift('shift:start', { zone: `race-${index}`, capacity: 1 });
      driver.report(at);
      return driver;
    }),
  );
  return { customers, drivers, offers };
}

async function runGroup(
  stage: Stage,
  operator: WaybillClient,
  urls: readonly string[],
  group: Group,
  index: number,
) {
  const results: { codes: string[]; spreadMs: number }[] = [];
  const at = { lat: 10 + index, lng: 10 };
  let inTime = 0;
  for (let round = 0; round < MAX_ROUNDS && inTime < ROUNDS; round++) {
    // Customers may not place faster than people do; there are many of them.
    const customer = await stage.person(urls[round % 2] as string, { role: 'customer' });
    const { id: orderId } = await customer.place({
      storeId: `race-${index}-1`,
      items: [{ productId: `race-${index}-1-p1`, quantity: 1 }],
      dropoff: at,
      address: 'finish line',
    });
    for (const driver of group.drivers) driver.report(at);
    const offersOfThis = () =>
      group.drivers.flatMap((driver) => {
        const offer = group.offers.get(driver);
        return offer?.orderId === orderId ? [{ driver, offer }] : [];
      });
    await until(`${DRIVERS} offers of one order`, () => offersOfThis().length === DRIVERS);
    const result = await acceptAtOnce(offersOfThis());
    results.push(result);
    if (result.spreadMs <= BARRIER_MS) inTime++;
    await operator.command(orderId, { type: 'order.cancel', reason: 'the race is over' });
    customer.close();
  }
  return results;
}

async function acceptAtOnce(ready: readonly { driver: WaybillClient; offer: OpenOffer }[]) {
  const startedAt = performance.now();
  const sent = ready.map(({ driver, offer }) => {
    const { orderId, offerId } = offer;
    return driver.command(orderId, { type: 'offer.accept', offerId }).then(
      () => 'won',
      (error) => (isCallError(error) ? error.code : String(error)),
    );
  });
  const spreadMs = performance.now() - startedAt;
  return { codes: await Promise.all(sent), spreadMs };
}
