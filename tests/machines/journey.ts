import type { Actor, JsonObject, State } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import { orderMachine } from '../../machines/order-machine.ts';
import { contextOf } from '../../machines/order-readers.ts';
import type { OrderCommand, OrderPolicy, PlacedOrder } from '../../machines/order-types.ts';
import { initialState, step } from '../../machines/pure-step.ts';

export const T0 = 1_700_000_000_000;
const MINUTE = 60_000;

export const customer: Actor = { role: 'customer', id: 'c1' };
export const store: Actor = { role: 'store', id: 's1' };
export const operator: Actor = { role: 'operator', id: 'op1' };
export const system: Actor = { role: 'system', id: 'dispatch' };
export const driver = (id: string): Actor => ({ role: 'driver', id });

export const POLICY: OrderPolicy = {
  mode: 'sequential',
  offerMs: 20_000,
  graceMs: 1_500,
  seenMs: 5_000,
  searchMs: 180_000,
  retryMs: 5_000,
  escalateAfter: 3,
  batchSize: 3,
  radiiMeters: [3_000, 5_000, 7_000],
  releaseMs: 2 * MINUTE,
  atRiskMs: 10 * MINUTE,
  stallMs: 20 * MINUTE,
  pinTries: 3,
};

export const buildPlaced = (overrides: Partial<PlacedOrder> = {}): PlacedOrder => ({
  orderId: 'o1',
  customerId: customer.id,
  storeId: store.id,
  zone: 'z1',
  items: [
    { productId: 'p1', name: 'Milk', quantity: 2, unitCents: 120 },
    { productId: 'p2', name: 'Bread', quantity: 1, unitCents: 300 },
  ],
  totalCents: 540,
  feeCents: 290,
  currency: 'EUR',
  pickup: { lat: 52.5, lng: 13.4 },
  dropoff: { lat: 52.51, lng: 13.41 },
  address: 'Any Street 1',
  pin: '4711',
  promisedAt: T0 + 60 * MINUTE,
  etaAt: T0 + 40 * MINUTE,
  policy: POLICY,
  ...overrides,
});

export const request = (driverId: string, offerId = `f-${driverId}`) => ({
  offerId,
  driverId,
  slot: 0,
  capacity: 1,
});

export interface Step {
  event: OrderCommand & { at: number; by: Actor };
  before: State;
  after: State;
}

export interface Journey {
  readonly state: State;
  readonly at: number;
  readonly steps: readonly Step[];
  /** Sends a command `afterMs` later; throws when the machine does not take it. */
  send(by: Actor, command: OrderCommand, afterMs?: number): Journey;
  /** Whether the command would be taken `afterMs` from now. */
  takes(by: Actor, command: OrderCommand, afterMs?: number): boolean;
  /** Takes the next deadline, `lateMs` too late; nobody does the work that is asked for meanwhile. */
  due(lateMs?: number): Journey;
  /** Result of the last step. */
  readonly result: JsonObject;
  /** Effects of the last step, as `type of:whom`. */
  readonly effects: string[];
}

/** An order on its way, as the engine would take it: immutable, so that a test can branch. */
export function buildJourney(placed: Partial<PlacedOrder> = {}): Journey {
  return from(initialState(orderMachine), T0, []).send(
    customer,
    { type: 'order.place', ...buildPlaced(placed) },
    0,
  );
}

/** Up to the given leg of the usual way: searching, offered, accepted, at the store, on the road, at the door. */
export const journeyTo = (
  leg: 'offered' | 'toStore' | 'atStore' | 'enRoute' | 'atDoor',
  placed: Partial<PlacedOrder> = {},
): Journey => {
  const d1 = driver('d1');
  const legs: [string, (journey: Journey) => Journey][] = [
    ['offered', (j) => j.send(system, { type: 'offer.open', offers: [request('d1')] })],
    ['toStore', (j) => j.send(d1, { type: 'offer.accept', offerId: 'f-d1' })],
    ['atStore', (j) => j.send(d1, { type: 'order.arriveStore' })],
    ['enRoute', (j) => j.send(d1, { type: 'order.pickUp' })],
    ['atDoor', (j) => j.send(d1, { type: 'order.arriveDoor' })],
  ];
  let journey = buildJourney(placed);
  for (const [name, go] of legs) {
    journey = go(journey);
    if (name === leg) break;
  }
  return journey;
};

export const stateOf = (journey: Journey): string => orderKind.stateOf(journey.state);
export const context = (journey: Journey) => contextOf(journey.state);

function from(state: State, at: number, steps: readonly Step[]): Journey {
  const last = steps.at(-1);
  const send = (by: Actor, command: OrderCommand, afterMs = 1_000) => {
    const event = { ...command, at: at + afterMs, by };
    const after = step(orderMachine, state, event);
    if (!after) throw new Error(`${command.type} is not taken in ${orderKind.stateOf(state)}`);
    return from(after, event.at, [...steps, { event, before: state, after }]);
  };
  return {
    state,
    at,
    steps,
    send,
    takes: (by, command, afterMs = 1_000) =>
      step(orderMachine, state, { ...command, at: at + afterMs, by }) !== undefined,
    due(lateMs = 0) {
      const wakeAt = orderKind.nextWakeAt(unworked(state));
      if (wakeAt === undefined) throw new Error('nothing will ever be due');
      const now = Math.max(at, wakeAt) + lateMs;
      const due = orderKind.dueEvent(state, now);
      if (!due) throw new Error('nothing is due');
      return send({ role: 'system', id: 'clock' }, due.event as OrderCommand, now - at);
    },
    get result() {
      if (!last) throw new Error('no step yet');
      return orderKind.resultOf(last.before, last.event, last.after);
    },
    get effects() {
      if (!last) throw new Error('no step yet');
      return orderKind
        .effectsOf(last.before, last.event, last.after)
        .map(({ type, payload }) => `${type} ${payload.alarm ?? payload.offerId}`);
    },
  };
}

/** The same state without its wish for work. */
const unworked = (state: State): State => {
  const known = contextOf(state);
  return { ...state, context: { ...known, policy: { ...known.policy, mode: 'manual' } } };
};
