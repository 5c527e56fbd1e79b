import type { OrderResult } from '../../machines/order-readers.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { Offer } from '../../machines/order-types.ts';
import { createChecks, describeTimes } from './checks.ts';
import { compare, createFollower } from './follow.ts';
import { openStage, pause, type Stage, until } from './stage.ts';

const OFFERS = 50;
const CUSTOMERS = 10;
const STORE = { lat: 38.7075, lng: -9.138 };

/**
 * Fifty offers are open when the server is killed. Once it is back, each must end at its own
 * `closesAt`, at most a second late; or at once, if that passed while the server was down.
 */
export async function restart(): Promise<boolean> {
  const checks = createChecks();
  await round('killed and started again at once', { killAfterMs: 6_000, downMs: 0 });
  await round('down while the offers close', { killAfterMs: 16_000, downMs: 8_000 });
  return checks.end();

  async function round(what: string, times: { killAfterMs: number; downMs: number }) {
    console.log(`\n${what}:`);
    const stage = await openStage();
    try {
      await killInMidOffer(stage, times);
    } finally {
      await stage.close();
    }
  }

  async function killInMidOffer(stage: Stage, times: { killAfterMs: number; downMs: number }) {
    const server = await stage.server();
    const { url, port } = server;
    const customers = await Promise.all(
      Array.from({ length: CUSTOMERS }, () => stage.person(url, { role: 'customer' })),
    );
    const drivers = await Promise.all(
      Array.from({ length: OFFERS }, () => stage.person(url, { role: 'driver', capacity: 1 })),
    );
    await Promise.all(
      drivers.map(async (driver) => {
        driver.offers.onOpened((offer) => offer.seen());
        await driver.shift('shift:start', { zone: 'baixa', capacity: 1 });
        driver.report(STORE);
      }),
    );
    const reporting = setInterval(() => {
      for (const driver of drivers) driver.report(STORE);
    }, 4_000);
    await pause(1_500);

    const followers = customers.map(createFollower);
    const orderIds: string[] = [];
    for (let n = 0; n < OFFERS; n++) {
      const customer = customers[n % CUSTOMERS];
      const placed = await customer?.place({
        storeId: 'baixa-1',
        items: [{ productId: 'baixa-1-p1', quantity: 1 }],
        dropoff: { lat: 38.709, lng: -9.139 },
        address: `Rua da Prata ${n}`,
      });
      if (!placed) throw new Error('not placed');
      orderIds.push(placed.id);
      followers[n % CUSTOMERS]?.watch(placed.id);
    }
    const readOffers = async () =>
      (await Promise.all(orderIds.map((id) => stage.store.load('order', id)))).flatMap((actor) =>
        actor
          ? contextOf(actor.snapshot).offers.map((offer) => ({ ...offer, orderId: actor.id }))
          : [],
      );
    let open: (Offer & { orderId: string })[] = [];
    await until('offers to be open and seen', async () => {
      open = await readOffers();
      return open.length === OFFERS && open.every(({ seenAt }) => seenAt !== undefined);
    });
    const firstAt = Math.min(...open.map(({ offeredAt }) => offeredAt));
    const { at: now } = await stage.store.now();
    await pause(Math.max(0, firstAt + times.killAfterMs - now));
    await server.end('SIGKILL');
    console.log(`  ${open.length} offers open, server killed with SIGKILL`);
    await pause(times.downMs);
    const again = await stage.server(port);
    const [node] = (await stage.store.nodes(3_000)).sort((a, b) => b.since - a.since);
    const readyAt = node?.since ?? 0;

    const ends = new Map<string, { at: number; outcome: string }>();
    await until('all fifty offers to end', async () => {
      for (const { orderId, offerId } of open) {
        if (ends.has(offerId)) continue;
        for (const { at, result } of await stage.store.history('order', orderId, 0)) {
          const closed = (result as unknown as OrderResult).closed ?? [];
          const mine = closed.find((each) => each.offerId === offerId);
          if (mine) ends.set(offerId, { at, outcome: mine.outcome });
        }
      }
      return ends.size === OFFERS;
    });
    const early = open.filter(({ offerId, closesAt }) => (ends.get(offerId)?.at ?? 0) < closesAt);
    const lateMs = open.map(
      ({ offerId, closesAt }) => (ends.get(offerId)?.at ?? 0) - Math.max(closesAt, readyAt),
    );
    const whileDown = open.filter(({ closesAt }) => closesAt <= readyAt).length;
    console.log(
      `  ${whileDown} of ${OFFERS} closed while it was down; lateness ${describeTimes(lateMs)}`,
    );
    const expired = [...ends.values()].filter(({ outcome }) => outcome === 'expired').length;
    checks.check(
      expired === OFFERS,
      `${expired} of ${OFFERS} offers expired, as they had been seen`,
    );
    checks.check(early.length === 0, `${early.length} ended before their closesAt`);
    checks.check(Math.max(...lateMs) <= 1_000, 'each ended at most 1 s late');
    const { expected, missed, disorder, tookMs } = await compare(followers);
    console.log(
      `  watchers: ${expected - missed} of ${expected} steps seen, converged in ${Math.round(tookMs)} ms`,
    );
    checks.check(missed === 0, `${missed} steps missed by the customers who watch`);
    checks.check(disorder === 0, `${disorder} told twice or out of order`);
    clearInterval(reporting);
    for (const driver of drivers) driver.close();
    await again.end('SIGTERM');
    const { code, output, summary } = await stage.verify();
    checks.check(code === 0, `waybill verify: ${summary}`);
    if (code !== 0) console.log(output);
  }
}
