import { describe, expect, it } from '@jest/globals';
import type { Actor, State } from '../../machines/common.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { SHIFT_EVENT_TYPES } from '../../machines/shift-events.ts';
import { exampleOfShift } from '../../machines/shift-example.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { shiftMachine } from '../../machines/shift-machine.ts';
import { pauseOf, shiftOf, stateOf } from '../../machines/shift-readers.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';

const T0 = 1_700_000_000_000;
const PAUSE_MS = 600_000;
const d1: Actor = { role: 'driver', id: 'd1' };
const d2: Actor = { role: 'driver', id: 'd2' };
const operator: Actor = { role: 'operator', id: 'op1' };
const system: Actor = { role: 'system', id: 'dispatch' };

const start: ShiftCommand = {
  type: 'shift.start',
  shiftId: 'sh1',
  driverId: 'd1',
  zone: 'z1',
  capacity: 2,
  policy: { strikesToPause: 3, pauseMs: PAUSE_MS },
};
const strike = (offerId: string): ShiftCommand => ({
  type: 'shift.strike',
  orderId: 'o1',
  offerId,
});
const excuse = (offerId: string, liftsUntil?: number): ShiftCommand => ({
  ...{ type: 'shift.excuse', orderId: 'o1', offerId },
  ...(liftsUntil === undefined ? {} : { liftsUntil }),
});
const answer: ShiftCommand = { type: 'shift.answer', orderId: 'o1', offerId: 'f9' };

const tryOut = (state: State, by: Actor, command: ShiftCommand, at = T0) =>
  step(shiftMachine, state, { ...command, at, by });

/** Takes the commands one after the other; throws at one that is not taken. */
function shiftAfter(...commands: [Actor, ShiftCommand, number?][]): State {
  return commands.reduce((state, [by, command, at]) => {
    const next = tryOut(state, by, command, at);
    if (!next) throw new Error(`${command.type} is not taken in ${stateOf(state)}`);
    return next;
  }, initialState(shiftMachine));
}
const onDuty = shiftAfter([d1, start]);
const paused = shiftAfter(
  [d1, start],
  ...['f1', 'f2', 'f3'].map((f) => [system, strike(f)] as [Actor, ShiftCommand]),
);

/** Effects of one command. */
const effects = (state: State, by: Actor, command: ShiftCommand, at = T0) => {
  const event = { ...command, at, by };
  const next = step(shiftMachine, state, event);
  if (!next) throw new Error(`${command.type} is not taken in ${stateOf(state)}`);
  return shiftKind.effectsOf(state, event, next).map(({ type }) => type);
};

describe('shift', () => {
  it('[SHF1] puts a driver on duty, one shift at a time, until it ends', () => {
    expect(stateOf(onDuty)).toBe('onDuty.available');
    expect(shiftKind.holdsOf(onDuty)).toEqual(['d1#shift']);
    expect(shiftKind.columnsOf(onDuty)).toMatchObject({ driverId: 'd1', live: true });
    const ended = shiftAfter([d1, start], [d1, { type: 'shift.end' }]);
    expect(ended.status).toBe('done');
    expect(shiftKind.holdsOf(ended)).toEqual([]);
    expect(shiftKind.columnsOf(ended).live).toBeUndefined();
    const stamped = { ...start, at: T0, by: d1 };
    expect(shiftKind.holdCandidates(stamped)).toEqual(['d1#shift']);
    expect(shiftKind.rebook(stamped, new Set(['d1#shift']))).toEqual({ busy: ['d1'] });
    expect(shiftKind.rebook(stamped, new Set())).toEqual({ event: stamped });
  });

  it('[SHF2] tells dispatch when the driver is away, back and gone', () => {
    const onBreak = shiftAfter([d1, start], [d1, { type: 'shift.break' }]);
    expect(effects(initialState(shiftMachine), d1, start)).toEqual(['driver.back']);
    expect(effects(onDuty, d1, { type: 'shift.break' })).toEqual(['driver.away']);
    expect(effects(onBreak, d1, { type: 'shift.resume' })).toEqual(['driver.back']);
    expect(effects(onDuty, d1, { type: 'shift.end' })).toEqual(['driver.gone']);
    expect(effects(onBreak, system, { type: 'shift.lose', seenAt: T0 })).toEqual(['driver.gone']);
    expect(effects(onDuty, system, strike('f1'))).toEqual([]);
  });

  it('[SHF3] pauses after three strikes in a row, for as long as the policy says', () => {
    expect(stateOf(shiftAfter([d1, start], [system, strike('f1')], [system, strike('f2')]))).toBe(
      'onDuty.available',
    );
    expect(stateOf(paused)).toBe('onDuty.paused');
    expect(shiftOf(paused)).toMatchObject({ pausedUntil: T0 + PAUSE_MS, strikes: 0 });
    expect(shiftKind.nextWakeAt(paused)).toBe(T0 + PAUSE_MS);
    expect(shiftKind.dueEvent(paused, T0 + PAUSE_MS - 1)).toBeUndefined();
    expect(shiftKind.dueEvent(paused, T0 + PAUSE_MS)).toEqual({
      event: { type: 'shift.unpause' },
      dueAt: T0 + PAUSE_MS,
    });
    expect(tryOut(paused, system, { type: 'shift.unpause' }, T0 + PAUSE_MS - 1)).toBeUndefined();
    const back = tryOut(paused, system, { type: 'shift.unpause' }, T0 + PAUSE_MS) as State;
    expect(stateOf(back)).toBe('onDuty.available');
    expect(shiftKind.nextWakeAt(back)).toBeUndefined();
  });

  it('[SHF3] pauses a driver on a break too, and counts on during a pause', () => {
    const onBreak = shiftAfter(
      [d1, start],
      [d1, { type: 'shift.break' }],
      [system, strike('f1')],
      [system, strike('f2')],
      [system, strike('f3')],
    );
    expect(stateOf(onBreak)).toBe('onDuty.paused');
    const more = tryOut(paused, system, strike('f4'), T0 + 5) as State;
    expect(shiftOf(more)).toMatchObject({ strikes: 1, pausedUntil: T0 + PAUSE_MS });
  });

  it('[SHF4] forgets the strikes when an offer is answered', () => {
    const struck = shiftAfter([d1, start], [system, strike('f1')], [system, strike('f2')]);
    const answered = tryOut(struck, system, answer) as State;
    expect(shiftOf(answered).strikes).toBe(0);
    expect(tryOut(answered, system, answer)).toBeUndefined();
  });

  it('[SHF5] counts one offer once, however often the strike is sent', () => {
    const struck = shiftAfter([d1, start], [system, strike('f1')]);
    expect(tryOut(struck, system, strike('f1'))).toBeUndefined();
    const many = shiftAfter(
      [d1, start],
      ...Array.from({ length: 12 }, (_, i): [Actor, ShiftCommand] => [system, strike(`f${i}`)]),
    );
    expect(shiftOf(many).struckOffers).toHaveLength(8);
  });

  it('[SHF9] takes an excused strike back, whichever of the two comes first', () => {
    const struck = shiftAfter([d1, start], [system, strike('f1')], [system, strike('f2')]);
    const excused = tryOut(struck, system, excuse('f2')) as State;
    expect(shiftOf(excused).strikes).toBe(1);
    expect(tryOut(excused, system, excuse('f2'))).toBeUndefined();
    expect(tryOut(excused, system, strike('f2'))).toBeUndefined();
    const early = shiftAfter([d1, start], [system, excuse('f1')]);
    expect(tryOut(early, system, strike('f1'))).toBeUndefined();
    // A strike that an answer has wiped out already is not taken back from those after it.
    const anew = shiftAfter(
      ...([
        [d1, start],
        [system, strike('f1')],
        [system, answer],
      ] as [Actor, ShiftCommand][]),
      ...([
        [system, strike('f2')],
        [system, excuse('f1')],
      ] as [Actor, ShiftCommand][]),
    );
    expect(shiftOf(anew).strikes).toBe(1);
  });

  it('[SHF9] lifts the pause that an excused strike brought about, and no other', () => {
    const lifted = tryOut(paused, system, excuse('f3', T0 + PAUSE_MS)) as State;
    expect(stateOf(lifted)).toBe('onDuty.available');
    expect(shiftOf(lifted)).toMatchObject({ strikes: 2, pausedUntil: null });
    const again = tryOut(lifted, system, strike('f4')) as State;
    expect(stateOf(again)).toBe('onDuty.paused');
    // One that an operator gave, or prolonged, stays.
    expect(stateOf(tryOut(paused, system, excuse('f3')) as State)).toBe('onDuty.paused');
    expect(stateOf(tryOut(paused, system, excuse('f9', T0 + PAUSE_MS)) as State)).toBe(
      'onDuty.paused',
    );
  });

  it('[SHF9] excuses three in a row; an answer in time starts the row anew', () => {
    const three = shiftAfter(
      [d1, start],
      ...['f1', 'f2', 'f3'].map((f): [Actor, ShiftCommand] => [system, excuse(f)]),
    );
    expect(tryOut(three, system, excuse('f4'))).toBeUndefined();
    const trusted = tryOut(three, system, answer) as State;
    expect(tryOut(trusted, system, answer)).toBeUndefined();
    expect(tryOut(trusted, system, excuse('f4'))).toBeDefined();
    expect(tryOut(trusted, system, strike('f1'))).toBeUndefined();
  });

  it('[SHF10] tells why it is paused', () => {
    const steps = (...to: [string, string, object?][]) =>
      to.map(([type, state, more], i) => ({
        event: { type, ...more },
        from: to[i - 1]?.[1] ?? 'new',
        to: state,
      }));
    const byStrikes = steps(
      ['shift.strike', 'onDuty.available'],
      ['shift.strike', 'onDuty.paused'],
      ['shift.strike', 'onDuty.paused'],
    );
    expect(pauseOf(byStrikes)).toEqual({ why: 'strikes' });
    const byOperator = steps(
      ['shift.strike', 'onDuty.paused'],
      ['shift.pause', 'onDuty.paused', { reason: 'check the bike' }],
    );
    expect(pauseOf(byOperator)).toEqual({ why: 'operator', reason: 'check the bike' });
    expect(
      pauseOf(steps(['shift.strike', 'onDuty.paused'], ['shift.unpause', 'onDuty.available'])),
    ).toBeUndefined();
  });

  it('[SHF6] is paused by an operator until an instant that lies ahead', () => {
    const pause = (untilAt: number): ShiftCommand => ({
      type: 'shift.pause',
      untilAt,
      reason: 'check the bike',
    });
    expect(tryOut(onDuty, operator, pause(T0))).toBeUndefined();
    const once = tryOut(onDuty, operator, pause(T0 + 1_000)) as State;
    expect(stateOf(once)).toBe('onDuty.paused');
    expect(tryOut(once, operator, pause(T0 + 1_000))).toBeUndefined();
    const longer = tryOut(once, operator, pause(T0 + 2_000)) as State;
    expect(shiftOf(longer).pausedUntil).toBe(T0 + 2_000);
    expect(tryOut(longer, operator, { type: 'shift.unpause' })).toBeDefined();
  });

  it('[SHF7] ends as lost when nothing is heard of the driver', () => {
    const lost = tryOut(onDuty, system, { type: 'shift.lose', seenAt: T0 - 1 }) as State;
    expect(shiftOf(lost).ending).toEqual({ by: system, reason: 'lost', at: T0 });
  });

  it('[SHF8] takes from each role what the table grants, and nothing of another’s shift', () => {
    expect(shiftKind.legalEvents(onDuty, d1)).toEqual(['shift.break', 'shift.end']);
    expect(shiftKind.legalEvents(onDuty, d2)).toEqual([]);
    expect(shiftKind.legalEvents(paused, d1)).toEqual(['shift.end']);
    expect(shiftKind.legalEvents(paused, operator)).toEqual([
      'shift.pause',
      'shift.unpause',
      'shift.end',
    ]);
    const birth = { ...start, at: T0 };
    expect(shiftKind.isEntitled(initialState(shiftMachine), { ...birth, by: d1 })).toBe(true);
    expect(shiftKind.isEntitled(initialState(shiftMachine), { ...birth, by: d2 })).toBe(false);
    const bogus = { type: 'constructor', at: T0, by: operator };
    expect(shiftKind.isEntitled(onDuty, bogus)).toBe(false);
  });

  it('[MCH2] changes something with every step it takes, and nothing after its end', () => {
    const ended = shiftAfter([d1, start], [d1, { type: 'shift.end' }]);
    const onBreak = shiftAfter([d1, start], [d1, { type: 'shift.break' }]);
    let taken = 0;
    for (const state of [initialState(shiftMachine), onDuty, onBreak, paused, ended]) {
      for (const type of SHIFT_EVENT_TYPES) {
        for (const by of [d1, operator, system]) {
          const next = step(shiftMachine, state, exampleOfShift(type, state, by));
          if (!next) continue;
          taken++;
          expect([next.value, next.context]).not.toEqual([state.value, state.context]);
          expect(JSON.parse(JSON.stringify(next.context))).toStrictEqual(next.context);
          expect(state).not.toBe(ended);
        }
      }
    }
    expect(taken).toBeGreaterThan(20);
  });
});
