import type { ZonePolicy } from '../../src/catalog/collections.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Never, as far as a test is concerned. */
const FAR = 720 * MINUTE;

/**
 * What kind of zone an order is placed in, and what may happen to it there. Every deadline that a
 * story is not about is far away. Durations are a zone's, ms before TIME_SCALE: sixty times
 * faster, a minute is a second.
 */
export interface OrderStory {
  policy: ZonePolicy;
  promiseMs: number;
  /** The customer asks for it this much later. */
  searchInMs?: number;
  /** `all` that people may try, in these states if any are given; or what leads `onward` only. */
  people: 'all' | 'onward';
  within?: readonly string[];
  /** Deadlines that may pass. */
  due: readonly string[];
  /** Nobody serves for this long, once, from the first deadline on. */
  outageMs?: number;
}

const QUIET: ZonePolicy = {
  mode: 'manual',
  offerMs: 120 * SECOND,
  seenMs: FAR,
  searchMs: FAR,
  releaseMs: FAR,
  atRiskMs: MINUTE,
  stallMs: FAR,
  pinTries: 1,
};
const story = (more: Partial<OrderStory> & { policy?: ZonePolicy } = {}): OrderStory => ({
  promiseMs: FAR,
  people: 'onward',
  due: [],
  ...more,
  policy: { ...QUIET, ...more.policy },
});

export const ORDER_STORIES = {
  plain: story({ people: 'all' }),
  auto: story({ policy: { mode: 'sequential' } }),
  scheduled: story({
    searchInMs: 2 * MINUTE,
    people: 'all',
    within: ['scheduled'],
    due: ['search.start'],
  }),
  unanswered: story({ policy: { offerMs: 10 * SECOND }, due: ['offer.expire'] }),
  unseen: story({ policy: { seenMs: 15 * SECOND }, due: ['offer.undeliver'] }),
  unassigned: story({
    policy: { searchMs: MINUTE },
    people: 'all',
    within: ['pending.unassigned'],
    due: ['search.fail'],
  }),
  vanished: story({ policy: { releaseMs: MINUTE }, due: ['order.release'] }),
  stalled: story({ policy: { stallMs: 90 * SECOND }, due: ['order.stall'] }),
  late: story({
    policy: { atRiskMs: MINUTE },
    promiseMs: 5 * MINUTE,
    due: ['order.atRisk', 'order.late'],
  }),
  // An offer is open for two minutes at most: the promise must break before.
  lateOffered: story({
    policy: { atRiskMs: 30 * SECOND },
    promiseMs: 120 * SECOND,
    due: ['order.atRisk', 'order.late'],
  }),
  lateUnassigned: story({
    policy: { searchMs: MINUTE, atRiskMs: MINUTE },
    promiseMs: 4 * MINUTE,
    due: ['search.fail', 'order.atRisk', 'order.late'],
  }),
  lateScheduled: story({
    policy: { atRiskMs: FAR },
    searchInMs: FAR,
    promiseMs: 2 * MINUTE,
    due: ['order.atRisk'],
  }),
  overslept: story({
    policy: { searchMs: 2 * MINUTE },
    outageMs: 7 * MINUTE,
    due: ['search.extend'],
  }),
  oversleptScheduled: story({
    policy: { atRiskMs: 3 * MINUTE },
    searchInMs: 3 * MINUTE,
    promiseMs: 2 * MINUTE,
    outageMs: 7 * MINUTE,
    due: ['order.late'],
  }),
} satisfies Record<string, OrderStory>;

export type StoryName = keyof typeof ORDER_STORIES;
export const STORY_NAMES = Object.keys(ORDER_STORIES) as StoryName[];
export const storyOf = (name: StoryName): OrderStory => ORDER_STORIES[name];
