import { machineGraph } from '../../charts/machine-graph.ts';
import type { Actor, StampedEvent, State } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { contextOf, stateOf } from '../../machines/order-readers.ts';
import type { OrderCommand, PlacedOrder } from '../../machines/order-types.ts';
import { initialState, step } from '../../machines/pure-step.ts';
import { orderPolicyOf } from '../../src/catalog/policy.ts';
import {
  buildPlaced,
  customer,
  driver,
  operator,
  request,
  system,
  T0,
} from '../machines/journey.ts';
import { type Decision, decide } from './coverage.ts';
import type { Model, ModelMove } from './explore.ts';
import { type OrderStory, STORY_NAMES, type StoryName, storyOf } from './order-stories.ts';

/**
 * One thing that happens to an order, as the outside could cause it:
 * - `place`, `send`: somebody sends a command
 * - `duty`: a driver goes off duty or on again; dispatch tells his orders
 * - `dispatch`: dispatch offers it to whom it finds
 * - `due`: time passes until the next deadline; `outage`: … while nobody serves
 * - `early`: the system would have sent it too early or to nobody; no one outside can cause that
 */
export type OrderMove = ModelMove &
  (
    | { kind: 'place'; story: StoryName }
    | { kind: 'send'; by: Actor; command: OrderCommand }
    | { kind: 'duty'; driverId: string; on: boolean }
    | { kind: 'dispatch' | 'due' | 'outage' }
    | { kind: 'early'; command: OrderCommand }
  );

export interface OrderWorld {
  story?: StoryName;
  state: State;
  now: number;
  offDuty: readonly string[];
  hadOutage: boolean;
  /** The last event and what the machine made of it. */
  last?: { event: StampedEvent; decision: Decision };
}

const D1 = driver('d1');
const D2 = driver('d2');
const PIN = '4711';
/** People are quick. */
const MOMENT_MS = 10;
const graph = machineGraph(orderMachine);

/** An order between a customer, two drivers, an operator and the passing of time. */
export const orderModel: Model<OrderWorld, OrderMove> = {
  name: 'order',
  initial: { state: initialState(orderMachine), now: T0, offDuty: [], hadOutage: false },
  moves,
  next,
  keyOf(world) {
    const { offers, assignment, storeReadyAt, pinFailures, health, stalls } = contextOf(
      world.state,
    );
    const { last } = world;
    return JSON.stringify([
      world.story,
      stateOf(world.state),
      offers.map(({ driverId, seenAt }) => driverId + (seenAt === undefined ? '' : ' seen')),
      assignment && [assignment.driverId, assignment.lostAt !== undefined],
      [storeReadyAt !== null, pinFailures > 0, health, stalls > 0],
      world.offDuty,
      last && [
        last.decision.state,
        last.event.by.role,
        last.event.type,
        last.decision.asked.map(({ transition, held }) => [transition.id, held]),
      ],
    ]);
  },
  placeOf: ({ state }) => stateOf(state),
  // What was refused leads nowhere.
  isOver: ({ last, state }) =>
    state.status === 'done' || (last !== undefined && last.decision.taken === undefined),
};

function next(world: OrderWorld, move: OrderMove): OrderWorld {
  const placed = move.kind === 'place' ? { ...world, story: move.story } : world;
  const event = eventOf(placed, move);
  const decision = decide(orderMachine, graph, world.state, event);
  const after = orderKind.isEntitled(world.state, event)
    ? step(orderMachine, world.state, event)
    : undefined;
  return {
    ...placed,
    state: after ?? world.state,
    now: event.at,
    offDuty: dutyAfter(world, move),
    hadOutage: world.hadOutage || move.kind === 'outage',
    last: { event, decision: after ? decision : ({ ...decision, taken: undefined } as Decision) },
  };
}

const dutyAfter = ({ offDuty }: OrderWorld, move: OrderMove): readonly string[] => {
  if (move.kind !== 'duty') return offDuty;
  const others = offDuty.filter((driverId) => driverId !== move.driverId);
  return move.on ? others : [...others, move.driverId];
};

/** What the machine meets when this happens. */
function eventOf(world: OrderWorld, move: OrderMove): StampedEvent & OrderCommand {
  const at = world.now + MOMENT_MS;
  switch (move.kind) {
    case 'place':
      return { type: 'order.place', ...placedIn(storyOf(move.story), at), at, by: customer };
    case 'send':
      return { ...move.command, at, by: move.by };
    case 'early':
      return { ...move.command, at, by: system };
    case 'dispatch':
      return { type: 'offer.open', offers: [request('d1')], at, by: system };
    case 'duty':
      return {
        type: move.on ? 'driver.find' : 'driver.lose',
        driverId: move.driverId,
        ...{ at, by: system },
      };
    case 'due':
    case 'outage': {
      const due = dueIn(world, move.kind);
      if (!due) throw new Error(`nothing falls due in ${stateOf(world.state)}`);
      return { ...due.event, at: due.at, by: system } as StampedEvent & OrderCommand;
    }
  }
}

/** The order as the catalog would prepare it, with the clock at its usual pace. */
export function placedIn(story: OrderStory, at: number): PlacedOrder {
  const searchAt = story.searchInMs === undefined ? at : at + story.searchInMs;
  return buildPlaced({
    ...{ pin: PIN, policy: orderPolicyOf(story.policy, 1) },
    ...{ promisedAt: searchAt + story.promiseMs, etaAt: searchAt + story.promiseMs },
    ...(searchAt > at ? { searchAt } : {}),
  });
}

/** What the next deadline means, or what it means after an outage. */
function dueIn(world: OrderWorld, kind: 'due' | 'outage') {
  const wakeAt = orderKind.nextWakeAt(world.state);
  if (wakeAt === undefined || !world.story) return undefined;
  const story = storyOf(world.story);
  const lateMs = kind === 'outage' ? (story.outageMs ?? 0) : 0;
  const at = Math.max(world.now, wakeAt) + lateMs;
  const due = orderKind.dueEvent(world.state, at);
  return due && story.due.includes(due.event.type) ? { event: due.event, at } : undefined;
}

// --- what may happen next ---

function moves(world: OrderWorld): OrderMove[] {
  if (!world.story)
    return STORY_NAMES.map((story) => ({ type: `place ${story}`, kind: 'place', story }));
  const story = storyOf(world.story);
  const inPlay = story.within === undefined || story.within.includes(stateOf(world.state));
  const everything = story.people === 'all' && inPlay;
  return [
    ...(everything ? anything(world).filter((move) => isAsked(world, move)) : []),
    ...(everything ? [] : onward(world)),
    ...(everything || story === storyOf('vanished') ? duty(world) : []),
    ...(story.policy.mode === 'manual' ? [] : dispatched(world)),
    ...time(world, story),
  ];
}

/** Only what some transition of the state listens to; the rest is the matrix's business. */
function isAsked(world: OrderWorld, move: OrderMove): boolean {
  const event = eventOf(world, move);
  return decide(orderMachine, graph, world.state, event).asked.length > 0;
}

const send = (by: Actor, command: OrderCommand, says = ''): OrderMove => ({
  type: `${by.id} ${command.type}${says && ` ${says}`}`,
  ...{ kind: 'send', by, command },
});
const early = (command: OrderCommand): OrderMove => ({
  type: `early ${command.type}`,
  ...{ kind: 'early', command },
});
const accept = send(D1, { type: 'offer.accept', offerId: 'f-d1' });
const assign = (driverId: string) =>
  send(
    operator,
    { type: 'order.assign', driverId, slot: 0, capacity: 1, reason: 'by hand' },
    driverId,
  );
const offer = (driverId: string) =>
  send(operator, { type: 'offer.open', offers: [request(driverId)], reason: 'by hand' }, driverId);

/** The way to the door and back, without detours; and a second offer beside the first. */
function onward({ state, story }: OrderWorld): OrderMove[] {
  const byHand = story && storyOf(story).policy.mode === 'manual';
  switch (stateOf(state)) {
    case 'pending.searching':
      return byHand ? [offer('d1')] : [];
    case 'pending.offered':
      return contextOf(state).offers.length === 1 ? [accept, offer('d2')] : [accept];
    case 'preparing.toStore':
      return [send(D1, { type: 'order.arriveStore' })];
    case 'preparing.atStore':
      return [send(D1, { type: 'order.pickUp' })];
    case 'outForDelivery.enRoute':
      return [send(D1, { type: 'order.arriveDoor' })];
    case 'outForDelivery.atDoor':
      return [
        send(D1, { type: 'order.deliver', pin: PIN }),
        send(D1, { type: 'order.fail', reason: 'nobody home' }),
      ];
    case 'failed':
      return [send(D1, { type: 'order.startReturn' })];
    default:
      return [];
  }
}

const TRIED: readonly OrderMove[] = [
  send(customer, { type: 'order.cancel', reason: 'changed my mind' }),
  send(operator, { type: 'order.cancel', reason: 'store closed' }),
  send(operator, { type: 'search.start', reason: 'again' }),
  send(operator, { type: 'store.ready' }),
  send(operator, { type: 'offer.withdraw', driverId: 'd1', reason: 'by hand' }, 'd1'),
  send(operator, { type: 'offer.withdraw', driverId: 'd2', reason: 'by hand' }, 'd2'),
  ...[offer('d1'), offer('d2'), assign('d1'), assign('d2')],
  send(operator, { type: 'order.deliver', reason: 'customer called' }, 'explained'),
  send(operator, { type: 'order.deliver' }, 'unexplained'),
  send(D1, { type: 'offer.seen', offerId: 'f-d1' }),
  accept,
  send(D1, { type: 'offer.accept', offerId: 'f-d2' }, 'of another'),
  send(D1, { type: 'offer.reject', offerId: 'f-d1', reason: 'too_far' }),
  send(D1, { type: 'offer.reject', offerId: 'f-d2', reason: 'too_far' }, 'of another'),
  send(D1, { type: 'order.release', reason: 'flat tyre' }),
  send(D1, { type: 'order.arriveStore' }),
  send(D1, { type: 'order.pickUp' }),
  send(D1, { type: 'order.arriveDoor' }),
  send(D1, { type: 'order.deliver', pin: PIN }, 'right'),
  send(D1, { type: 'order.deliver', pin: '0000' }, 'wrong'),
  send(D1, { type: 'order.fail', reason: 'nobody home' }),
  send(D1, { type: 'order.startReturn' }),
  send(D1, { type: 'order.completeReturn' }),
  ...(['search.start', 'search.fail', 'offer.expire', 'offer.undeliver'] as const).map((type) =>
    early({ type }),
  ),
  early({ type: 'search.extend', byMs: 1 }),
  early({ type: 'offer.open', offers: [] }),
  early({ type: 'order.release', reason: 'driver_lost' }),
  ...(['order.atRisk', 'order.late', 'order.stall'] as const).map((type) => early({ type })),
  early({ type: 'driver.lose', driverId: 'd9' }),
  early({ type: 'driver.find', driverId: 'd9' }),
];

/** All that people try; a driver only what is about him, and nobody asks one who is not there. */
function anything({ state, offDuty }: OrderWorld): OrderMove[] {
  const { offers, assignment } = contextOf(state);
  const isHis = assignment?.driverId === D1.id || offers.some(({ driverId }) => driverId === D1.id);
  return TRIED.filter((move) => {
    if (move.kind !== 'send') return true;
    const { by, command } = move;
    if (by.role === 'driver') return isHis && !offDuty.includes(by.id);
    const asked =
      command.type === 'offer.open'
        ? command.offers[0]?.driverId
        : command.type === 'order.assign'
          ? command.driverId
          : undefined;
    // The first driver goes first: the two are alike.
    const isSecond = asked === D2.id && stateOf(state).startsWith('pending') && offers.length === 0;
    return asked === undefined || (!offDuty.includes(asked) && !isSecond);
  });
}

/** A driver with something of the order in hand goes off duty, or comes back to it. */
function duty({ state, offDuty }: OrderWorld): OrderMove[] {
  const { offers, assignment } = contextOf(state);
  const drivers = [assignment?.driverId, ...offers.map(({ driverId }) => driverId)];
  return [...new Set(drivers)].flatMap((driverId): OrderMove[] => {
    if (driverId === undefined) return [];
    const on = offDuty.includes(driverId);
    return [{ type: `${driverId} ${on ? 'on' : 'off'} duty`, kind: 'duty', driverId, on }];
  });
}

const dispatched = ({ state }: OrderWorld): OrderMove[] =>
  stateOf(state) === 'pending.searching' && contextOf(state).excluded.length === 0
    ? [{ type: 'dispatch', kind: 'dispatch' }]
    : [];

function time(world: OrderWorld, { outageMs }: OrderStory): OrderMove[] {
  if (outageMs === undefined) return dueIn(world, 'due') ? [{ type: 'due', kind: 'due' }] : [];
  return !world.hadOutage && dueIn(world, 'outage') ? [{ type: 'outage', kind: 'outage' }] : [];
}
