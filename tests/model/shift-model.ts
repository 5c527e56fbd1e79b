import { machineGraph } from '../../charts/machine-graph.ts';
import type { Actor, StampedEvent, State } from '../../machines/common.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import { shiftMachine } from '../../machines/shift-machine.ts';
import { shiftOf, stateOf } from '../../machines/shift-readers.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';
import type { ZonePolicy } from '../../src/catalog/collections.ts';
import { shiftPolicyOf } from '../../src/catalog/policy.ts';
import { driver, operator, system, T0 } from '../machines/journey.ts';
import { type Decision, decide } from './coverage.ts';
import type { Model, ModelMove } from './explore.ts';

const MINUTE = 60_000;
const FAR_MS = 720 * MINUTE;
const PAUSED = 'onDuty.paused';

/** Zones a shift may be in: one that pauses for long, one so short that the pause ends. */
export const SHIFT_ZONES = {
  strict: { mode: 'manual', offerMs: 10_000, seenMs: FAR_MS, strikesToPause: 2, pauseMs: FAR_MS },
  lenient: {
    ...{ mode: 'manual', offerMs: 10_000, seenMs: FAR_MS, strikesToPause: 2 },
    pauseMs: 2 * MINUTE,
  },
} satisfies Record<string, ZonePolicy>;
export type ShiftZone = keyof typeof SHIFT_ZONES;

/**
 * One thing that happens to a shift, as the outside could cause it:
 * - `start`, `send`: the driver or an operator sends a command
 * - `lapse`: an offer that the phone had shown lapses; `reject`: the driver turns one down
 * - `excuse`: the answer to the offer that lapsed last comes after all, and was given in time
 * - `due`: time passes until the pause ends
 * - `vanish`: nothing is heard of the driver for too long
 * - `early`: the system would have sent it too early or twice; no one outside can cause that
 */
export type ShiftMove = ModelMove &
  (
    | { kind: 'start'; zone: ShiftZone }
    | { kind: 'send'; by: Actor; command: ShiftCommand }
    | { kind: 'pause'; aheadMs: number | 'same' }
    | { kind: 'lapse' | 'reject' | 'excuse' | 'due' | 'vanish' }
    | { kind: 'early'; command: ShiftCommand }
  );

export interface ShiftWorld {
  zone?: ShiftZone;
  state: State;
  now: number;
  offers: number;
  /** The last offer that lapsed, until its lapse is excused. */
  lapsed?: Offered;
  /** What began the pause in force. */
  pausedBy?: 'operator' | 'strikes';
  last?: { event: StampedEvent; decision: Decision };
}

type Offered = { orderId: string; offerId: string };

const D1 = driver('d1');
const graph = machineGraph(shiftMachine);

/** A shift between its driver, an operator, the offers he gets and the passing of time. */
export const shiftModel: Model<ShiftWorld, ShiftMove> = {
  name: 'shift',
  initial: { state: initialState(shiftMachine), now: T0, offers: 0 },
  moves,
  next(world, move) {
    const zoned = move.kind === 'start' ? { ...world, zone: move.zone } : world;
    const event = eventOf(zoned, move);
    const decision = decide(shiftMachine, graph, world.state, event);
    const after = step(shiftMachine, world.state, event);
    const { lapsed: _, pausedBy: __, ...rest } = zoned;
    const lapsed = lapsedAfter(world, move);
    const pausedBy = pausedByAfter(world, move, after ?? world.state);
    return {
      ...rest,
      ...(lapsed && { lapsed }),
      ...(pausedBy && { pausedBy }),
      state: after ?? world.state,
      now: event.at,
      offers: world.offers + (move.kind === 'lapse' || move.kind === 'reject' ? 1 : 0),
      last: { event, decision },
    };
  },
  keyOf({ zone, state, last, lapsed, pausedBy }) {
    const { strikes, excused } = shiftOf(state);
    return JSON.stringify([
      ...[zone, stateOf(state), Math.min(strikes, 2), excused?.inRow ?? 0],
      ...[lapsed !== undefined, pausedBy],
      last && [
        last.decision.state,
        last.event.by.role,
        last.event.type,
        last.decision.asked.map(({ transition, held }) => [transition.id, held]),
      ],
    ]);
  },
  placeOf: ({ state }) => stateOf(state),
  isOver: ({ state, last }) =>
    state.status === 'done' || (last !== undefined && last.decision.taken === undefined),
};

const offerOf = ({ offers }: ShiftWorld): Offered => ({
  orderId: `o${offers}`,
  offerId: `f${offers}`,
});

function lapsedAfter(world: ShiftWorld, { kind }: ShiftMove): Offered | undefined {
  if (kind === 'lapse') return offerOf(world);
  return kind === 'excuse' ? undefined : world.lapsed;
}

function pausedByAfter(world: ShiftWorld, { kind }: ShiftMove, after: State) {
  if (stateOf(after) !== PAUSED) return undefined;
  if (kind === 'pause') return 'operator';
  return world.pausedBy ?? 'strikes';
}

/** What the machine meets when this happens. */
function eventOf(world: ShiftWorld, move: ShiftMove): StampedEvent & ShiftCommand {
  const at = world.now + 10;
  const offer = offerOf(world);
  switch (move.kind) {
    case 'start':
      return {
        ...{ type: 'shift.start', shiftId: 'sh1', driverId: D1.id, zone: move.zone, capacity: 1 },
        ...{ policy: shiftPolicyOf(SHIFT_ZONES[move.zone], 1), at, by: D1 },
      };
    case 'send':
      return { ...move.command, at, by: move.by };
    case 'early':
      return { ...move.command, at, by: system };
    case 'pause': {
      const same = shiftOf(world.state).pausedUntil ?? at;
      const untilAt = move.aheadMs === 'same' ? same : at + move.aheadMs;
      return { type: 'shift.pause', untilAt, reason: 'by hand', at, by: operator };
    }
    case 'lapse':
      return { type: 'shift.strike', ...offer, at, by: system };
    case 'reject':
      return { type: 'shift.answer', ...offer, at, by: system };
    case 'excuse': {
      const { pausedUntil } = shiftOf(world.state);
      const lifts = world.pausedBy === 'strikes' && pausedUntil !== null;
      return {
        ...{ type: 'shift.excuse', ...(world.lapsed ?? offer) },
        ...(lifts ? { liftsUntil: pausedUntil } : {}),
        ...{ at, by: system },
      };
    }
    case 'vanish':
      return { type: 'shift.lose', seenAt: world.now, at, by: system };
    case 'due': {
      const until = shiftKind.nextWakeAt(world.state) ?? world.now;
      return { type: 'shift.unpause', at: Math.max(until, world.now), by: system };
    }
  }
}

const send = (by: Actor, command: ShiftCommand): ShiftMove => ({
  type: `${by.id} ${command.type}`,
  ...{ kind: 'send', by, command },
});
const pause = (says: string, aheadMs: number | 'same'): ShiftMove => ({
  type: `op1 shift.pause ${says}`,
  ...{ kind: 'pause', aheadMs },
});
const early = (command: ShiftCommand): ShiftMove => ({
  type: `early ${command.type}`,
  ...{ kind: 'early', command },
});

const TRIED: readonly ShiftMove[] = [
  send(D1, { type: 'shift.break' }),
  send(D1, { type: 'shift.resume' }),
  send(D1, { type: 'shift.end' }),
  send(operator, { type: 'shift.unpause' }),
  pause('as it is', 'same'),
  { type: 'an offer lapses', kind: 'lapse' },
  { type: 'an offer is rejected', kind: 'reject' },
  { type: 'the driver vanishes', kind: 'vanish' },
  early({ type: 'shift.unpause' }),
];

const EXCUSE: ShiftMove = { type: 'an answer in time comes late', kind: 'excuse' };

/** Only what some transition of the state listens to; and a pause ends by itself in one zone. */
function moves(world: ShiftWorld): ShiftMove[] {
  const { zone, state, lapsed } = world;
  const offer = offerOf(world);
  if (!zone) {
    return (Object.keys(SHIFT_ZONES) as ShiftZone[]).map((in_) => ({
      type: `start ${in_}`,
      ...{ kind: 'start', zone: in_ },
    }));
  }
  const isPaused = stateOf(state) === PAUSED;
  if (zone === 'lenient' && isPaused) return [{ type: 'due', kind: 'due' }];
  const { struckOffers, excused } = shiftOf(state);
  const struck = struckOffers.at(-1);
  const forgiven = excused?.offers.at(-1);
  return [
    ...TRIED,
    zone === 'lenient' ? pause('briefly', 2 * MINUTE) : pause('for long', FAR_MS),
    ...(lapsed ? [EXCUSE] : []),
    ...(struck ? [early({ type: 'shift.strike', ...offer, offerId: struck })] : []),
    ...(forgiven ? [early({ type: 'shift.excuse', ...offer, offerId: forgiven })] : []),
  ].filter((move) => decide(shiftMachine, graph, state, eventOf(world, move)).asked.length > 0);
}
