import { orderKind } from '../machines/order-kind.ts';
import { createEngine } from '../src/engine/create-engine.ts';
import { createMemoryDatabase } from '../src/engine/memory-database.ts';
import { createMemoryStore } from '../src/engine/memory-store.ts';
import type { Change } from '../src/engine/store.ts';
import { createSystemClock, systemIds, systemRandom } from '../src/engine/system-clock.ts';
import { placing } from './support.ts';

/** What placing an order for `searchAt` writes, to be stored many times over under other ids. */
export async function templateChange(searchAt: number): Promise<Change> {
  const clock = createSystemClock();
  const memory = createMemoryStore(createMemoryDatabase({ clock }));
  let taken: Change | undefined;
  const engine = createEngine({
    store: {
      ...memory,
      async commit(change) {
        taken = change;
        return memory.commit(change);
      },
    },
    kinds: [orderKind],
    ...{ localClock: clock, ids: systemIds, random: systemRandom, node: 'bench' },
    onAlarm() {},
    onError: (error) => console.error(error),
  });
  const stop = await engine.start();
  await engine.send({
    kind: 'order',
    id: 'template',
    command: placing('template', searchAt) as never,
    by: { role: 'customer', id: 'customer-template' },
  });
  await stop();
  if (!taken) throw new Error('placing wrote nothing');
  return taken;
}
