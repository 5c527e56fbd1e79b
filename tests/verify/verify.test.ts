import { beforeAll, describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ReplayStep } from '../../src/engine/replay.ts';
import { replay } from '../../src/engine/replay.ts';
import type { Store } from '../../src/engine/store.ts';
import { checkOrder } from '../../src/verify/check-order.ts';
import { type Acknowledged, verify, type WholeActor } from '../../src/verify/verify.ts';
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
    acknowledged: Acknowledged[] = [],
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
      ...{ store, order: orderKind, shift: shiftKind, acknowledged },
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

  it('[CMD3] I4: finds an acknowledged command that is not there, or has no order', async () => {
    const { id, history } = kept.order[1] as WholeActor;
    const acks = history.map(({ seq, commandId }) => ({ kind: 'order', id, seq, commandId }));
    expect((await reportOn(undefined, acks)).counts).toEqual({});
    const lost = [...acks, { kind: 'order', id, seq: 9, commandId: 'lost' }];
    const gone = { kind: 'order', id: 'gone', seq: 1, commandId: 'x' };
    expect((await reportOn(undefined, [...lost, gone])).counts).toEqual({ I4: 2 });
  });

  it('[CMD3] counts every violation, also those it does not list', async () => {
    const { counts, violations } = await reportOn(
      (_, of) => {
        of('carried').holds = [];
        of('carried').history = Array.from({ length: 300 }, () => last(of('over')));
      },
      Array.from({ length: 250 }, (_, n) => ({
        kind: 'order',
        id: 'no',
        seq: 1,
        commandId: `${n}`,
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
