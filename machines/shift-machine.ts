import { assertEvent, assign, setup } from 'xstate';
import type { ShiftContext, ShiftEvent } from './shift-types.ts';

/** Strikes are told apart by this many of the last struck offers. */
const STRUCK_KEPT = 8;

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

const isNewStrike = ({ context, event }: { context: ShiftContext; event: ShiftEvent }) =>
  event.type === 'shift.strike' && !context.struckOffers.includes(event.offerId);

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
    isStruck: ({ context }) => context.strikes > 0,
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
        struckOffers: [...context.struckOffers, event.offerId].slice(-STRUCK_KEPT),
      };
    }),
    // Once paused, the count starts anew: the next pause takes as many strikes again.
    forgive: assign({ strikes: 0 }),
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
        'shift.answer': { guard: 'isStruck', actions: 'forgive' },
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
            'shift.unpause': { guard: 'canUnpause', target: 'available', actions: 'unpause' },
          },
        },
      },
    },
    ended: { type: 'final' },
  },
});
