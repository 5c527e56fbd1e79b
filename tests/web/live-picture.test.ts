import { describe, expect, it } from '@jest/globals';
import { createOpsBoard } from '../../src/api/sockets/ops-board.ts';
import type { Session } from '../../src/api/sockets/session.ts';
import { noAnswer, offline } from '../../src/client/call-error.ts';
import type { Timers } from '../../src/client/timers.ts';
import type { Transport } from '../../src/client/transport.ts';
import { connect } from '../../src/client/waybill-client.ts';
import type { Commit } from '../../src/engine/types.ts';
import type { OrdersPage, OrderView } from '../../src/protocol/orders.ts';
import { createLiveOrders } from '../../web/src/console/state/live-orders.ts';
import { commitsOf } from '../api/presenters/commits.ts';
import { buildJourney, customer, driver } from '../machines/journey.ts';
import { type Chance, createChance } from '../simulation/chance.ts';
import { createTimeline, type Timeline } from '../simulation/timeline.ts';

/** A console may be told so much later, and must have said by then that it is not live. */
const TRUSTED_MS = 5_000;
const LIFE = commitsOf(
  buildJourney()
    .send(driver('d1'), { type: 'order.assign', driverId: 'd1', slot: 0, capacity: 1, reason: 'x' })
    .send(customer, { type: 'order.cancel', reason: 'no' }),
) as Commit[];

interface Known {
  seq: number;
  at: number;
}

/** Orders that are placed and move on by chance, as one server's board and list tell of them. */
function createShop(timeline: Timeline, chance: Chance) {
  const orders = new Map<string, Known>();
  let served = serve();

  function serve() {
    const clock = { now: () => timeline.now, after: timeline.after };
    const list = async (): Promise<OrdersPage> => {
      await new Promise<void>((resolve) => void timeline.after(chance.between(1, 400), resolve));
      const found = [...orders].filter(([, { seq }]) => seq < LIFE.length);
      await new Promise<void>((resolve) => void timeline.after(chance.between(1, 400), resolve));
      return { orders: found.map(([orderId, { seq }]) => ({ orderId, seq }) as OrderView) };
    };
    return createOpsBoard({ engine: { clock } } as never, { list } as never);
  }

  function move(): void {
    const [orderId, known] = [...orders][Math.floor(chance.next() * orders.size)] ?? [];
    const isNew = !known || chance.isTrue(0.5);
    const id = isNew ? `o${orders.size}` : (orderId as string);
    const seq = isNew ? 1 : Math.min(LIFE.length, known.seq + 1);
    if (!isNew && seq === known.seq) return;
    orders.set(id, { seq, at: timeline.now });
    served.onCommit({ ...(LIFE[seq - 1] as Commit), id, seq });
  }

  return {
    move,
    board: () => served,
    restart() {
      served.stop();
      served = serve();
    },
    /** What a console that shows `picture` has wrong, of what happened before `at`. */
    wrongIn: (picture: ReadonlyMap<string, OrderView>, at: number) =>
      [...orders].filter(([id, known]) => {
        if (known.at > at) return false;
        const shown = picture.get(id)?.seq;
        return known.seq === LIFE.length ? shown !== undefined : shown !== known.seq;
      }),
  };
}

/** One connection; messages arrive in order while it is whole, and not at all afterwards. */
interface Line {
  isWhole: boolean;
  session: Session;
  up(run: () => void): void;
  down(run: () => void): void;
}

/** A line that breaks now and then, which each end notices in its own time. */
function createLine(timeline: Timeline, chance: Chance, shop: ReturnType<typeof createShop>) {
  let line: Line | undefined;
  let onMessage = (_name: string, _payload: unknown) => {};
  let onConnection = (_connected: boolean) => {};
  /** Told when the line is known to be gone, as Socket.IO tells whoever waits for an answer. */
  const waiting: (() => void)[] = [];

  function open(): void {
    const inOrder = () => {
      let lastAt = 0;
      return (run: () => void) => {
        lastAt = Math.max(lastAt, timeline.now + chance.between(1, 250));
        timeline.after(lastAt - timeline.now, () => opened.isWhole && run());
      };
    };
    const down = inOrder();
    const session = {
      push: (name: string, payload: unknown) => down(() => onMessage(name, payload)),
      isIdle: () => chance.isTrue(0.9),
      isOpen: () => opened.isWhole,
      viewer: { role: 'operator', id: 'p1' },
    } as unknown as Session;
    const opened: Line = { isWhole: true, session, up: inOrder(), down };
    line = opened;
    onConnection(true);
  }

  function breaks(): void {
    const broken = line;
    if (!broken?.isWhole) return;
    broken.isWhole = false;
    const board = shop.board();
    timeline.after(chance.between(1, 2_000), () => board.unwatch(broken.session));
    timeline.after(chance.between(1, 2_000), () => {
      line = undefined;
      onConnection(false);
      for (const tell of waiting.splice(0)) tell();
      timeline.after(chance.between(1, 1_500), open);
    });
  }

  const transport: Transport = {
    send: (name, _payload, timeoutMs) =>
      new Promise((resolve, reject) => {
        const over = line;
        if (!over) return reject(offline(name));
        const lose = () => reject(noAnswer(name));
        timeline.after(timeoutMs, lose);
        waiting.push(lose);
        over.up(async () => {
          const board = shop.board();
          const picture =
            name === 'ops:watch' ? await board.watch(over.session, undefined) : undefined;
          over.down(() => resolve({ ok: true, serverNow: timeline.now, ...picture }));
          if (picture) board.begin(over.session, picture);
        });
      }),
    onMessage: (listener) => {
      onMessage = listener;
    },
    onConnection: (listener) => {
      onConnection = listener;
    },
    connected: () => line !== undefined,
    connect: () => void timeline.after(chance.between(1, 200), open),
    disconnect: breaks,
  };
  return { transport, breaks };
}

async function live(seed: number): Promise<string[]> {
  const timeline = createTimeline();
  const chance = createChance(seed);
  const shop = createShop(timeline, chance.fork('shop'));
  const { transport, breaks } = createLine(timeline, chance.fork('line'), shop);
  const timers: Timers = { now: () => timeline.now, after: timeline.after, random: chance.next };
  const client = await connect({
    ...{ url: 'http://nowhere', timers, transport: () => transport },
    start: {
      accessToken: 't',
      expiresInMs: 1e9,
      user: { userId: 'p1', role: 'operator' } as never,
    },
  });
  const picture = createLiveOrders(client, timers);
  const wrong: string[] = [];
  const check = () => {
    const { state } = picture.trust.value;
    const found = state === 'live' ? shop.wrongIn(picture.orders, timeline.now - TRUSTED_MS) : [];
    if (found.length > 0) wrong.push(`${timeline.now}: ${JSON.stringify(found)}`);
  };
  const troubleUntil = 40_000;
  const repeat = (everyMs: number, run: () => void, until: number) => {
    const again = () => {
      if (timeline.now > until) return;
      run();
      timeline.after(chance.between(0, 2 * everyMs), again);
    };
    timeline.after(chance.between(0, everyMs), again);
  };
  const stop = picture.start();
  repeat(300, shop.move, troubleUntil);
  repeat(4_000, breaks, troubleUntil);
  const crash = () => {
    breaks();
    shop.restart();
  };
  repeat(20_000, crash, troubleUntil);
  repeat(200, check, troubleUntil + 30_000);
  let done = false;
  timeline.after(troubleUntil + 31_000, () => {
    done = true;
  });
  await timeline.run(() => done);
  stop();
  if (picture.trust.value.state !== 'live') wrong.push('is not live in the end');
  if (shop.wrongIn(picture.orders, timeline.now).length > 0) wrong.push('is wrong in the end');
  return wrong;
}

describe('the live picture', () => {
  it('[WEB10] [WEB11] calls itself live only while it shows what is, on any line', async () => {
    for (let seed = 1; seed <= 300; seed++) {
      expect({ seed, wrong: (await live(seed)).slice(0, 3) }).toEqual({ seed, wrong: [] });
    }
  });
});
