import { assign, setup } from 'xstate';
import * as changes from './order-assigns.ts';
import { orderGuards } from './order-guards.ts';
import type { OrderContext, OrderEvent } from './order-types.ts';

const NOT_PLACED: OrderContext = {
  orderId: '',
  customerId: '',
  storeId: '',
  zone: '',
  pickup: { lat: 0, lng: 0 },
  dropoff: { lat: 0, lng: 0 },
  itemCount: 0,
  totalCents: 0,
  feeCents: 0,
  currency: '',
  placedAt: 0,
  searchAt: 0,
  promisedAt: 0,
  etaAt: 0,
  health: 'onTime',
  pin: null,
  pinFailures: 0,
  policy: {
    mode: 'sequential',
    offerMs: 0,
    graceMs: 0,
    seenMs: 0,
    searchMs: 0,
    retryMs: 0,
    escalateAfter: 0,
    batchSize: 0,
    radiiMeters: [],
    releaseMs: 0,
    atRiskMs: 0,
    stallMs: 0,
    pinTries: 0,
  },
  search: null,
  offers: [],
  excluded: [],
  unreached: {},
  assignment: null,
  storeReadyAt: null,
  pickedUpAt: null,
  stallAt: null,
  stalls: 0,
  alarms: [],
  ending: null,
};

/** The promise is kept an eye on wherever the order is. */
const health = {
  'order.atRisk': { guard: 'isAtRisk', actions: 'markAtRisk' },
  'order.late': { guard: 'isLate', actions: 'markLate' },
} as const;

/** Somebody is to do something: their silence, or their vanishing, is noticed. */
const work = {
  ...health,
  'order.stall': { guard: 'isStalled', actions: 'stall' },
  'driver.lose': { guard: 'isLosing', actions: 'loseDriver' },
  'driver.find': { guard: 'isFinding', actions: 'findDriver' },
} as const;

const cancel = { target: '#order.cancelled', actions: 'recordEnding' } as const;

/** Ends one offer or several; after the last one the search goes on. */
const close = [
  { guard: 'closesLast', target: 'searching', actions: ['resumeSearch', 'closeOffers'] },
  { guard: 'closesSome', actions: 'closeOffers' },
] as const;

const forceAssign = {
  target: '#order.preparing.toStore',
  actions: ['closeOffers', 'assignDriver'],
} as const;

/**
 * The order from placing to its end. Deadlines are instants in context (order-deadlines.ts); who may
 * send what is order-events.ts; what the world does about a state is read by order-readers.ts.
 */
export const orderMachine = setup({
  types: { context: {} as OrderContext, events: {} as OrderEvent },
  guards: orderGuards,
  actions: {
    place: assign(changes.place),
    beginSearch: assign(changes.beginSearch),
    extendSearch: assign(changes.extendSearch),
    endSearch: assign(changes.endSearch),
    openOffers: assign(changes.openOffers),
    markSeen: assign(changes.markSeen),
    closeOffers: assign(changes.closeOffers),
    resumeSearch: assign(changes.resumeSearch),
    takeOffer: assign(changes.takeOffer),
    assignDriver: assign(changes.assignDriver),
    releaseDriver: assign(changes.releaseDriver),
    loseDriver: assign(changes.loseDriver),
    findDriver: assign(changes.findDriver),
    hearDriver: assign(changes.hearDriver),
    markReady: assign(changes.markReady),
    pickUp: assign(changes.pickUp),
    countWrongPin: assign(changes.countWrongPin),
    unlockPin: assign(changes.unlockPin),
    recordEnding: assign(changes.recordEnding),
    settle: assign(changes.settle),
    progress: assign(changes.progress),
    stall: assign(changes.stall),
    markAtRisk: assign(changes.markAtRisk),
    markLate: assign(changes.markLate),
    raiseUnassigned: assign(changes.raiseUnassigned),
    clearUnassigned: assign(changes.clearUnassigned),
  },
}).createMachine({
  id: 'order',
  context: NOT_PLACED,
  initial: 'new',
  states: {
    new: {
      on: {
        'order.place': [
          { guard: 'isForLater', target: 'scheduled', actions: 'place' },
          { target: 'pending.searching', actions: ['place', 'beginSearch'] },
        ],
      },
    },
    scheduled: {
      on: {
        ...health,
        'search.start': {
          guard: 'canStart',
          target: 'pending.searching',
          actions: 'beginSearch',
        },
        'order.cancel': cancel,
      },
    },
    pending: {
      initial: 'searching',
      on: {
        ...health,
        'store.ready': { guard: 'isPacking', actions: 'markReady' },
        'order.assign': forceAssign,
        'order.cancel': cancel,
      },
      states: {
        searching: {
          on: {
            'offer.open': { guard: 'canOpen', target: 'offered', actions: 'openOffers' },
            'search.extend': { guard: 'hasOverslept', actions: 'extendSearch' },
            'search.fail': { guard: 'hasGivenUp', target: 'unassigned', actions: 'endSearch' },
          },
        },
        offered: {
          on: {
            'offer.open': { guard: 'canOpenByHand', actions: 'openOffers' },
            'offer.seen': { guard: 'isUnseen', actions: 'markSeen' },
            'offer.accept': {
              guard: 'closesSome',
              target: '#order.preparing.toStore',
              actions: ['takeOffer', 'closeOffers'],
            },
            'offer.reject': close,
            'offer.expire': close,
            'offer.undeliver': close,
            'offer.withdraw': close,
            'driver.lose': close,
          },
        },
        unassigned: {
          entry: 'raiseUnassigned',
          exit: 'clearUnassigned',
          on: {
            'search.start': { guard: 'isOperator', target: 'searching', actions: 'beginSearch' },
            'offer.open': { guard: 'canOpenByHand', target: 'offered', actions: 'openOffers' },
          },
        },
      },
    },
    preparing: {
      initial: 'toStore',
      on: {
        ...work,
        'store.ready': { guard: 'isPacking', actions: ['markReady', 'progress'] },
        'order.assign': { ...forceAssign, guard: 'isAnother' },
        'order.release': {
          guard: 'canRelease',
          target: 'pending.searching',
          actions: 'releaseDriver',
        },
      },
      states: {
        toStore: {
          entry: 'progress',
          on: {
            'order.arriveStore': { target: 'atStore', actions: 'hearDriver' },
            'order.cancel': cancel,
          },
        },
        atStore: {
          entry: 'progress',
          on: {
            'order.pickUp': {
              target: '#order.outForDelivery',
              actions: ['hearDriver', 'pickUp'],
            },
            'order.cancel': { ...cancel, guard: 'isNotCustomer' },
          },
        },
      },
    },
    outForDelivery: {
      initial: 'enRoute',
      on: {
        ...work,
        'order.fail': { target: 'failed', actions: ['hearDriver', 'recordEnding'] },
      },
      states: {
        enRoute: {
          entry: 'progress',
          on: {
            'order.arriveDoor': { target: 'atDoor', actions: 'hearDriver' },
            'order.deliver': {
              guard: 'isExplained',
              target: '#order.delivered',
              actions: 'recordEnding',
            },
            'order.assign': {
              guard: 'isAnother',
              target: 'enRoute',
              reenter: true,
              actions: 'assignDriver',
            },
          },
        },
        atDoor: {
          entry: 'progress',
          exit: 'unlockPin',
          on: {
            'order.deliver': [
              { guard: 'canDeliver', target: '#order.delivered', actions: 'recordEnding' },
              { guard: 'isWrongPin', actions: ['countWrongPin', 'hearDriver', 'progress'] },
            ],
          },
        },
      },
    },
    failed: {
      entry: 'progress',
      on: { ...work, 'order.startReturn': { target: 'returning', actions: 'hearDriver' } },
    },
    returning: {
      entry: 'progress',
      on: { ...work, 'order.completeReturn': 'returned' },
    },
    delivered: { type: 'final', entry: 'settle' },
    cancelled: { type: 'final', entry: 'settle' },
    returned: { type: 'final', entry: 'settle' },
  },
});
