import type { Mutant } from './mutant.ts';

const CLIENT = 'tests/client/waybill-client.test.ts';
const PERSIST = 'tests/client/persist.test.ts';
const CLOCK = 'tests/client/clock-sync.test.ts';
const LIVE_ORDERS = 'tests/web/live-orders.test.ts';

/** Faults in what a client keeps: ids of retries, offers, the server's clock, the console's picture. */
export const CLIENT_MUTANTS: readonly Mutant[] = [
  {
    name: 'client-skips-a-gap',
    breaks: ['CLT4', 'I9'],
    says: 'The client applies a step though the one before it is missing.',
    file: 'src/client/order-watch.ts',
    find: 'if (applied === undefined || event.seq > applied + 1) return false;',
    replace: 'if (applied === undefined) return false;',
    caughtBy: ['tests/client/order-watch.test.ts [CLT4]'],
  },
  {
    name: 'another-id-on-retry',
    breaks: ['CLT7', 'I5'],
    says: 'Each attempt of a command carries an id of its own.',
    file: 'src/client/caller.ts',
    find: 'attempt(name, payload, policy.ackTimeoutMs)',
    replace: `attempt(
          name,
          { ...(payload as object), commandId: String(Math.random()) },
          policy.ackTimeoutMs,
        )`,
    caughtBy: [`${CLIENT} [CLT7]`],
  },
  {
    name: 'final-refusal-tried-again',
    breaks: ['CLT7'],
    says: 'A call that was refused for good is sent again until its time is over.',
    file: 'src/client/persist.ts',
    find: '      if (!isCallError(error) || !error.retryable) throw error;\n',
    replace: '',
    caughtBy: [`${PERSIST} [CLT7]`],
  },
  {
    name: 'offer-met-twice',
    breaks: ['CLT9'],
    says: 'An offer that is told again after a reconnection is another one on the screen.',
    file: 'src/client/offers.ts',
    find: '      if (known.has(view.offerId)) return;\n',
    replace: '',
    caughtBy: [`${CLIENT} [CLT9]`],
  },
  {
    name: 'countdown-by-the-phone',
    breaks: ['CLT9'],
    says: "An offer counts down by the phone's own clock.",
    file: 'src/client/offers.ts',
    find: 'timers.now() + clock.offsetMs()',
    replace: 'timers.now()',
    caughtBy: [`${CLIENT} [CLT9]`],
  },
  {
    name: 'clock-sample-kept-for-ever',
    breaks: ['CLT2', 'CLT6'],
    says: "What was once known well of the server's clock is never forgotten.",
    file: 'src/client/clock-sync.ts',
    find: '.slice(0, keep)',
    replace: '',
    caughtBy: [`${CLOCK} [CLT2]`],
  },
  {
    name: 'push-crowds-out-answers',
    breaks: ['CLT1'],
    says: 'Pushes that say nothing new push the answers out of memory.',
    file: 'src/client/clock-sync.ts',
    find: 'if (min > agreed.min) observe',
    replace: 'observe',
    caughtBy: [`${CLOCK} [CLT1]`],
  },
  {
    name: 'picture-read-twice-at-once',
    breaks: ['WEB11', 'I9'],
    says: 'The console asks for its picture while it is being read, and the deltas of one are cut off by the other.',
    file: 'web/src/console/state/live-orders.ts',
    find: '    if (reading) return;\n',
    replace: '',
    caughtBy: [`${LIVE_ORDERS} [WEB11]`],
  },
  {
    name: 'missing-delta-believed',
    breaks: ['WEB11', 'I9'],
    says: 'The console goes on after a delta that did not come.',
    file: 'web/src/console/state/live-orders.ts',
    find: 'if (missing !== 0) {',
    replace: 'if (missing < 0) {',
    caughtBy: [`${LIVE_ORDERS} [WEB11]`],
  },
];
