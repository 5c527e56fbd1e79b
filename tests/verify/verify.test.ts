import { beforeAll, describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ReplayStep } from '../../src/engine/replay.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Store } from '../../src/engine/store.ts';
import type { Call } from '../../src/verify/check-calls.ts';
import { checkOrder } from '../../src/verify/check-order.ts';
import { verify, type WholeActor } from '../../src/verify/verify.ts';
import { createDispatchWorld } from '../support/dispatch-world.ts';

const HOUR_MS = 3_600_000;

/** A small database with one order of each fate, which keeps every promise. */
async function sound() {
  const world = await createDispatchWorld();
  const reached = async (orderId: string, driverId: string) => {
    await world.pass(1_000);
    await world.answer(orderId, driverId, 'offer.seen');
  };
  await world.drive('d1', 100);
  await world.pass(2_000);
  await world.place('carried');
  await reached('carried', 'd1');
  await world.answer('carried', 'd1', 'offer.accept');
  await world.drive('d2', 200);
  await world.pass(2_000);
  await world.place('over');
  await reached('over', 'd2');
  await world.answer('over', 'd2', 'offer.reject', { reason: 'busy' });
  await world.send(
    'order',
    'over',
    { role: 'operator', id: 'o' },
    {
      ...{ type: 'order.cancel', reason: 'test' },
    },
  );
  await world.place('asked');
  await reached('asked', 'd2');
  await world.place('rescue', { searchMs: 2_000 });
  await world.pass(4_000);

  const read = async (kind: string) => {
    const actors: WholeActor[] = [];
    for await (const actor of world.store.scan(kind)) actors.push(structuredClone(actor));
    return actors;
  };
  const found = { order: await read('order'), shift: await read('shift') };
  const now = world.clock.now();
  await world.close();
  return { ...found, now };
}

type Sound = Awaited<ReturnType<typeof sound>>;

describe('verify', () => {
  let kept: Sound;
  beforeAll(async () => {
    kept = await sound();
  });

  /** The report on the sound database after `harm` was done to a copy of it. */
  async function reportOn(
    harm: (actors: Sound, order: (id: string) => WholeActor) => void = () => {},
    calls: Call[] = [],
  ) {
    const actors = structuredClone(kept);
    harm(actors, (id) => actors.order.find((order) => order.id === id) as WholeActor);
    const store = {
      now: async () => ({ at: actors.now, errorMs: 0 }),
      async *scan(kind: 'order' | 'shift') {
        yield* actors[kind];
      },
    } as unknown as Store;
    return verify({
      ...{ store, order: orderKind, shift: shiftKind, calls },
      servedSince: 0,
      hasOpenAlarm: async (id) => id === 'rescue',
    });
  }
  const last = ({ history }: WholeActor) => history.at(-1) as WholeActor['history'][number];

  it('[CMD3] finds nothing where nothing is wrong, and says what it looked at', async () => {
    expect(kept.order.map(({ id, state }) => [id, state])).toEqual([
      ['asked', 'pending.offered'],
      ['carried', 'preparing.toStore'],
      ['over', 'cancelled'],
      ['rescue', 'pending.unassigned'],
    ]);
    expect(await reportOn()).toMatchObject({
      ...{ orders: 4, shifts: 2, offers: 3, counts: {}, violations: [] },
    });
  });

  it.each<[string, string, Parameters<typeof reportOn>[0]]>([
    ['I2', 'a hold that the state does not give', (_, of) => void of('carried').holds.push('x#0')],
    [
      'I2',
      'a slot that two orders had at once',
      ({ now, order }, of) => {
        const twin = structuredClone(of('carried'));
        order.push({ ...twin, id: 'twin' });
        for (const entry of twin.history) entry.at = now - HOUR_MS;
      },
    ],
    [
      'I3',
      'an offer open past its time',
      (actors) => void Object.assign(actors, { now: actors.now + HOUR_MS }),
    ],
    [
      'I5',
      'a command that was taken twice',
      (_, of) => {
        const [first] = of('carried').history;
        Object.assign(last(of('carried')), { commandId: first?.commandId });
      },
    ],
    ['I6', 'a step that is missing', (_, of) => void of('carried').history.splice(1, 1)],
    [
      'I6',
      'another state than the history leads to',
      (_, of) => {
        of('carried').snapshot.context.itemCount = 99;
      },
    ],
    [
      'I7',
      'a step by someone who may not',
      (_, of) => {
        last(of('carried')).event.by = { role: 'customer', id: 'c1' };
      },
    ],
    [
      'I7',
      'a step that the machine does not take',
      (_, of) => {
        last(of('carried')).event = { ...last(of('carried')).event, type: 'order.arriveDoor' };
      },
    ],
    [
      'I11',
      'a step after the end',
      (_, of) => {
        const over = of('over');
        over.seq++;
        over.history.push({ ...last(over), seq: over.seq, commandId: 'late' });
      },
    ],
    ['I13', 'an order that nothing wakes', (_, of) => void delete of('carried').wakeAt],
    [
      'I13',
      'a rescue that nobody was told of',
      ({ order }, of) => {
        const { wakeAt: _wakeAt, ...forgotten } = structuredClone(of('rescue'));
        order.push({ ...forgotten, id: 'forgotten' });
      },
    ],
  ])('[CMD3] %s: finds %s', async (invariant, _what, harm) => {
    const { counts, violations } = await reportOn(harm);
    expect(counts).toHaveProperty(invariant);
    expect(violations.some((violation) => violation.invariant === invariant)).toBe(true);
  });

  describe('of what clients were told', () => {
    const call = (id: string, does: string, beganAt: number, more: Partial<Call> = {}): Call => ({
      ...{ actor: `order/${id}`, client: 'driver d1', does, beganAt, endedAt: beganAt + 1 },
      ...(more.outcome === undefined && { outcome: 'ok' }),
      ...more,
    });
    /** Each step of the order, as if its sender had been told of it; and a read after the last. */
    const told = (id: string): Call[] => {
      const { history, seq } = kept.order.find((order) => order.id === id) as WholeActor;
      return [
        ...history.map((entry) =>
          call(id, entry.event.type, entry.seq * 10, entry as Pick<Call, 'seq' | 'commandId'>),
        ),
        call(id, 'read', seq * 10 + 5, { seq }),
      ];
    };
    const whats = async (calls: Call[]) =>
      (await reportOn(undefined, calls)).violations.map(({ invariant, what }) => [invariant, what]);

    it('[CMD4] finds nothing where all of it is there', async () => {
      const unknown = call('over', 'order.cancel', 900, { outcome: 'unknown', commandId: 'lost' });
      const placing: Call = { client: 'customer c1', does: 'order.place', beganAt: 1 };
      const calls = [...told('carried'), ...told('over'), unknown, placing];
      const report = await reportOn(undefined, calls);
      expect(report).toMatchObject({ counts: {}, calls: calls.length });
      expect(report.acknowledged).toBe(calls.length - 2);
    });

    it('[CMD4] finds an acknowledged command that is not there, or has no order', async () => {
      const lost = call('carried', 'order.arriveStore', 900, { seq: 9, commandId: 'lost' });
      const gone = call('gone', 'order.arriveStore', 900, { seq: 1, commandId: 'x' });
      expect(await whats([...told('carried'), lost, gone])).toEqual([
        ['I4', "driver d1's order.arriveStore (lost) was acknowledged as #9: not there"],
        ['I4', "driver d1's order.arriveStore (x): no such order"],
      ]);
    });

    it('[CMD4] finds that two accepts of one order were acknowledged', async () => {
      const accept = told('carried').find(({ does }) => does === 'offer.accept') as Call;
      const other = { ...accept, client: 'driver d2', commandId: 'second' };
      expect(await whats([...told('carried'), other])).toEqual([
        ['I4', `driver d2's offer.accept (second) was acknowledged as #${accept.seq}: not there`],
        ['DST5', expect.stringMatching(/^#\d+ is both driver d1's .* and driver d2's/)],
        ['DST5', expect.stringMatching(/^both driver d1's .* and driver d2's .* won it$/)],
      ]);
    });

    it('[CMD4] finds a read that does not show what was acknowledged before it began, or shows too much', async () => {
      const stale = call('carried', 'read', 950, { seq: 1 });
      const ahead = call('carried', 'read', 960, { seq: 99 });
      expect(await whats([...told('carried'), stale, ahead])).toEqual([
        ['I4', "driver d1's read showed #99: not there"],
        ['DST5', expect.stringMatching(/^driver d1's read is #1, though .* before it began$/)],
      ]);
    });

    it('[CMD4] finds a refused command in the history, unless one attempt may have taken effect', async () => {
      const accept = told('carried').find(({ does }) => does === 'offer.accept') as Call;
      const { seq: _, ...unanswered } = accept;
      const refused: Call = { ...unanswered, outcome: 'fail', code: 'offer_closed' };
      expect(await whats([refused])).toEqual([
        ['I4', expect.stringMatching(/offer\.accept .* was refused \(offer_closed\): it is #\d+$/)],
      ]);
      expect(await whats([{ ...unanswered, outcome: 'unknown' }, refused])).toEqual([]);
    });
  });

  it('[CMD3] counts every violation, also those it does not list', async () => {
    const { counts, violations } = await reportOn(
      (_, of) => {
        of('carried').holds = [];
        of('carried').history = Array.from({ length: 300 }, () => last(of('over')));
      },
      Array.from({ length: 250 }, (_, n) => ({
        ...{ actor: 'order/no', client: 'driver d1', does: 'order.pickUp', outcome: 'ok' as const },
        ...{ beganAt: n, endedAt: n, seq: 1, commandId: `${n}` },
      })),
    );
    expect(counts.I4).toBe(250);
    expect(violations.filter(({ invariant }) => invariant === 'I4')).toHaveLength(100);
  });

  describe('of one order', () => {
    /** Violations of an order of which one replayed step, the last or the first of a type, was changed. */
    function notedOn(id: string, change: (step: ReplayStep) => void, type?: string): string[] {
      const order = kept.order.find((each) => each.id === id) as WholeActor;
      const steps = [
        ...replay(orderKind, id, order.machineVersion, structuredClone(order.history)),
      ].map(({ entry, before, after }) =>
        structuredClone({ entry, before: plain(before), after: plain(after) }),
      ) as ReplayStep[];
      change((steps.find(({ entry }) => entry.event.type === type) ?? steps.at(-1)) as ReplayStep);
      const noted: string[] = [];
      checkOrder(order, steps, { now: 0, servedSince: 0 }, (invariant) => noted.push(invariant));
      return noted;
    }
    const plain = ({ status, value, context }: ReplayStep['after']) => ({ status, value, context });

    it('[CMD3] I1: finds a driver who changed without a hand-over', () => {
      expect(notedOn('carried', () => {})).toEqual([]);
      const noted = notedOn('carried', ({ entry }) => {
        entry.event.type = 'order.stall';
      });
      expect(noted).toContain('I1');
    });

    it('[CMD3] I3: finds an offer that ended without an outcome', () => {
      const noted = notedOn('carried', ({ entry }) => {
        entry.result = {};
      });
      expect(noted).toContain('I3');
    });

    it('[CMD3] I12: finds an offer to someone who had turned the order down', () => {
      const [offer] = (kept.order.find(({ id }) => id === 'asked')?.snapshot.context.offers ??
        []) as { offerId: string; driverId: string }[];
      const noted = notedOn(
        'asked',
        ({ entry }) => {
          entry.result = { closed: [{ ...offer, offerId: 'earlier', outcome: 'rejected' }] };
        },
        'order.place',
      );
      expect(noted).toContain('I12');
    });
  });
});
