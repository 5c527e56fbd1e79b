import { describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import {
  buildJourney,
  context,
  driver,
  journeyTo,
  operator,
  POLICY,
  request,
  stateOf,
  system,
} from './journey.ts';

const [d1, d2, d3] = ['d1', 'd2', 'd3'].map(driver) as [
  ReturnType<typeof driver>,
  ReturnType<typeof driver>,
  ReturnType<typeof driver>,
];
const seen = (id: string) => ({ type: 'offer.seen', offerId: `f-${id}` }) as const;
const accept = (id: string) => ({ type: 'offer.accept', offerId: `f-${id}` }) as const;
const reject = (id: string) =>
  ({ type: 'offer.reject', offerId: `f-${id}`, reason: 'too_far' }) as const;
const open = (...ids: string[]) =>
  ({ type: 'offer.open', offers: ids.map((id) => request(id)) }) as const;
const OPEN_MS = POLICY.offerMs + POLICY.graceMs;

describe('offers', () => {
  it('[ORD3] opens a batch in one step, each offer with its own instants', () => {
    const journey = buildJourney().send(system, open('d1', 'd2'));
    expect(stateOf(journey)).toBe('pending.offered');
    expect(journey.result).toMatchObject({
      opened: [
        {
          driverId: 'd1',
          offeredAt: journey.at,
          seenBy: journey.at + POLICY.seenMs,
          expiresAt: journey.at + POLICY.offerMs,
          closesAt: journey.at + OPEN_MS,
        },
        { driverId: 'd2' },
      ],
    });
  });

  it('[ORD3] asks no driver twice at once', () => {
    expect(buildJourney().takes(system, open('d1', 'd1'))).toBe(false);
    expect(journeyTo('offered').takes(operator, open('d1'))).toBe(false);
    expect(journeyTo('offered').takes(operator, open('d2'))).toBe(true);
    expect(journeyTo('offered').takes(system, open('d2'))).toBe(false);
  });

  it('[ORD3] lets only an operator ask a driver who turned the order down', () => {
    const journey = journeyTo('offered').send(d1, reject('d1'));
    expect(journey.takes(system, open('d1'))).toBe(false);
    expect(journey.takes(operator, open('d1'))).toBe(true);
  });

  it('[ORD4] gives the order to the first who accepts and withdraws the rest in the same step', () => {
    const journey = buildJourney()
      .send(system, open('d1', 'd2', 'd3'))
      .send(d2, accept('d2'));
    expect(stateOf(journey)).toBe('preparing.toStore');
    expect(context(journey).assignment).toMatchObject({ driverId: 'd2', forced: false });
    expect(journey.result).toMatchObject({
      closed: [
        { driverId: 'd1', outcome: 'withdrawn', reason: 'taken' },
        { driverId: 'd2', outcome: 'accepted' },
        { driverId: 'd3', outcome: 'withdrawn' },
      ],
    });
    expect(journey.effects).toEqual(['shift.answer f-d2']);
    expect(journey.takes(d1, accept('d1'))).toBe(false);
  });

  it('[ORD4] takes an answer until closesAt, and not from then on', () => {
    const journey = journeyTo('offered');
    expect(journey.takes(d1, accept('d1'), OPEN_MS - 1)).toBe(true);
    expect(journey.takes(d1, accept('d1'), OPEN_MS)).toBe(false);
    expect(journey.takes(d1, reject('d1'), OPEN_MS)).toBe(false);
    expect(journey.takes(d1, seen('d1'), OPEN_MS)).toBe(false);
    const [offer] = context(journey).offers;
    const event = { ...accept('d1'), at: journey.at, by: d1 };
    expect(orderKind.notAfter(journey.state, event)).toBe(offer?.closesAt);
  });

  it('[ORD3] opens an offer before the phone ought to have shown it, or not at all', () => {
    const journey = buildJourney();
    const opened = journey.send(system, open('d1'));
    const [offer] = context(opened).offers;
    const event = { ...open('d1'), at: opened.at, by: system };
    expect(orderKind.notAfter(journey.state, event)).toBe(offer?.seenBy);
  });

  it('[ORD4] does not take an answer to the offer of another', () => {
    expect(journeyTo('offered').takes(d2, accept('d1'))).toBe(false);
    const both = buildJourney().send(system, open('d1', 'd2'));
    expect(both.takes(d2, accept('d1'))).toBe(false);
    expect(both.takes(d2, reject('d1'))).toBe(false);
  });

  it('[ORD5] keeps the other offers open when one driver rejects, then searches on without him', () => {
    const one = buildJourney().send(system, open('d1', 'd2')).send(d1, reject('d1'));
    expect(stateOf(one)).toBe('pending.offered');
    expect(one.result).toMatchObject({
      closed: [{ driverId: 'd1', outcome: 'rejected', reason: 'too_far' }],
    });
    const both = one.send(d2, reject('d2'));
    expect(stateOf(both)).toBe('pending.searching');
    expect(context(both)).toMatchObject({
      excluded: ['d1', 'd2'],
      search: { misses: 2, readyAt: both.at },
    });
  });

  it('[ORD5] strikes and excludes a driver whose phone showed the offer and who let it lapse', () => {
    const journey = journeyTo('offered').send(d1, seen('d1')).due();
    expect(stateOf(journey)).toBe('pending.searching');
    expect(journey.result).toMatchObject({ closed: [{ outcome: 'expired' }] });
    expect(journey.effects).toEqual(['shift.strike f-d1']);
    expect(context(journey).excluded).toEqual(['d1']);
  });

  it('[ORD5] ends in one step every offer whose time has come, and no other', () => {
    const journey = buildJourney()
      .send(system, open('d1', 'd2'))
      .send(operator, open('d3'), 4_000)
      .send(d1, seen('d1'), 0)
      .send(d2, seen('d2'), 0)
      .send(d3, seen('d3'), 0)
      .due();
    expect(journey.result).toMatchObject({ closed: [{ driverId: 'd1' }, { driverId: 'd2' }] });
    expect(context(journey).offers.map((offer) => offer.driverId)).toEqual(['d3']);
  });

  it('[ORD5] bars a driver from whom an operator takes the offer back, not one the system spares', () => {
    const withdraw = { type: 'offer.withdraw', driverId: 'd1', reason: 'ended shift' } as const;
    const byOperator = journeyTo('offered').send(operator, withdraw);
    expect(byOperator.result).toMatchObject({
      closed: [{ outcome: 'withdrawn', reason: 'ended shift' }],
    });
    expect(context(byOperator).excluded).toEqual(['d1']);
    expect(context(journeyTo('offered').send(system, withdraw)).excluded).toEqual([]);
  });

  it('[ORD6] withdraws an offer the phone never showed, without blame', () => {
    const journey = journeyTo('offered').due();
    expect(journey.result).toMatchObject({ closed: [{ outcome: 'undelivered' }] });
    expect(journey.effects).toEqual([]);
    expect(context(journey)).toMatchObject({ excluded: [], unreached: { d1: journey.at } });
  });

  it('[ORD6] lets seen offers stand when unseen ones are withdrawn', () => {
    const journey = buildJourney().send(system, open('d1', 'd2')).send(d2, seen('d2')).due();
    expect(context(journey).offers.map((offer) => offer.driverId)).toEqual(['d2']);
  });

  it('[ORD6] calls an unseen offer undelivered even when its expiry is what ends it', () => {
    const journey = buildJourney({ policy: { ...POLICY, seenMs: 60_000 } })
      .send(system, open('d1'))
      .due();
    expect(journey.steps.at(-1)?.event.type).toBe('offer.expire');
    expect(journey.result).toMatchObject({ closed: [{ outcome: 'undelivered' }] });
  });

  it('[ORD7] blames nobody for an expiry that we noticed more than 5 s late, and gives the time back', () => {
    const offered = journeyTo('offered').send(d1, seen('d1'));
    const inTime = offered.due(5_000);
    expect(inTime.effects).toEqual(['shift.strike f-d1']);
    expect(context(inTime).search?.giveUpAt).toBe(context(offered).search?.giveUpAt);
    const late = offered.due(60_000);
    expect(late.effects).toEqual([]);
    expect(context(late).search?.giveUpAt).toBe((context(offered).search?.giveUpAt ?? 0) + 60_000);
  });

  it('[ORD18] tells the driver how his offer ended, and nobody else', () => {
    const journey = buildJourney().send(system, open('d1', 'd2')).send(d2, accept('d2'));
    const history = journey.steps.map(({ before, event, after }) => ({
      seq: 0,
      at: 0,
      event: event as never,
      from: '',
      to: '',
      by: event.by,
      commandId: '',
      payloadHash: '',
      result: orderKind.resultOf(before, event, after),
    }));
    const ask = (id: string, offerId: string) =>
      orderKind.refusalOf(
        journey.state,
        { type: 'offer.accept', offerId, at: journey.at, by: driver(id) } as never,
        history,
      );
    expect(ask('d1', 'f-d1')).toMatchObject({
      code: 'offer_closed',
      details: { outcome: 'withdrawn' },
    });
    expect(ask('d2', 'f-d2')).toMatchObject({ details: { outcome: 'accepted' } });
    expect(ask('d3', 'f-d1')).toBeUndefined();
    expect(ask('d1', 'f-unknown')).toBeUndefined();
  });

  it('[ORD18] tells a driver who answers too late that the offer has expired', () => {
    const journey = journeyTo('offered');
    const event = { ...accept('d1'), at: journey.at + OPEN_MS, by: d1 };
    expect(orderKind.refusalOf(journey.state, event, [])).toMatchObject({
      code: 'offer_closed',
      details: { outcome: 'expired', late: true },
    });
    const inTime = { ...event, at: journey.at };
    expect(orderKind.refusalOf(journey.state, inTime, [])).toBeUndefined();
  });
});

describe('holds', () => {
  it('[ORD17] keeps a driver his one offer and a slot, then the slot, then nothing', () => {
    const holds = (journey: ReturnType<typeof buildJourney>) => orderKind.holdsOf(journey.state);
    expect(holds(buildJourney())).toEqual([]);
    expect(holds(journeyTo('offered'))).toEqual(['d1#offer', 'd1#0']);
    expect(holds(journeyTo('toStore'))).toEqual(['d1#0']);
    const done = journeyTo('atDoor').send(d1, { type: 'order.deliver', pin: '4711' });
    expect(holds(done)).toEqual([]);
  });

  const stamped = (command: object) => ({ ...command, at: 0, by: system }) as never;
  const two = {
    type: 'offer.open',
    offers: [{ ...request('d1'), capacity: 2 }, request('d2')],
  };

  it('[ORD17] names every slot that an event could live with', () => {
    expect(orderKind.holdCandidates(stamped(two))).toEqual([
      'd1#offer',
      'd1#0',
      'd1#1',
      'd2#offer',
      'd2#0',
    ]);
    const assign = { type: 'order.assign', driverId: 'd1', slot: 0, capacity: 2, reason: 'x' };
    expect(orderKind.holdCandidates(stamped(assign))).toEqual(['d1#0', 'd1#1']);
    expect(orderKind.holdCandidates(stamped({ type: 'order.late' }))).toEqual([]);
  });

  it('[ORD17] moves to a free slot, or says who is busy', () => {
    expect(orderKind.rebook(stamped(two), new Set(['d1#0']))).toMatchObject({
      event: {
        offers: [
          { driverId: 'd1', slot: 1 },
          { driverId: 'd2', slot: 0 },
        ],
      },
    });
    expect(orderKind.rebook(stamped(two), new Set(['d1#offer', 'd2#0']))).toEqual({
      busy: ['d1', 'd2'],
    });
    const assign = { type: 'order.assign', driverId: 'd1', slot: 1, capacity: 2, reason: 'x' };
    expect(orderKind.rebook(stamped(assign), new Set(['d1#1']))).toMatchObject({
      event: { slot: 0 },
    });
    expect(orderKind.rebook(stamped(assign), new Set(['d1#offer']))).toMatchObject({
      event: { slot: 1 },
    });
    expect(orderKind.rebook(stamped(assign), new Set(['d1#0', 'd1#1']))).toEqual({
      busy: ['d1'],
    });
  });
});
