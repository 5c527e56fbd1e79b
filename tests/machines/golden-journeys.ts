import { orderKind } from '../../machines/order-kind.ts';
import {
  buildJourney,
  customer,
  driver,
  type Journey,
  journeyTo,
  operator,
  POLICY,
  request,
  store,
  system,
  T0,
} from './journey.ts';

const d1 = driver('d1');
const d2 = driver('d2');
const d3 = driver('d3');
const open = (...ids: string[]) =>
  ({ type: 'offer.open', offers: ids.map((id) => request(id)) }) as const;
const seen = (id: string) => ({ type: 'offer.seen', offerId: `f-${id}` }) as const;
const accept = (id: string) => ({ type: 'offer.accept', offerId: `f-${id}` }) as const;
const assign = (driverId: string) =>
  ({ type: 'order.assign', driverId, slot: 0, capacity: 1, reason: 'by hand' }) as const;

/** Lives that together take every kind of step; recorded once per machine version, replayed ever after. */
export const GOLDEN_JOURNEYS: Record<string, () => Journey> = {
  delivered: () =>
    buildJourney()
      .send(system, open('d1'))
      .send(d1, seen('d1'))
      .due()
      .send(system, open('d2', 'd3'))
      .send(d2, seen('d2'))
      .send(d2, { type: 'offer.reject', offerId: 'f-d2', reason: 'too_far' })
      .send(d3, accept('d3'))
      .send(store, { type: 'store.ready' })
      .send(d3, { type: 'order.arriveStore' })
      .send(d3, { type: 'order.pickUp' })
      .send(d3, { type: 'order.arriveDoor' })
      .send(d3, { type: 'order.deliver', pin: '0000' })
      .send(d3, { type: 'order.deliver', pin: '4711' }),
  rescued: () =>
    buildJourney()
      .send(system, open('d1'))
      .due()
      .due(30_000)
      .due()
      .send(operator, { type: 'search.start', widenMeters: 2_000, clearExcluded: true })
      .due()
      .send(operator, open('d2'))
      .send(system, { type: 'offer.withdraw', driverId: 'd2', reason: 'shift_ended' })
      .send(operator, assign('d2'))
      .send(d2, { type: 'order.release', reason: 'flat tyre' })
      .send(operator, assign('d3'))
      .send(operator, { type: 'order.cancel', reason: 'store closed' }),
  lost: () =>
    journeyTo('toStore')
      .send(system, { type: 'driver.lose', driverId: 'd1' })
      .due()
      .send(system, open('d2'))
      .send(system, { type: 'driver.lose', driverId: 'd2' })
      .send(system, open('d2'))
      .send(d2, accept('d2'))
      .send(d2, { type: 'order.arriveStore' })
      .send(d2, { type: 'order.pickUp' })
      .send(system, { type: 'driver.lose', driverId: 'd2' })
      .send(system, { type: 'driver.find', driverId: 'd2' })
      .send(operator, assign('d3'))
      .send(operator, { type: 'order.deliver', reason: 'customer called' }),
  returned: () =>
    journeyTo('atDoor', {
      searchAt: T0,
      promisedAt: T0 + 700_000,
      policy: { ...POLICY, stallMs: 300_000 },
    })
      .due()
      .due()
      .due()
      .due()
      .send(d1, { type: 'order.fail', reason: 'nobody home' })
      .send(d1, { type: 'order.startReturn' })
      .send(store, { type: 'order.completeReturn' }),
  scheduled: () =>
    buildJourney({ searchAt: T0 + 600_000 })
      .due()
      .send(system, open('d1'))
      .send(customer, { type: 'order.cancel', reason: 'changed my mind' }),
  'pin-locked': () =>
    journeyTo('atDoor')
      .send(d1, { type: 'order.deliver', pin: '0001' })
      .send(d1, { type: 'order.deliver', pin: '0002' })
      .send(d1, { type: 'order.deliver', pin: '0003' })
      .send(operator, { type: 'order.deliver', reason: 'customer called' }),
};

/** A journey as the store would keep it. */
export const record = (journey: Journey) => ({
  kind: orderKind.name,
  machineVersion: orderKind.currentVersion,
  history: journey.steps.map(({ before, event, after }, index) => ({
    seq: index + 1,
    at: event.at,
    event,
    from: orderKind.stateOf(before),
    to: orderKind.stateOf(after),
    by: event.by,
    commandId: `command-${index + 1}`,
    payloadHash: '',
    result: orderKind.resultOf(before, event, after),
  })),
  holds: orderKind.holdsOf(journey.state),
  snapshot: {
    status: journey.state.status,
    value: journey.state.value,
    context: journey.state.context,
  },
});
