import type { OpenOffer } from '../client/offers.ts';
import type { WaybillClient } from '../client/waybill-client.ts';
import { isVisible } from '../protocol/orders.ts';
import { type Body, createBody } from './body.ts';
import type { PlannedDriver } from './scenario.ts';
import type { Stage } from './stage.ts';
import type { Answer } from './stories.ts';
import { act, carry } from './trip.ts';

/** Share of an offer's life by which whoever answers has answered: a loaded machine needs the rest. */
const DECIDED_BY = 0.7;
/** Between two positions, unscaled ms, and never more often than real ms. */
const REPORT = { everyMs: 8_000, leastRealMs: 250 };

/** A driver's day: on duty from `startAt` until the day is called off. */
export async function liveShift(
  stage: Stage,
  client: WaybillClient,
  plan: PlannedDriver,
): Promise<void> {
  const { day } = stage;
  const body = createBody(day, plan.home, plan.metersPerSecond);
  const hands = createHands(stage, client, body);
  await day.until(plan.startAt);
  if (day.isOver()) return;
  client.report(body.where());
  const stops = [
    client.offers.onOpened((offer) => stage.mind(meetOffer(stage, client, offer, hands))),
    // Given by an operator, or still carried after a reconnection.
    client.on('order:snapshot', (order) => {
      if (order.driverId === client.user().userId) hands.take(order.orderId);
    }),
    client.on('order:event', (step) => {
      if (isVisible(step) && step.driverId === client.user().userId) hands.take(step.orderId);
    }),
  ];
  await client.shift('shift:start', { zone: plan.zone, capacity: plan.capacity });
  await Promise.all([reportWhere(stage, client, body), meetDeadSpots(stage, client, plan)]);
  for (const stop of stops) stop();
}

/** One pair of hands: orders are carried one after the other, each taken up once. */
interface Hands {
  take(orderId: string): void;
}

function createHands(stage: Stage, client: WaybillClient, body: Body): Hands {
  const taken = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  return {
    take(orderId) {
      if (taken.has(orderId)) return;
      taken.add(orderId);
      last = last
        .then(() => carry(stage, client, body, orderId))
        .finally(() => taken.delete(orderId));
      stage.mind(last);
    },
  };
}

async function meetOffer(
  stage: Stage,
  client: WaybillClient,
  offer: OpenOffer,
  hands: Hands,
): Promise<void> {
  await stage.meet(offer.orderId);
  const answer = stage.nextAnswer(offer.orderId);
  if (answer.kind === 'silent') return loseSignal(stage, client, answer.forMs);
  // The screen lights up: from here on it is the driver who lets it lapse.
  offer.seen();
  if (answer.kind === 'ignore') return;
  await stage.day.pass(timeToAnswer(stage, offer, answer));
  if (stage.day.isOver() || !offer.isOpen()) return;
  const { orderId, offerId } = offer;
  if (answer.kind === 'reject')
    await act(stage, client, orderId, { type: 'offer.reject', offerId, reason: answer.reason });
  else if (await act(stage, client, orderId, { type: 'offer.accept', offerId }))
    hands.take(orderId);
}

/** As planned, but in time: who means to answer does not wait for the last moment. Unscaled ms. */
const timeToAnswer = (
  { day }: Stage,
  offer: OpenOffer,
  answer: Extract<Answer, { afterMs: number }>,
) => Math.min(answer.afterMs, offer.leftMs() * day.speed * DECIDED_BY);

async function loseSignal(stage: Stage, client: WaybillClient, forMs: number): Promise<void> {
  client.disconnect();
  await stage.day.pass(forMs);
  if (!stage.day.isOver()) client.reconnect();
}

async function meetDeadSpots(
  stage: Stage,
  client: WaybillClient,
  { silences }: PlannedDriver,
): Promise<void> {
  for (const { at, forMs } of silences) {
    await stage.day.until(at);
    if (stage.day.isOver()) return;
    await loseSignal(stage, client, forMs);
  }
}

async function reportWhere({ day }: Stage, client: WaybillClient, body: Body): Promise<void> {
  while (!day.isOver()) {
    client.report(body.where());
    await day.pass(Math.max(REPORT.everyMs, REPORT.leastRealMs * day.speed));
  }
}
