import type { Recorder } from '../client/record.ts';
import { type ConnectOptions, connect, type WaybillClient } from '../client/waybill-client.ts';
import type { DayOrders } from './messages.ts';
import { nameOf } from './names.ts';
import type { Scenario } from './scenario.ts';

/** Everyone of the day, signed in. */
export interface Cast {
  customers: WaybillClient[];
  drivers: WaybillClient[];
  /** By store id. */
  keepers: Map<string, WaybillClient>;
  all: WaybillClient[];
}

/** Accounts made and signed in at once; the limits of the server set the pace beyond. */
const AT_ONCE = 6;
/** Signing in may have to wait for a rate limit or two, real ms. */
const SIGNING_IN = { deadlineMs: 300_000 };

/** Customers register themselves; drivers and store people get their accounts from the operator. */
export async function hire(
  { url, runId, record }: Pick<DayOrders, 'url' | 'runId'> & { record?: Recorder },
  plan: Scenario,
  operator: WaybillClient,
): Promise<Cast> {
  const password = `demo-${crypto.randomUUID()}`;
  const email = (who: string) => `${who}.${runId}@demo.example`;
  const enter = (start: ConnectOptions['start']) =>
    connect({ url, start, retry: SIGNING_IN, ...(record && { record }) });

  async function employ(who: string, account: Record<string, unknown>): Promise<WaybillClient> {
    const start = { email: email(who), password };
    await operator.http('POST', '/v1/users', { ...start, ...account });
    return enter(start);
  }

  const register = (n: number) =>
    enter({ email: email(`customer-${n}`), password, name: nameOf(n + plan.drivers.length) });

  const customerCount = 1 + Math.max(...plan.orders.map((order) => order.customer));
  const storeIds = [...new Set(plan.orders.map((order) => order.storeId))];
  const customers = await inTurns(range(customerCount), register);
  const drivers = await inTurns(plan.drivers, (driver) =>
    employ(`driver-${driver.index}`, {
      ...{ role: 'driver', capacity: driver.capacity, name: nameOf(driver.index) },
    }),
  );
  const keepers = await inTurns(storeIds, (storeId, n) =>
    employ(`store-${n}`, { role: 'store', storeId, name: `Counter of ${storeId}` }),
  );
  return {
    customers,
    drivers,
    keepers: new Map(storeIds.map((storeId, n) => [storeId, keepers[n] as WaybillClient])),
    all: [operator, ...customers, ...drivers, ...keepers],
  };
}

/** In order of the list, so many at once. */
async function inTurns<T, R>(
  list: readonly T[],
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < list.length) {
      const index = next++;
      results[index] = await run(list[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);
