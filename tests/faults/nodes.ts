import type { WaybillClient } from '../../src/client/waybill-client.ts';
import { createChecks } from './checks.ts';
import { compare, createFollower } from './follow.ts';
import { openStage, pause, until } from './stage.ts';

const PAIRS = 12;
const STORE = { lat: 38.7075, lng: -9.138 };
const DOOR = { lat: 38.709, lng: -9.139 };

/**
 * Customers on one server, drivers and an operator on another, one database. The drivers' server is
 * killed while they are under way and comes back; nobody may miss a step, and every order is delivered.
 */
export async function nodes(): Promise<boolean> {
  const checks = createChecks();
  const stage = await openStage();
  try {
    const [one, other] = [await stage.server(), await stage.server()];
    const operator = await stage.person(other.url, { role: 'operator' });
    const drivers = await Promise.all(
      Array.from({ length: PAIRS }, () => stage.person(other.url, { role: 'driver', capacity: 1 })),
    );
    const customers = await Promise.all(
      Array.from({ length: PAIRS }, () => stage.person(one.url, { role: 'customer' })),
    );
    await Promise.all(
      drivers.map(async (driver) => {
        await driver.shift('shift:start', { zone: 'baixa', capacity: 1 });
        driver.report(STORE);
      }),
    );
    await pause(1_500);

    const followers = [...customers, operator].map(createFollower);
    const pins = new Map<string, string>();
    const accepted = acceptEverything(drivers);
    for (const [index, customer] of customers.entries()) {
      const { id, order } = await customer.place({
        storeId: 'baixa-1',
        items: [{ productId: 'baixa-1-p1', quantity: 1 }],
        dropoff: DOOR,
        address: `Rua Augusta ${index}`,
      });
      pins.set(id, order.pin ?? '');
      followers[index]?.watch(id);
      followers.at(-1)?.watch(id);
    }
    await until('every order to have its driver', () => accepted.size === PAIRS);

    const carried = [...accepted].map(([orderId, driver]) =>
      carry(driver, orderId, pins.get(orderId) ?? ''),
    );
    await pause(600);
    await other.end('SIGKILL');
    console.log('the drivers’ server killed with SIGKILL while they are under way');
    await pause(2_000);
    const back = await stage.server(other.port);
    const delivered = await Promise.allSettled(carried);
    const failed = delivered.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    for (const reason of failed) console.log(`  ${reason}`);
    checks.check(failed.length === 0, `${PAIRS - failed.length} of ${PAIRS} orders delivered`);

    const { expected, missed, disorder, tookMs } = await compare(followers);
    console.log(
      `ids: ${expected} steps to be seen by ${followers.length} watchers, ${expected - missed} seen, ${missed} missed (${Math.round(tookMs)} ms)`,
    );
    checks.check(missed === 0, `${missed} missed`);
    checks.check(disorder === 0, `${disorder} told twice or out of order`);
    for (const server of [one, back]) await server.end('SIGTERM');
    const { code, output, summary } = await stage.verify();
    checks.check(code === 0, `waybill verify: ${summary}`);
    if (code !== 0) console.log(output);
  } finally {
    await stage.close();
  }
  return checks.end();
}

/** Order → the driver who took it. */
function acceptEverything(drivers: readonly WaybillClient[]): Map<string, WaybillClient> {
  const accepted = new Map<string, WaybillClient>();
  for (const driver of drivers) {
    driver.offers.onOpened((offer) => {
      offer.seen();
      const { orderId, offerId } = offer;
      driver
        .command(orderId, { type: 'offer.accept', offerId })
        .then(() => accepted.set(orderId, driver))
        .catch((error) => console.log(`  accept of ${orderId}: ${error}`));
    });
  }
  return accepted;
}

async function carry(driver: WaybillClient, orderId: string, pin: string): Promise<void> {
  await driver.command(orderId, { type: 'order.arriveStore' });
  await pause(300);
  await driver.command(orderId, { type: 'order.pickUp' });
  await pause(500);
  await driver.command(orderId, { type: 'order.arriveDoor' });
  await pause(300);
  await driver.command(orderId, { type: 'order.deliver', pin });
}
