import { assertEvent, assign, setup } from 'xstate';
import type { ShiftContext, ShiftEvent } from './shift-types.ts';

/** Offers that struck, or were excused, are told apart by this many of the last ones. */
const OFFERS_KEPT = 8;
/** Excused one after the other, without an answer in time between them: then a lapse is a strike again. */
export const MOST_EXCUSED_IN_ROW = 3;

const NOT_STARTED: ShiftContext = {
  shiftId: '',
  driverId: '',
  zone: '',
  capacity: 0,
  startedAt: 0,
  strikes: 0,
  pausedUntil: null,
  policy: { strikesToPause: 0, pauseMs: 0 },
  struckOffers: [],
  ending: null,
};

interface Args {
  context: ShiftContext;
  event: ShiftEvent;
}

const isNewStrike = ({ context, event }: Args) =>
  event.type === 'shift.strike' &&
  !context.struckOffers.includes(event.offerId) &&
  !context.excused?.offers.includes(event.offerId);

const isExcusable = ({ context: { excused }, event }: Args) =>
  event.type === 'shift.excuse' &&
  !excused?.offers.includes(event.offerId) &&
  (excused?.inRow ?? 0) < MOST_EXCUSED_IN_ROW;

/** The strikes that brought a pause about: those before any that were taken down during it. */
const strikesBehindPause = ({ struckOffers, strikes, policy }: ShiftContext): string[] =>
  struckOffers.slice(0, struckOffers.length - strikes).slice(-policy.strikesToPause);

/**
 * One driver's time on duty, from start to end. Whether he is busy is the orders' holds to say,
 * whether he is there the fleet's: neither is a state.
 */
export const shiftMachine = setup({
  types: { context: {} as ShiftContext, events: {} as ShiftEvent },
  guards: {
    isNewStrike,
    isLastStraw: (args) =>
      isNewStrike(args) && args.context.strikes + 1 >= args.context.policy.strikesToPause,
    isExcusable,
    /** The pause in force is one of strikes, as the sender knows from its end, and this was one of them. */
    isLifting: (args) =>
      isExcusable(args) &&
      args.event.type === 'shift.excuse' &&
      args.event.liftsUntil === args.context.pausedUntil &&
      strikesBehindPause(args.context).includes(args.event.offerId),
    isStruck: ({ context }) => context.strikes > 0 || (context.excused?.inRow ?? 0) > 0,
    isAhead: ({ context, event }) =>
      event.type === 'shift.pause' &&
      event.untilAt > event.at &&
      event.untilAt !== context.pausedUntil,
    canUnpause: ({ context, event }) =>
      event.by.role !== 'system' || event.at >= (context.pausedUntil ?? Infinity),
  },
  actions: {
    begin: assign(({ event }) => {
      assertEvent(event, 'shift.start');
      const { shiftId, driverId, zone, capacity, policy, at } = event;
      return { shiftId, driverId, zone, capacity, policy, startedAt: at };
    }),
    strike: assign(({ context, event }) => {
      assertEvent(event, 'shift.strike');
      return {
        strikes: context.strikes + 1,
        struckOffers: [...context.struckOffers, event.offerId].slice(-OFFERS_KEPT),
      };
    }),
    // It may come before the strike does: then it is remembered, and the strike will not count.
    excuse: assign(({ context, event }) => {
      assertEvent(event, 'shift.excuse');
      const { struckOffers, strikes, excused = { offers: [], inRow: 0 } } = context;
      const counts = strikes > 0 && struckOffers.slice(-strikes).includes(event.offerId);
      return {
        strikes: counts ? strikes - 1 : strikes,
        struckOffers: struckOffers.filter((offerId) => offerId !== event.offerId),
        excused: {
          offers: [...excused.offers, event.offerId].slice(-OFFERS_KEPT),
          inRow: excused.inRow + 1,
        },
      };
    }),
    // As it stood before the strike that was none.
    restoreStrikes: assign(({ context }) => ({ strikes: context.policy.strikesToPause - 1 })),
    // Once paused, the count starts anew: the next pause takes as many strikes again.
    forgive: assign({ strikes: 0 }),
    trust: assign(({ context: { excused } }) =>
      excused ? { excused: { ...excused, inRow: 0 } } : {},
    ),
    pauseForStrikes: assign(({ context, event }) => ({
      pausedUntil: event.at + context.policy.pauseMs,
    })),
    pause: assign(({ event }) => {
      assertEvent(event, 'shift.pause');
      return { pausedUntil: event.untilAt };
    }),
    unpause: assign({ pausedUntil: null }),
    end: assign(({ event }) => {
      assertEvent(event, ['shift.end', 'shift.lose']);
      const reason = event.type === 'shift.lose' ? 'lost' : (event.reason ?? 'ended');
      return { pausedUntil: null, ending: { by: event.by, reason, at: event.at } };
    }),
  },
}).createMachine({
  id: 'shift',
  context: NOT_STARTED,
  initial: 'new',
  states: {
    new: { on: { 'shift.start': { target: 'onDuty', actions: 'begin' } } },
    onDuty: {
      initial: 'available',
      on: {
        'shift.strike': [
          {
            guard: 'isLastStraw',
            target: '.paused',
            actions: ['strike', 'forgive', 'pauseForStrikes'],
          },
          { guard: 'isNewStrike', actions: 'strike' },
        ],
        'shift.excuse': { guard: 'isExcusable', actions: 'excuse' },
        'shift.answer': { guard: 'isStruck', actions: ['forgive', 'trust'] },
        'shift.pause': { guard: 'isAhead', target: '.paused', actions: 'pause' },
        'shift.lose': { target: 'ended', actions: 'end' },
        'shift.end': { target: 'ended', actions: 'end' },
      },
      states: {
        available: { on: { 'shift.break': 'onBreak' } },
        onBreak: { on: { 'shift.resume': 'available' } },
        paused: {
          on: {
            // A pause already runs: a strike of an offer from before it is only taken down.
            'shift.strike': { guard: 'isNewStrike', actions: 'strike' },
            'shift.excuse': [
              {
                guard: 'isLifting',
                target: 'available',
                actions: ['excuse', 'restoreStrikes', 'unpause'],
              },
              { guard: 'isExcusable', actions: 'excuse' },
            ],
            'shift.unpause': { guard: 'canUnpause', target: 'available', actions: 'unpause' },
          },
        },
      },
    },
    ended: { type: 'final' },
  },
});
