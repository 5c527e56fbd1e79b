import type { WaybillClient } from '../../src/client/waybill-client.ts';
import type { OrderCommandInput } from '../../src/protocol/commands.ts';
import type { OrderEventView, OrderView } from '../../src/protocol/orders.ts';
import type { OrderMove } from './order-model.ts';
import { type OrderStory, storyOf } from './order-stories.ts';
import { refusalOf, type Walkable } from './walk.ts';
import { type Crew, type Quarter, TIME_SCALE, type Town } from './wire-town.ts';

/** Long enough for every deadline of a story. */
const PATIENCE_MS = 25_000;

export interface WireOrdersDeps {
  town: Town;
  crew: Crew;
  quarter: number;
  /** How much slower than the story everything in this quarter is. */
  slower: number;
  /** Ends the serving of this town and starts it again, once everyone who waits for that is there. */
  outage(): Promise<void>;
}

/** One order over the public API. Deadlines pass by themselves; nothing is sent that people cannot send. */
export function walkOnWire({
  town,
  crew,
  quarter,
  slower,
  ...deps
}: WireOrdersDeps): Walkable<OrderMove> {
  const { customer, drivers, operator } = crew;
  const events: OrderEventView[] = [];
  let wake = () => {};
  let unwatch = () => {};
  let order: OrderView | undefined;
  let pin = '0000';
  let refusedAt = 0;
  const onDuty = new Set<WaybillClient>();

  async function goOnDuty(driver: WaybillClient) {
    driver.report(town.pointOf(quarter));
    await driver.shift('shift:start', { zone: town.zoneOf(quarter), capacity: 1 });
    onDuty.add(driver);
  }

  async function goOffDuty(driver: WaybillClient) {
    await driver.shift('shift:end', {});
    onDuty.delete(driver);
  }

  async function place(story: OrderStory) {
    // Where dispatch is to find drivers, they come when it is to find them.
    if (story.policy.mode === 'manual') {
      await Promise.all([goOnDuty(drivers.d1), goOnDuty(drivers.d2)]);
    }
    const inMs =
      story.searchInMs === undefined ? undefined : (story.searchInMs * slower) / TIME_SCALE;
    const placed = await customer.place({
      ...town.orderAt(quarter),
      ...(inMs === undefined ? {} : { searchAt: Math.round(customer.serverNow() + inMs) }),
    });
    order = placed.order;
    pin = placed.order.pin ?? '';
    unwatch = operator.watchOrder(placed.id, { onEvent: hear }, 0);
  }

  function hear(event: OrderEventView) {
    events.push(event);
    wake();
  }

  async function causing(move: OrderMove): Promise<unknown> {
    switch (move.kind) {
      case 'place':
        return place(storyOf(move.story));
      case 'send':
        return senderOf(move.by).command(order?.orderId ?? '', inputOf(move.command));
      case 'duty': {
        const driver = driverOf(move.driverId);
        return move.on ? goOnDuty(driver) : goOffDuty(driver);
      }
      case 'dispatch':
        return goOnDuty(drivers.d1);
      case 'due':
        return undefined;
      case 'outage':
        return deps.outage();
      case 'early':
        throw new Error(`nobody can cause "${move.type}"`);
    }
  }

  const driverOf = (id: string): WaybillClient => drivers[id as keyof Crew['drivers']];
  const senderOf = ({ role, id }: { role: string; id: string }): WaybillClient =>
    role === 'driver' ? driverOf(id) : role === 'customer' ? customer : operator;

  /** The command as people state it: their names for drivers and offers, and no slots. */
  function inputOf(command: (OrderMove & { kind: 'send' })['command']): OrderCommandInput {
    switch (command.type) {
      case 'offer.open':
        return {
          type: 'order.offer',
          driverId: idOf(command.offers[0]?.driverId),
          reason: 'by hand',
        };
      case 'order.assign':
        return { type: 'order.assign', driverId: idOf(command.driverId), reason: 'by hand' };
      case 'offer.withdraw':
        return { ...command, driverId: idOf(command.driverId) };
      case 'offer.seen':
      case 'offer.accept':
      case 'offer.reject':
        return { ...command, offerId: offerTo(command.offerId.slice('f-'.length)) };
      case 'order.deliver': {
        if (command.pin === undefined) return command;
        const wrong = pin === '0000' ? '1111' : '0000';
        return { ...command, pin: command.pin === '0000' ? wrong : pin };
      }
      default:
        return command as OrderCommandInput;
    }
  }

  const idOf = (driverId = ''): string => driverOf(driverId).user().userId;

  /** The latest offer that this driver was made. */
  const offerTo = (driverId: string): string =>
    events
      .flatMap(({ opened = [] }) => opened)
      .findLast((offer) => offer.driverId === idOf(driverId))?.offerId ?? 'no-such-offer';

  return {
    async perform(move) {
      const refusal = await refusalOf(causing(move));
      if (refusal === undefined) return undefined;
      // A refusal has moved nothing: whatever was taken beside it would show here.
      const now = order && (await operator.http<OrderView>('GET', `/v1/orders/${order.orderId}`));
      refusedAt = now?.seq ?? 0;
      return refusal;
    },

    steps,

    async close() {
      await bringToAnEnd();
      unwatch();
      await Promise.all([...onDuty].map(goOffDuty));
    },
  };

  async function steps(atLeast: number) {
    const wanted = Math.max(atLeast, refusedAt);
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (events.length < wanted && Date.now() < giveUpAt) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, giveUpAt - Date.now());
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return events.map(({ seq, type, to }) => ({ seq, type, to }));
  }

  /** Whatever it is at, so that its drivers are free again. */
  async function bringToAnEnd() {
    for (;;) {
      const state = events.at(-1)?.to ?? '';
      const type = ENDINGS.find(([within]) => state.startsWith(within))?.[1];
      if (!order || !type) return;
      const seq = events.length;
      const command = { type, ...(type.endsWith('Return') ? {} : { reason: 'the test is over' }) };
      await operator.command(order.orderId, command as OrderCommandInput).catch(() => {});
      if ((await steps(seq + 1)).length === seq)
        throw new Error(`order ${order.orderId} cannot be ended in ${state}`);
    }
  }
}

/** How an operator ends an order, by where it is. */
const ENDINGS = [
  ['scheduled', 'order.cancel'],
  ['pending', 'order.cancel'],
  ['preparing', 'order.cancel'],
  ['outForDelivery', 'order.deliver'],
  ['failed', 'order.startReturn'],
  ['returning', 'order.completeReturn'],
] as const;

/** The quarter in which a story is lived, so much slower. What has an upper bound keeps its own. */
export function quarterOf(story: OrderStory, slower: number): Quarter {
  const { policy, promiseMs } = story;
  const stretched = Object.entries(policy).map(([key, value]) => [
    key,
    key.endsWith('Ms') && typeof value === 'number' ? value * slower : value,
  ]);
  return { policy: Object.fromEntries(stretched), promiseMs: promiseMs * slower };
}
