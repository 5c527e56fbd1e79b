import { offerHold } from '../../machines/order-readers.ts';
import type { Offer, OrderContext } from '../../machines/order-types.ts';
import { slots } from '../../src/dispatch/candidates.ts';
import type { StoredActor } from '../../src/engine/store.ts';
import type { Command, Principal } from '../../src/engine/types.ts';
import type { Chance } from './chance.ts';
import { EPOCH } from './database.ts';
import type { Links } from './links.ts';
import type { Timeline } from './timeline.ts';

/** What the people of the simulated world act through. */
export interface Stage {
  timeline: Timeline;
  chance: Chance;
  links: Links;
  /** The faults have ceased: nobody makes new trouble any more. */
  isCalm(): boolean;
  /** Draws whether a driver vanishes now. */
  vanishes(driverId: string): boolean;
}

export const ZONE = 'z1';
export const STORE_POINT = { lat: 38.71, lng: -9.14 };
const METERS_PER_DEGREE = 111_195;
export const PIN = '4711';

const sleepIn = (timeline: Timeline) => (ms: number) =>
  new Promise<void>((resolve) => void timeline.after(ms, resolve));
const contextOf = ({ snapshot }: StoredActor) => snapshot.context as unknown as OrderContext;

/** Places one order, twice now and then as an impatient thumb does, and may call it off. */
export async function liveCustomer(stage: Stage, orderId: string, command: Command) {
  const { chance, links, timeline } = stage;
  const sleep = sleepIn(timeline);
  const by: Principal = { role: 'customer', id: String(command.customerId) };
  const order = { kind: 'order', id: orderId };
  const placing = [links.command(by, { ...order, command, commandId: `${orderId}-place` })];
  if (chance.isTrue(0.1)) {
    placing.push(links.command(by, { ...order, command, commandId: `${orderId}-place` }));
  }
  await Promise.all(placing);
  if (!chance.isTrue(0.12)) return;
  await sleep(chance.between(500, 25_000));
  const cancel = { type: 'order.cancel', reason: 'changed_mind' };
  await links.command(by, { ...order, command: cancel, commandId: `${orderId}-cancel` });
}

/** Packs the bags of an order at some time. */
export async function liveStore(stage: Stage, orderId: string, storeId: string) {
  const { chance, links, timeline } = stage;
  await sleepIn(timeline)(chance.between(3_000, 15_000));
  const by: Principal = { role: 'store', id: storeId };
  const command = { type: 'store.ready' };
  await links.command(by, { kind: 'order', id: orderId, command, commandId: `${orderId}-ready` });
}

/** Who looks at the board, and is called when something is wrong. */
const OPERATOR: Principal = { role: 'operator', id: 'op1' };

/**
 * A driver with a phone: on duty from the start, tells where he is, answers what he is offered in one
 * way or another, works what he has won, and now and then ends the shift, takes a break or vanishes.
 */
export async function liveDriver(stage: Stage, driverId: string, drivers: readonly string[]) {
  const { chance, links, timeline } = stage;
  const sleep = sleepIn(timeline);
  const by: Principal = { role: 'driver', id: driverId };
  const capacity = chance.isTrue(0.3) ? 2 : 1;
  const meters = chance.between(50, 4_500);
  const point = { lat: STORE_POINT.lat + meters / METERS_PER_DEGREE, lng: STORE_POINT.lng };
  const busyWith = new Set<string>();
  const met = new Set<string>();
  let shift = 0;
  let isThere = true;
  let nextCommand = 0;
  const idOf = () => `${driverId}-c${++nextCommand}`;

  void report();
  for (;;) {
    await startShift();
    const endsAt = timeline.now + chance.between(20_000, 120_000);
    while (timeline.now < endsAt && isThere) {
      await look();
      await sleep(chance.between(700, 2_500));
      if (stage.isCalm()) continue;
      if (chance.isTrue(0.015)) await rest();
      if (stage.vanishes(driverId)) isThere = false;
    }
    if (isThere && stage.isCalm()) continue;
    if (isThere) await tellShift({ type: 'shift.end' });
    await sleep(chance.between(3_000, 25_000));
    isThere = true;
  }

  async function startShift() {
    shift++;
    const shiftId = `${driverId}-s${shift}`;
    const policy = { strikesToPause: 2, pauseMs: 8_000 };
    const command = { type: 'shift.start', shiftId, driverId, zone: ZONE, capacity, policy };
    const answer = await links.command(by, {
      ...{ kind: 'shift', id: shiftId, command, commandId: `${shiftId}-start` },
    });
    // The last one is still open: it was never ended, or that did not reach anyone.
    if (answer.outcome === 'fail') shift--;
  }

  function tellShift(command: Command) {
    const id = `${driverId}-s${shift}`;
    return links.command(by, { kind: 'shift', id, command, commandId: idOf() });
  }

  async function rest() {
    const taken = await tellShift({ type: 'shift.break' });
    await sleep(chance.between(1_000, 6_000));
    if (taken.outcome !== 'fail') await tellShift({ type: 'shift.resume' });
  }

  async function report(): Promise<void> {
    for (;;) {
      if (isThere) links.report(driverId, point);
      await sleep(chance.between(1_200, 2_600));
    }
  }

  /** What is mine? As a phone asks that connects anew. */
  async function look() {
    const mine = await links.ask(`${driverId} looks`, ({ connection }) =>
      connection.store.findByHolds('order', [offerHold(driverId), ...slots(driverId)]),
    );
    for (const order of mine ?? []) {
      const { offers, assignment } = contextOf(order);
      const offer = offers.find((each) => each.driverId === driverId);
      if (offer && !met.has(offer.offerId)) {
        met.add(offer.offerId);
        void answer(order.id, offer);
      }
      if (assignment?.driverId === driverId && !busyWith.has(order.id)) {
        busyWith.add(order.id);
        void work(order.id).finally(() => busyWith.delete(order.id));
      }
    }
  }

  function tell(orderId: string, command: Command, commandId = idOf()) {
    return links.command(by, { kind: 'order', id: orderId, command, commandId });
  }

  async function answer(orderId: string, { offerId, closesAt, offeredAt }: Offer) {
    const says = (type: string, more: object = {}) => ({ type, offerId, ...more }) as Command;
    // A phone in a pocket shows nothing.
    if (chance.isTrue(0.12)) return;
    const seen = tell(orderId, says('offer.seen'));
    const lastsMs = closesAt - offeredAt;
    const mood = chance.next();
    if (mood < 0.5) await sleep(chance.between(100, 0.5 * lastsMs));
    else if (mood < 0.62) await sleep(closesAt - EPOCH - timeline.now + chance.between(-120, 40));
    else if (mood < 0.8) {
      await sleep(chance.between(100, 0.8 * lastsMs));
      if (isThere) await tell(orderId, says('offer.reject', { reason: 'too_far' }));
      return;
    } else return;
    if (!isThere) return;
    const commandId = idOf();
    const taps = [tell(orderId, says('offer.accept'), commandId)];
    if (chance.isTrue(0.15)) taps.push(tell(orderId, says('offer.accept'), commandId));
    if (chance.isTrue(0.1)) taps.push(tell(orderId, says('offer.accept'), idOf()));
    await Promise.all([seen, ...taps]);
    // The same id under another command: an error, and no effect.
    if (chance.isTrue(0.05))
      await tell(orderId, says('offer.reject', { reason: 'busy' }), commandId);
  }

  async function work(orderId: string) {
    const isDiligent = stage.isCalm();
    for (let steps = 0; steps < 12; steps++) {
      await sleep(chance.between(400, 4_000));
      if (!isThere) return;
      const order = await links.read(by, 'order', orderId);
      if (!order || contextOf(order).assignment?.driverId !== driverId) return;
      const command = nextStep(order, isDiligent ? 1 : chance.next());
      if (!command) return;
      if (command.type === 'order.release') callOperator(orderId);
      await tell(orderId, command);
      if (!isDiligent && stage.vanishes(driverId)) isThere = false;
    }
  }

  /** Whoever cannot go on tells a person too, who gives the order to whoever is free at the same time. */
  function callOperator(orderId: string) {
    for (const other of drivers) {
      if (other === driverId) continue;
      void links.give(OPERATOR, 'assignTo', orderId, other, `op1-for-${idOf()}`);
    }
  }

  function nextStep(order: StoredActor, mood: number): Command | undefined {
    switch (order.state) {
      case 'preparing.toStore':
        return mood < 0.1
          ? { type: 'order.release', reason: 'vehicle_problem' }
          : { type: 'order.arriveStore' };
      case 'preparing.atStore':
        return { type: 'order.pickUp' };
      case 'outForDelivery.enRoute':
        return mood < 0.07
          ? { type: 'order.fail', reason: 'no_such_address' }
          : { type: 'order.arriveDoor' };
      case 'outForDelivery.atDoor':
        if (mood < 0.08) return { type: 'order.fail', reason: 'nobody_home' };
        return { type: 'order.deliver', pin: mood < 0.25 ? '0000' : PIN };
      case 'failed':
        return { type: 'order.startReturn' };
      case 'returning':
        return { type: 'order.completeReturn' };
      default:
        return undefined;
    }
  }
}

/** Looks at the board every few seconds, rescues what is stuck, and meddles now and then. */
export async function liveOperator(stage: Stage, drivers: readonly string[]) {
  const { chance, links, timeline } = stage;
  const sleep = sleepIn(timeline);
  const by = OPERATOR;
  let nextCommand = 0;

  for (;;) {
    await sleep(chance.between(1_500, 4_500));
    const board = await links.ask('op1 looks', ({ connection }) =>
      connection.store.list('order', { live: true }, { limit: 20 }),
    );
    for (const order of board ?? []) {
      const isMeddling = !stage.isCalm() && chance.isTrue(0.03);
      await (isMeddling ? meddle(order) : rescue(order));
    }
  }

  function tell(order: StoredActor, command: Command) {
    const commandId = `op1-c${++nextCommand}`;
    return links.command(by, { kind: 'order', id: order.id, command, commandId });
  }

  function give(order: StoredActor, how: 'offerTo' | 'assignTo') {
    const driverId = chance.pick(drivers);
    const commandId = `op1-c${++nextCommand}`;
    return links.give(by, how, order.id, driverId, commandId);
  }

  function rescue(order: StoredActor): Promise<unknown> | undefined {
    const { alarms, policy } = contextOf(order);
    // Once all is calm, the rescue lane is an end like any other.
    if (order.state === 'pending.unassigned' && !stage.isCalm()) {
      const mood = chance.next();
      if (mood < 0.3) return give(order, 'assignTo');
      if (mood < 0.5) return give(order, 'offerTo');
      if (mood < 0.9) return tell(order, { type: 'search.start', clearExcluded: true });
      return tell(order, { type: 'order.cancel', reason: 'nobody_found' });
    }
    if (order.state === 'pending.searching' && policy.mode === 'manual' && !stage.isCalm()) {
      return give(order, chance.isTrue(0.7) ? 'offerTo' : 'assignTo');
    }
    const isStuck = alarms.some((alarm) => alarm !== 'late' && alarm !== 'unassigned');
    return isStuck ? unstick(order) : undefined;
  }

  function unstick(order: StoredActor): Promise<unknown> | undefined {
    const reason = 'stuck';
    switch (order.state) {
      case 'preparing.toStore':
      case 'preparing.atStore':
        return tell(order, { type: 'order.release', reason });
      case 'outForDelivery.enRoute':
      case 'outForDelivery.atDoor':
        return chance.isTrue(0.5)
          ? tell(order, { type: 'order.deliver', reason })
          : tell(order, { type: 'order.fail', reason });
      case 'failed':
        return tell(order, { type: 'order.startReturn' });
      case 'returning':
        return tell(order, { type: 'order.completeReturn' });
      default:
        return undefined;
    }
  }

  function meddle(order: StoredActor): Promise<unknown> {
    const [offer] = contextOf(order).offers;
    if (offer) {
      const { driverId } = offer;
      return tell(order, { type: 'offer.withdraw', driverId, reason: 'meddling' });
    }
    return chance.isTrue(0.6)
      ? give(order, 'assignTo')
      : tell(order, { type: 'order.release', reason: 'meddling' });
  }
}
