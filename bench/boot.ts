import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type ActorDocument, documentOf } from '../src/engine/mongo-documents.ts';
import type { Change } from '../src/engine/store.ts';
import { buildEngine, openStore, verdict, withMongod } from './support.ts';
import { templateChange } from './template.ts';

/**
 * A start with very many live orders stored, a part of them overdue: how soon it is ready, what it
 * has loaded by then, and how long anything else has to wait while the overdue are worked off.
 */
export async function benchBoot({ short }: { short: boolean }): Promise<void> {
  const stored = short ? 10_000 : 100_000;
  const overdue = short ? 2_000 : 10_000;
  await withMongod(async (connect) => {
    const connection = await connect('boot');
    const store = await openStore(connection);
    const orders = connection.getClient().db('boot').collection<ActorDocument>('order');
    const birth = await templateChange(Date.now() + 86_400_000);
    const past = await templateChange(Date.now() + 500);
    for (let from = 0; from < stored; from += 5_000) {
      const batch = Array.from({ length: Math.min(5_000, stored - from) }, (_, index) =>
        copyOf(from + index < overdue ? past : birth, `order-${from + index}`),
      );
      await orders.insertMany(batch as never, { ignoreUndefined: true });
    }
    // Until the last of them is overdue.
    await new Promise((resolve) => setTimeout(resolve, 1_000));

    const engine = buildEngine(store);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const startedAt = performance.now();
    const stop = await engine.start();
    const readyMs = performance.now() - startedAt;
    const hotAtReady = engine.stats().hotActors;
    delay.enable();
    let left = overdue;
    while (left > 0) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      left = await orders.countDocuments({ state: 'scheduled', wakeAt: { $lte: new Date() } });
    }
    const workedMs = performance.now() - startedAt - readyMs;
    delay.disable();
    const p99 = delay.percentile(99) / 1e6;
    console.log(`${stored} live orders stored, ${overdue} of them overdue`);
    console.log(`ready after ${readyMs.toFixed(0)} ms, with ${hotAtReady} of them in memory`);
    console.log(
      `the overdue worked off in ${(workedMs / 1_000).toFixed(1)} s (${((overdue / workedMs) * 1_000).toFixed(0)}/s)`,
    );
    console.log(
      `event-loop delay meanwhile: p50 ${(delay.percentile(50) / 1e6).toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, most ${(delay.max / 1e6).toFixed(1)} ms`,
    );
    console.log(verdict(p99, p99 <= 50, 'p99 ≤ 50 ms'));
    await stop();
    await store.close();
  });
}

/** A copy of the document under another id. */
function copyOf(change: Change, id: string): ActorDocument {
  return { ...documentOf({ ...change, id }), _id: id };
}
