import type { Actor, StampedEvent, State } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { shiftMachine } from '../../machines/shift-machine.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  POLICY,
  request,
  store,
  system,
  T0,
} from './journey.ts';

const d1 = driver('d1');
const d2 = driver('d2');
const d3 = driver('d3');
const open = (...ids: string[]) =>
  ({ type: 'offer.open', offers: ids.map((id) => request(id)) }) as const;
const seen = (id: string) => ({ type: 'offer.seen', offerId: `f-${id}` }) as const;
const accept = (id: string) => ({ type: 'offer.accept', offerId: `f-${id}` }) as const;
const assign = (driverId: string) =>
  ({ type: 'order.assign', driverId, slot: 0, capacity: 1, reason: 'by hand' }) as const;

/** Lives that together take every kind of step; recorded once per machine version, replayed ever after. */
const GOLDEN_JOURNEYS: Record<string, () => Journey> = {
  delivered: () =>
    buildJourney()
      .send(system, open('d1'))
      .send(d1, seen('d1'))
      .due()
      .send(system, open('d2', 'd3'))
      .send(d2, seen('d2'))
      .send(d2, { type: 'offer.reject', offerId: 'f-d2', reason: 'too_far' })
      .send(d3, accept('d3'))
      .send(store, { type: 'store.ready' })
      .send(d3, { type: 'order.arriveStore' })
      .send(d3, { type: 'order.pickUp' })
      .send(d3, { type: 'order.arriveDoor' })
      .send(d3, { type: 'order.deliver', pin: '0000' })
      .send(d3, { type: 'order.deliver', pin: '4711' }),
  rescued: () =>
    buildJourney()
      .send(system, open('d1'))
      .due()
      .due(30_000)
      .due()
      .send(operator, { type: 'search.start', widenMeters: 2_000, clearExcluded: true })
      .due()
      .send(operator, open('d2'))
      .send(system, { type: 'offer.withdraw', driverId: 'd2', reason: 'shift_ended' })
      .send(operator, assign('d2'))
      .send(d2, { type: 'order.release', reason: 'flat tyre' })
      .send(operator, assign('d3'))
      .send(operator, { type: 'order.cancel', reason: 'store closed' }),
  lost: () =>
    journeyTo('toStore')
      .send(system, { type: 'driver.lose', driverId: 'd1' })
      .due()
      .send(system, open('d2'))
      .send(system, { type: 'driver.lose', driverId: 'd2' })
      .send(system, open('d2'))
      .send(d2, accept('d2'))
      .send(d2, { type: 'order.arriveStore' })
      .send(d2, { type: 'order.pickUp' })
      .send(system, { type: 'driver.lose', driverId: 'd2' })
      .send(system, { type: 'driver.find', driverId: 'd2' })
      .send(operator, assign('d3'))
      .send(operator, { type: 'order.deliver', reason: 'customer called' }),
  returned: () =>
    journeyTo('atDoor', {
      searchAt: T0,
      promisedAt: T0 + 700_000,
      policy: { ...POLICY, stallMs: 300_000 },
    })
      .due()
      .due()
      .due()
      .due()
      .send(d1, { type: 'order.fail', reason: 'nobody home' })
      .send(d1, { type: 'order.startReturn' })
      .send(store, { type: 'order.completeReturn' }),
  scheduled: () =>
    buildJourney({ searchAt: T0 + 600_000 })
      .due()
      .send(system, open('d1'))
      .send(customer, { type: 'order.cancel', reason: 'changed my mind' }),
  'pin-locked': () =>
    journeyTo('atDoor')
      .send(d1, { type: 'order.deliver', pin: '0001' })
      .send(d1, { type: 'order.deliver', pin: '0002' })
      .send(d1, { type: 'order.deliver', pin: '0003' })
      .send(operator, { type: 'order.deliver', reason: 'customer called' }),
};

/** One driver's shift with every kind of event in it. */
function shiftSteps(): Recorded[] {
  const moves: [Actor, ShiftCommand, number][] = [
    [
      d1,
      {
        type: 'shift.start',
        shiftId: 'sh1',
        driverId: 'd1',
        zone: 'z1',
        capacity: 2,
        policy: { strikesToPause: 2, pauseMs: 600_000 },
      },
      0,
    ],
    [system, { type: 'shift.strike', orderId: 'o1', offerId: 'f1' }, 1_000],
    [system, { type: 'shift.answer', orderId: 'o2', offerId: 'f2' }, 2_000],
    [system, { type: 'shift.strike', orderId: 'o3', offerId: 'f3' }, 3_000],
    [system, { type: 'shift.strike', orderId: 'o4', offerId: 'f4' }, 4_000],
    [system, { type: 'shift.unpause' }, 604_000],
    [d1, { type: 'shift.break' }, 605_000],
    [d1, { type: 'shift.resume' }, 606_000],
    [operator, { type: 'shift.pause', untilAt: T0 + 900_000, reason: 'check the bike' }, 607_000],
    [operator, { type: 'shift.unpause', reason: 'checked' }, 608_000],
  ];
  let state = initialState(shiftMachine);
  return moves.map(([by, command, afterMs]) => {
    const event = { ...command, at: T0 + afterMs, by };
    const after = step(shiftMachine, state, event);
    if (!after) throw new Error(`${command.type} is not taken`);
    const before = state;
    state = after;
    return { before, event, after };
  });
}

/** Two ends of the same shift. */
function shiftEnding(command: ShiftCommand, by: Actor): Recorded[] {
  const steps = shiftSteps();
  const before = (steps.at(-1) as Recorded).after;
  const event = { ...command, at: T0 + 700_000, by };
  const after = step(shiftMachine, before, event);
  if (!after) throw new Error(`${command.type} is not taken`);
  return [...steps, { before, event, after }];
}

/** Every recording there should be, by file name, as the store would keep the actor. */
export const recordings = (): Record<string, ReturnType<typeof record>> => ({
  ...Object.fromEntries(
    Object.entries(GOLDEN_JOURNEYS).map(([name, build]) => [
      `order-v${orderKind.currentVersion}-${name}.json`,
      record(orderKind, build().steps),
    ]),
  ),
  [`shift-v${shiftKind.currentVersion}-ended.json`]: record(
    shiftKind,
    shiftEnding({ type: 'shift.end', reason: 'home' }, d1),
  ),
  [`shift-v${shiftKind.currentVersion}-excused.json`]: record(
    shiftKind,
    shiftEnding({ type: 'shift.excuse', orderId: 'o4', offerId: 'f4' }, system),
  ),
  [`shift-v${shiftKind.currentVersion}-lost.json`]: record(
    shiftKind,
    shiftEnding({ type: 'shift.lose', seenAt: T0 + 600_000 }, system),
  ),
});

interface Recorded {
  before: State;
  event: StampedEvent;
  after: State;
}

function record(kind: typeof orderKind | typeof shiftKind, steps: readonly Recorded[]) {
  const { after } = steps.at(-1) as Recorded;
  return {
    kind: kind.name,
    machineVersion: kind.currentVersion,
    history: steps.map((taken, index) => ({
      seq: index + 1,
      at: taken.event.at,
      event: taken.event,
      from: kind.stateOf(taken.before),
      to: kind.stateOf(taken.after),
      by: taken.event.by,
      commandId: `command-${index + 1}`,
      payloadHash: '',
      result: kind.resultOf(taken.before, taken.event, taken.after),
    })),
    holds: kind.holdsOf(after),
    snapshot: { status: after.status, value: after.value, context: after.context },
  };
}
