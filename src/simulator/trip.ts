import { isIn } from '../../machines/common.ts';
import { isCallError } from '../client/call-error.ts';
import type { WaybillClient } from '../client/waybill-client.ts';
import type { OrderCommandInput } from '../protocol/commands.ts';
import type { Body } from './body.ts';
import { isTerminal } from './figures.ts';
import { type Followed, followOrder } from './follow.ts';
import type { Stage } from './stage.ts';

/** An hour on a bad line is worth less to a driver than the next order, real ms. */
const STUBBORN = { deadlineMs: 60_000 };
/** On the way to the store, until one gives up. Unscaled ms. */
const DROP_OUT_MS = 6_000;
/** For an order nobody wrote a story for. Unscaled ms. */
const DOOR_MS = 30_000;

/**
 * Carries one order from wherever it stands: to the store, to the door, or back. Ends when there is
 * nothing left to do for this driver, whoever decided that.
 */
export async function carry(
  stage: Stage,
  client: WaybillClient,
  body: Body,
  orderId: string,
): Promise<void> {
  const leaving = new AbortController();
  const me = client.user().userId;
  const order = followOrder(client, orderId, (state, event) => {
    // Released, handed to someone else, or called off: the driver turns round.
    const mine = event?.driverId ?? order.view()?.driverId;
    if (isTerminal(state) || isIn(state, 'pending') || (mine && mine !== me)) leaving.abort();
  });
  const { signal } = leaving;
  const forget = stage.day.onOver(() => leaving.abort());
  signal.addEventListener('abort', order.stop, { once: true });
  try {
    let state = await order.until((now) => now !== '');
    while (state && !signal.aborted) {
      const before = state;
      await takeStep(stage, client, body, orderId, order, signal);
      state = await order.until((now) => now !== before);
    }
  } finally {
    forget();
    order.stop();
  }
}

/** One leg, and what is done at its end. */
async function takeStep(
  stage: Stage,
  client: WaybillClient,
  body: Body,
  orderId: string,
  order: Followed,
  signal: AbortSignal,
): Promise<void> {
  const { day } = stage;
  const view = order.view();
  if (!view) return;
  const story = stage.storyOf(orderId);
  const send = async (command: OrderCommandInput) => {
    if (!signal.aborted) await act(stage, client, orderId, command);
  };

  switch (order.state()) {
    case 'preparing.toStore':
      if (stage.takesDropOut(orderId)) {
        await day.pass(DROP_OUT_MS, signal);
        return send({ type: 'order.release', reason: 'flat tyre' });
      }
      await body.travel(view.pickup, signal);
      return send({ type: 'order.arriveStore' });
    case 'preparing.atStore':
      await stage.bags(orderId, signal);
      return send({ type: 'order.pickUp' });
    case 'outForDelivery.enRoute':
      await body.travel(view.dropoff, signal);
      return send({ type: 'order.arriveDoor' });
    case 'outForDelivery.atDoor':
      await day.pass(story?.doorMs ?? DOOR_MS, signal);
      if (story?.nobodyHome) return send({ type: 'order.fail', reason: 'nobody at the door' });
      for (let n = 0; n < (story?.wrongPins ?? 0); n++)
        await send({ type: 'order.deliver', pin: mistyped(stage.pinOf(orderId)) });
      return send({ type: 'order.deliver', pin: stage.pinOf(orderId) ?? '0000' });
    case 'failed':
      return send({ type: 'order.startReturn' });
    case 'returning':
      await body.travel(view.pickup, signal);
      return send({ type: 'order.completeReturn' });
  }
}

/** Sends a command until it is answered; a final refusal is counted, and the watch tells what is so. */
export async function act(
  stage: Stage,
  client: WaybillClient,
  orderId: string,
  command: OrderCommandInput,
): Promise<boolean> {
  try {
    await client.command(orderId, command, { retry: STUBBORN });
    return true;
  } catch (error) {
    if (!isCallError(error)) throw error;
    if (error.code !== 'closed') stage.refused(error.code);
    return false;
  }
}

const mistyped = (pin = '0000') => `${(Number(pin[0]) + 1) % 10}${pin.slice(1)}`;
