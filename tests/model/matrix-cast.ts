import type { Actor } from '../../machines/common.ts';
import { orderKind } from '../../machines/order-kind.ts';
import type { OrderCommand } from '../../machines/order-types.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ShiftCommand } from '../../machines/shift-types.ts';
import type { Store, StoredActor } from '../../src/engine/store.ts';
import type { Command } from '../../src/engine/types.ts';
import { buildPlaced, POLICY, system } from '../machines/journey.ts';
import type { CellRelation } from './matrix-golden.ts';

/** Those who may have to do with an order or a shift, each in every relation one can have. */
export interface Cast {
  customer: Actor;
  store: Actor;
  /** Carries it, is asked about it, or whose shift it is. */
  driver: Actor;
  operator: Actor;
  strangers: { customer: Actor; store: Actor; driver: Actor };
  /** On duty elsewhere: whom an operator may choose. */
  other: Actor;
}

/** Where actors live: what it takes to bring one into a state. */
export interface Stage {
  send(kind: string, id: string, by: Actor, command: Command): Promise<unknown>;
  store: Store;
  clock: { now(): number; jump(ms: number): void };
  newId(): string;
}

type OrderLeg = readonly [state: string, by: keyof Cast | 'system', command: OrderCommand];
const ON_THE_WAY: readonly OrderLeg[] = [
  ['pending.searching', 'customer', { type: 'order.place' } as OrderCommand],
  ['pending.offered', 'system', { type: 'offer.open', offers: [] }],
  ['preparing.toStore', 'driver', { type: 'offer.accept', offerId: 'f1' }],
  ['preparing.atStore', 'driver', { type: 'order.arriveStore' }],
  ['outForDelivery.enRoute', 'driver', { type: 'order.pickUp' }],
  ['outForDelivery.atDoor', 'driver', { type: 'order.arriveDoor' }],
  ['failed', 'driver', { type: 'order.fail', reason: 'nobody home' }],
  ['returning', 'driver', { type: 'order.startReturn' }],
  ['returned', 'driver', { type: 'order.completeReturn' }],
];
const SHORTCUTS: Record<string, readonly OrderLeg[]> = {
  scheduled: [ON_THE_WAY[0] as OrderLeg],
  'pending.unassigned': [ON_THE_WAY[0] as OrderLeg, ['', 'system', { type: 'search.fail' }]],
  delivered: [
    ...ON_THE_WAY.slice(0, 6),
    ['', 'operator', { type: 'order.deliver', reason: 'customer called' }],
  ],
  cancelled: [
    ON_THE_WAY[0] as OrderLeg,
    ['', 'operator', { type: 'order.cancel', reason: 'over' }],
  ],
};

/** A new order in this state; `new` is one that is not there. @param lost its driver has vanished since */
export async function orderIn(
  state: string,
  cast: Cast,
  stage: Stage,
  lost = false,
): Promise<string> {
  const id = stage.newId();
  const legs =
    SHORTCUTS[state] ??
    ON_THE_WAY.slice(0, ON_THE_WAY.findIndex(([reached]) => reached === state) + 1);
  const offerId = `offer-${id}`;
  for (const [, who, command] of legs) {
    const by = who === 'system' ? system : (cast[who] as Actor);
    await stage.send('order', id, by, spelledOut(command));
    // One millisecond of searching was granted.
    if (state === 'pending.unassigned') stage.clock.jump(2);
  }
  if (lost) {
    await stage.send('order', id, system, { type: 'driver.lose', driverId: cast.driver.id });
  }
  return id;

  function spelledOut(command: OrderCommand): Command {
    const at = stage.clock.now();
    switch (command.type) {
      case 'order.place':
        return {
          ...buildPlaced({
            ...{ orderId: id, customerId: cast.customer.id, storeId: cast.store.id },
            ...(state === 'scheduled' ? { searchAt: at + 3_600_000 } : {}),
            ...{ promisedAt: at + 7_200_000, etaAt: at + 7_200_000 },
            policy: {
              ...{ ...POLICY, mode: 'manual' },
              ...(state === 'pending.unassigned' ? { searchMs: 1 } : {}),
            },
          }),
          type: 'order.place',
        } as unknown as Command;
      case 'offer.open':
        return {
          ...command,
          offers: [{ offerId, driverId: cast.driver.id, slot: 0, capacity: 1 }],
        };
      case 'offer.accept':
        return { ...command, offerId };
      default:
        return command as Command;
    }
  }
}

const SHIFT_LEGS: Record<string, readonly (readonly [keyof Cast, ShiftCommand])[]> = {
  new: [],
  'onDuty.available': [],
  'onDuty.onBreak': [['driver', { type: 'shift.break' }]],
  'onDuty.paused': [['operator', { type: 'shift.pause', untilAt: 0, reason: 'by hand' }]],
  ended: [['driver', { type: 'shift.end' }]],
};

/** A new shift in this state; `new` is one that is not there. It has a strike, since some events wait for that. */
export async function shiftIn(state: string, cast: Cast, stage: Stage): Promise<string> {
  const id = stage.newId();
  if (state === 'new') return id;
  const driverId = cast.driver.id;
  await stage.send('shift', id, cast.driver, {
    ...{ type: 'shift.start', shiftId: id, driverId, zone: 'baixa', capacity: 1 },
    policy: { strikesToPause: 3, pauseMs: 600_000 },
  });
  await stage.send('shift', id, system, { type: 'shift.strike', orderId: 'o', offerId: 'struck' });
  for (const [who, command] of SHIFT_LEGS[state] ?? []) {
    const pause = command.type === 'shift.pause' ? { untilAt: stage.clock.now() + 600_000 } : {};
    await stage.send('shift', id, cast[who] as Actor, { ...command, ...pause } as Command);
  }
  return id;
}

/** Frees whom the actor holds, so that the next one can have them. */
export async function letGo(kind: 'order' | 'shift', id: string, cast: Cast, stage: Stage) {
  for (;;) {
    const actor = await stage.store.load(kind, id);
    if (!actor || actor.snapshot.status === 'done') return;
    const type = kind === 'shift' ? 'shift.end' : endingOf(actor);
    await stage.send(kind, id, cast.operator, { type, reason: 'over' });
  }
}

function endingOf({ state }: StoredActor): string {
  if (state.startsWith('outForDelivery')) return 'order.deliver';
  if (state === 'failed') return 'order.startReturn';
  return state === 'returning' ? 'order.completeReturn' : 'order.cancel';
}

/** Everyone who could try something on the actor in this state, and as what. */
export function peopleOf(
  kind: 'order' | 'shift',
  state: string,
  cast: Cast,
): [Actor, CellRelation][] {
  const drivers: [Actor, CellRelation][] =
    kind === 'shift'
      ? [[cast.driver, 'owner']]
      : state === 'pending.offered'
        ? [[cast.driver, 'offered']]
        : CARRIED.some((prefix) => state.startsWith(prefix))
          ? [[cast.driver, 'assigned']]
          : [];
  const owners: [Actor, CellRelation][] =
    kind === 'order'
      ? [
          [cast.customer, 'owner'],
          [cast.store, 'owner'],
        ]
      : [];
  return [
    ...owners,
    ...drivers,
    [cast.strangers.customer, 'any'],
    [cast.strangers.store, 'any'],
    [cast.strangers.driver, 'any'],
    [cast.operator, 'any'],
    [system, 'any'],
  ];
}

/** A delivered order keeps its driver for the record. */
const CARRIED = ['preparing', 'outForDelivery', 'failed', 'returning', 'delivered', 'returned'];

export const MATRIX_KINDS = { order: orderKind, shift: shiftKind } as const;
