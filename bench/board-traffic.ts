import type { RunningEngine } from '../src/engine/create-engine.ts';
import type { Principal } from '../src/engine/types.ts';
import { inFlight, placing } from './support.ts';

/** Orders that are placed, carried to the door and replaced by new ones, at a steady rate. */
export interface Traffic {
  /** Places them all, each somewhere on its way. */
  seed(): Promise<void>;
  start(perSecond: number): void;
  stop(): Promise<void>;
  commits(): number;
  failures(): number;
}

const operator: Principal = { role: 'operator', id: 'bench' };
const TICK_MS = 50;
/** After placing, which begins the search at once. */
const WAY = [
  ...['order.assign', 'store.ready', 'order.arriveStore', 'order.pickUp', 'order.arriveDoor'],
  'order.deliver',
];

interface Slot {
  id: string;
  /** How much of `WAY` is behind it. */
  done: number;
  busy: boolean;
}

export function createTraffic(engine: RunningEngine, live: number): Traffic {
  const slots: Slot[] = [];
  let born = 0;
  let commits = 0;
  let failures = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const underWay = new Set<Promise<void>>();

  async function place(index: number): Promise<void> {
    born += 1;
    const id = `order-${born}`;
    // Certainly past, whatever the database's clock says: its search begins at once.
    const order = placing(id, Date.now() - 60_000);
    const promisedAt = Date.now() + (((born * 7_919) % 70) - 10) * 60_000;
    const by: Principal = { role: 'customer', id: `customer-${id}` };
    await engine.send({
      ...{ kind: 'order', id, by },
      command: { ...order, promisedAt: Math.max(promisedAt, Date.now() + 1_000) } as never,
    });
    slots[index] = { id, done: 0, busy: false };
  }

  async function move(index: number): Promise<void> {
    const slot = slots[index] as Slot;
    const type = WAY[slot.done] as string;
    // The slot's driver carries one order after the other.
    const more =
      type === 'order.assign'
        ? { driverId: `driver-${index}`, slot: 0, capacity: 1, reason: 'bench' }
        : type === 'order.deliver'
          ? { reason: 'bench' }
          : {};
    await engine.send({ kind: 'order', id: slot.id, command: { type, ...more }, by: operator });
    slot.done += 1;
  }

  async function next(index: number): Promise<void> {
    const slot = slots[index] as Slot;
    slot.busy = true;
    try {
      await (slot.done === WAY.length ? place(index) : move(index));
      commits += 1;
    } catch {
      failures += 1;
    } finally {
      slot.busy = false;
    }
  }

  return {
    async seed() {
      const indexes = Array.from({ length: live }, (_, index) => index);
      await inFlight(indexes, 100, async (index) => {
        await place(index);
        for (let step = 0; step < index % WAY.length; step += 1) await move(index);
      });
    },
    start(perSecond) {
      const startedAt = performance.now();
      let sent = 0;
      timer = setInterval(() => {
        const due = ((performance.now() - startedAt) / 1_000) * perSecond;
        while (sent < due && underWay.size < 1_000) {
          sent += 1;
          const index = Math.floor(Math.random() * slots.length);
          if (slots[index]?.busy) continue;
          const step: Promise<void> = next(index).finally(() => underWay.delete(step));
          underWay.add(step);
        }
      }, TICK_MS);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
    commits: () => commits,
    failures: () => failures,
  };
}
