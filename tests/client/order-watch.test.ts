import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createOrderWatch } from '../../src/client/order-watch.ts';

interface Step {
  seq: number;
  type?: string;
}
interface Shot {
  seq: number;
}

/** A server whose answers the test releases one by one. */
function watching(options: { keep?: number; sinceSeq?: number } = {}) {
  let seq = 3;
  const reads: {
    since: number | undefined;
    answer(): Promise<void>;
    fail(e: Error): Promise<void>;
  }[] = [];
  const told: string[] = [];
  const step = (n: number): Step => ({ seq: n, ...(n % 4 !== 0 && { type: `t${n}` }) });
  const watch = createOrderWatch<Shot, Step>({
    read: (since) =>
      new Promise((resolve, reject) => {
        reads.push({
          since,
          answer: () => {
            const from = (since ?? seq) + 1;
            const events = Array.from({ length: Math.max(0, seq - from + 1) }, (_, i) =>
              step(from + i),
            );
            resolve({ snapshot: { seq }, events });
            return settled();
          },
          fail: (error) => {
            reject(error);
            return settled();
          },
        });
      }),
    isRedacted: (event) => event.type === undefined,
    handlers: {
      onSnapshot: (shot) => told.push(`snapshot ${shot.seq}`),
      onEvent: (event) => told.push(`event ${event.seq}`),
      onStale: (stale) => told.push(stale ? 'stale' : 'fresh'),
      onLost: (error) => told.push(`lost ${(error as Error).message}`),
    },
    ...options,
  });
  return {
    watch,
    reads,
    told,
    step,
    /** The order moves on; the event is sent unless lost. */
    move(lost = false) {
      seq += 1;
      if (!lost) watch.receive(step(seq));
    },
  };
}
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('watching an order', () => {
  it('[CLT4] applies n+1 after n, counts redacted steps and tells them to nobody', async () => {
    const t = watching();
    t.watch.resync();
    await t.reads[0]?.answer();
    for (let i = 0; i < 4; i++) t.move();
    expect(t.told).toEqual(['snapshot 3', 'fresh', 'event 5', 'event 6', 'event 7']);
    expect(t.reads).toHaveLength(1);
    expect(t.watch.seq()).toBe(7);
  });

  it('[CLT4] reads what is missing after its last seq, and is stale meanwhile', async () => {
    const t = watching();
    t.watch.resync();
    await t.reads[0]?.answer();
    t.move(true);
    t.move();
    expect(t.watch.stale()).toBe(true);
    expect(t.reads[1]?.since).toBe(3);
    t.move();
    await t.reads[1]?.answer();
    expect(t.told).toEqual([
      'snapshot 3',
      'fresh',
      'stale',
      'event 5',
      'event 6',
      'snapshot 6',
      'fresh',
    ]);
  });

  it('[CLT4] ignores what comes twice, and an answer that live events have overtaken', async () => {
    const t = watching();
    t.watch.resync();
    await t.reads[0]?.answer();
    t.move();
    t.move();
    t.watch.receive(t.step(4));
    t.watch.receive(t.step(5));
    expect(t.told).toEqual(['snapshot 3', 'fresh', 'event 5']);
    expect(t.reads).toHaveLength(1);
  });

  it('[CLT4] tells the events after the seq it is handed', async () => {
    const t = watching({ sinceSeq: 0 });
    t.watch.resync();
    await t.reads[0]?.answer();
    expect(t.told).toEqual(['event 1', 'event 2', 'event 3', 'snapshot 3', 'fresh']);
  });

  it('[CLT5] reads again after a reconnection that falls into a read', async () => {
    const t = watching();
    t.watch.resync();
    t.watch.suspend();
    t.watch.resync();
    await t.reads[0]?.answer();
    expect(t.watch.stale()).toBe(true);
    await t.reads[1]?.answer();
    expect(t.watch.stale()).toBe(false);
    expect(t.reads).toHaveLength(2);
  });

  it('[CLT5] stays stale while suspended, even when a read ends', async () => {
    const t = watching();
    t.watch.resync();
    t.watch.suspend();
    await t.reads[0]?.answer();
    expect(t.watch.stale()).toBe(true);
  });

  it('[CLT6] keeps no more events during a read than it was told, and reads the rest again', async () => {
    const t = watching({ keep: 2 });
    t.watch.resync();
    const first = t.reads[0];
    for (let i = 0; i < 5; i++) t.move();
    await first?.answer();
    expect(t.reads).toHaveLength(2);
    await t.reads[1]?.answer();
    expect(t.watch.seq()).toBe(8);
    expect(t.watch.stale()).toBe(false);
  });

  it('[CLT4] tells that it is lost, and nothing after', async () => {
    const t = watching();
    t.watch.resync();
    await t.reads[0]?.fail(new Error('not_found'));
    t.move();
    t.watch.resync();
    expect(t.told).toEqual(['lost not_found']);
    expect(t.reads).toHaveLength(1);
  });

  it('[CLT4] converges with no gap and nothing twice, whatever is lost, doubled or delayed', async () => {
    const moves = fc.array(fc.constantFrom('sent', 'lost', 'late', 'doubled', 'answer', 'resync'), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(moves, async (list) => {
        const t = watching({ sinceSeq: 0, keep: 3 });
        const late: Step[] = [];
        let seq = 3;
        let answered = 0;
        const answer = async () => {
          const next = t.reads[answered];
          if (!next) return;
          answered += 1;
          await next.answer();
        };
        t.watch.resync();
        for (const move of list) {
          if (move === 'answer') await answer();
          else if (move === 'resync') t.watch.resync();
          else {
            seq += 1;
            t.move(move !== 'sent' && move !== 'doubled');
            if (move === 'doubled') t.watch.receive(t.step(seq));
            if (move === 'late') late.push(t.step(seq));
            else for (const step of late.splice(0)) t.watch.receive(step);
          }
        }
        t.watch.resync();
        while (answered < t.reads.length) await answer();
        expect(t.watch.seq()).toBe(seq);
        expect(t.watch.stale()).toBe(false);
        const events = t.told.filter((line) => line.startsWith('event'));
        const visible = Array.from({ length: seq }, (_, i) => i + 1).filter((n) => n % 4 !== 0);
        expect(events).toEqual(visible.map((n) => `event ${n}`));
      }),
      { numRuns: 200 },
    );
  });
});
