import { getHeapStatistics } from 'node:v8';
import type { Principal } from '../src/engine/types.ts';
import { buildEngine, inFlight, openStore, placing, verdict, withMongod } from './support.ts';

const operator: Principal = { role: 'operator', id: 'bench' };

/** What one hot order costs in memory: live actor, envelope, the commands it has taken. */
export async function benchHeap({ short }: { short: boolean }): Promise<void> {
  const count = short ? 2_000 : 10_000;
  await withMongod(async (connect) => {
    const store = await openStore(await connect('heap'));
    const engine = buildEngine(store);
    const stop = await engine.start();
    const before = heapUsed();
    const ids = Array.from({ length: count }, (_, index) => `order-${index}`);
    await inFlight(ids, 200, async (id) => {
      const by: Principal = { role: 'customer', id: `customer-${id}` };
      const command = placing(id, Date.now() + 86_400_000) as never;
      await engine.send({ kind: 'order', id, command, by });
      const assign = { driverId: `driver-${id}`, slot: 0, capacity: 1, reason: 'bench' };
      for (const next of [
        { type: 'search.start' },
        { type: 'order.assign', ...assign },
        { type: 'store.ready' },
        { type: 'order.arriveStore' },
      ]) {
        await engine.send({ kind: 'order', id, command: next, by: operator });
      }
    });
    // What the driver and the feed still hold of the last commits goes first.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const perOrder = (heapUsed() - before) / engine.stats().hotActors / 1_024;
    console.log(`${engine.stats().hotActors} hot orders of five steps each`);
    console.log(
      `${perOrder.toFixed(1)} kB of heap per hot order, armed deadline and feed included`,
    );
    console.log(verdict(perOrder, perOrder <= 16, '≤ 16 kB'));
    await stop();
    await store.close();
  });
}

function heapUsed(): number {
  if (!globalThis.gc) throw new Error('run with --expose-gc: npm run bench -- heap');
  globalThis.gc();
  globalThis.gc();
  return getHeapStatistics().used_heap_size;
}
