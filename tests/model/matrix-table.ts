import type { State } from '../../machines/common.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { shiftMachine } from '../../machines/shift-machine.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  stateOf,
  store,
  system,
  T0,
} from '../machines/journey.ts';
import type { MachineName } from './levels.ts';
import type { Cast } from './matrix-cast.ts';
import { attemptsIn, matrixStates, tableCells } from './matrix-cells.ts';

const d1 = driver('d1');
const CAST: Cast = {
  ...{ customer, store, operator, driver: d1, other: driver('d2') },
  strangers: {
    customer: { role: 'customer', id: 'stranger' },
    store: { role: 'store', id: 'stranger' },
    driver: driver('stranger'),
  },
};

/** The event tables with the bare machines: which cells they allow, of how many. */
export function tryOnTable(machine: MachineName): { cells: number; found: Set<string> } {
  const states = machine === 'order' ? orderStates() : shiftStates();
  const found = tableCells(machine, CAST, (state, lost) => {
    const example = states.get(lost ? `${state} lost` : state) ?? states.get(state);
    if (!example) throw new Error(`there is no example of ${machine} ${state}`);
    return example;
  });
  const cells = matrixStates(machine).reduce(
    (sum, state) => sum + attemptsIn(machine, state, CAST).length,
    0,
  );
  return { cells, found };
}

function orderStates(): Map<string, State> {
  const failed = journeyTo('atDoor').send(d1, { type: 'order.fail', reason: 'nobody home' });
  const returning = failed.send(d1, { type: 'order.startReturn' });
  const journeys: Journey[] = [
    ...[buildJourney({ searchAt: T0 + 1_000_000 }), buildJourney(), buildJourney().due()],
    ...(['offered', 'toStore', 'atStore', 'enRoute', 'atDoor'] as const).map((leg) =>
      journeyTo(leg),
    ),
    ...[failed, returning, returning.send(store, { type: 'order.completeReturn' })],
    journeyTo('atDoor').send(d1, { type: 'order.deliver', pin: '4711' }),
    buildJourney().send(customer, { type: 'order.cancel', reason: 'no need' }),
  ];
  const lose = { type: 'driver.lose', driverId: d1.id } as const;
  const lost = journeys
    .filter((journey) => stateOf(journey) !== 'pending.offered' && journey.takes(system, lose))
    .map((journey): [string, State] => [
      `${stateOf(journey)} lost`,
      journey.send(system, lose).state,
    ]);
  return new Map([
    ...journeys.map((journey): [string, State] => [stateOf(journey), journey.state]),
    ...lost,
  ]);
}

/** Each with a strike, since some events wait for that. */
function shiftStates(): Map<string, State> {
  const after = (...commands: (readonly [typeof d1, ShiftCommand])[]): State =>
    commands.reduce((state, [by, command]) => {
      const next = step(shiftMachine, state, { ...command, at: T0, by });
      if (!next) throw new Error(`${command.type} is not taken`);
      return next;
    }, initialState(shiftMachine));
  const start: [typeof d1, ShiftCommand] = [
    d1,
    {
      type: 'shift.start',
      ...{ shiftId: 'sh1', driverId: d1.id, zone: 'z1', capacity: 1 },
      policy: { strikesToPause: 3, pauseMs: 600_000 },
    },
  ];
  const struck = [system, { type: 'shift.strike', orderId: 'o1', offerId: 'struck' }] as const;
  const pause = { type: 'shift.pause', untilAt: T0 + 60_000, reason: 'by hand' } as const;
  return new Map([
    ['onDuty.available', after(start, struck)],
    ['onDuty.onBreak', after(start, struck, [d1, { type: 'shift.break' }])],
    ['onDuty.paused', after(start, struck, [operator, pause])],
    ['ended', after(start, [d1, { type: 'shift.end' }])],
  ]);
}
