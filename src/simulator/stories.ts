import type { Dice } from './dice.ts';

/** What becomes of an order, as far as people have a say in it. Durations in unscaled ms. */
export interface Story {
  name: StoryName;
  /** How the drivers who are offered it answer, first to last; whoever comes later accepts. */
  answers: Answer[];
  /** A driver's time to decide, for those beyond `answers`. */
  answerMs: number;
  /** Set: the customer asks for it this long after placing. */
  scheduleMs?: number;
  /** Set: the customer calls it off, this long after the order reached that state. */
  cancel?: { in: 'pending.offered' | 'preparing'; afterMs: number };
  /** The first driver to accept gives it back on the way to the store. */
  dropOut: boolean;
  /** The PIN is mistyped this often before it is right. */
  wrongPins: number;
  nobodyHome: boolean;
  /** What the operator does should it reach the rescue lane. */
  rescue: Rescue;
  /** The operator's time before stepping in. */
  rescueAfterMs: number;
  /** At the door, until the bags are handed over. */
  doorMs: number;
}

export type Answer =
  | { kind: 'accept'; afterMs: number }
  | { kind: 'reject'; afterMs: number; reason: RejectReason }
  | { kind: 'ignore' }
  /** The phone loses its signal before it could show the offer. */
  | { kind: 'silent'; forMs: number };

export type RejectReason = 'too_far' | 'busy' | 'vehicle_problem' | 'end_of_shift' | 'other';

/** `leave`: it is in the lane when the day ends. */
export type Rescue = 'assign' | 'searchWider' | 'cancel' | 'leave';

/** How often each story happens, per hundred orders. */
export const STORIES = {
  plain: 50,
  reject: 14,
  expire: 9,
  undelivered: 4,
  release: 4,
  cancelOffered: 3,
  cancelPreparing: 3,
  nobodyHome: 3,
  wrongPin: 4,
  scheduled: 3,
  rescue: 3,
} as const;
export type StoryName = keyof typeof STORIES;

/** The stories a demo must not go without: the first orders of the day take one each. */
export const PLANNED: readonly StoryName[] = [
  'rescue',
  'expire',
  'reject',
  'release',
  'cancelOffered',
  'cancelPreparing',
  'nobodyHome',
  'wrongPin',
  'scheduled',
  'undelivered',
];

/** People answer within seconds, some within many. */
const ANSWER = { medianMs: 7_000, sigma: 0.6, mostMs: 18_000 };
const RESCUES: Record<Rescue, number> = {
  assign: 40,
  searchWider: 25,
  cancel: 15,
  leave: 20,
};

/**
 * Draws the particulars of a story; the same dice draw the same ones.
 * @param planned one the demo counts on: an operator will not leave it in the lane
 */
export function writeStory(name: StoryName, dice: Dice, planned: boolean): Story {
  const answerMs = () => Math.min(dice.lognormal(ANSWER.medianMs, ANSWER.sigma), ANSWER.mostMs);
  const reject = (): Answer => ({
    kind: 'reject',
    afterMs: answerMs(),
    reason: dice.weighted({
      too_far: 5,
      busy: 3,
      vehicle_problem: 1,
      end_of_shift: 1,
      other: 1,
    }),
  });
  const story: Story = {
    name,
    answers: [],
    answerMs: answerMs(),
    dropOut: false,
    wrongPins: 0,
    nobodyHome: false,
    rescue: planned ? 'assign' : dice.weighted(RESCUES),
    rescueAfterMs: dice.lognormal(20_000, 0.4),
    doorMs: dice.lognormal(30_000, 0.4),
  };
  switch (name) {
    case 'plain':
    case 'rescue':
      // What makes a rescue is the neighbourhood.
      return story;
    case 'reject':
      return {
        ...story,
        answers: Array.from({ length: 1 + dice.index(3) }, reject),
      };
    case 'expire':
      return {
        ...story,
        answers: [{ kind: 'ignore' }, ...(dice.next() < 0.3 ? [reject()] : [])],
      };
    case 'undelivered':
      return {
        ...story,
        answers: [{ kind: 'silent', forMs: dice.lognormal(30_000, 0.3) }],
      };
    case 'release':
      return { ...story, dropOut: true };
    case 'cancelOffered':
      return {
        ...story,
        // Nobody answers before the customer has changed their mind.
        answers: [{ kind: 'ignore' }, { kind: 'ignore' }, { kind: 'ignore' }],
        cancel: { in: 'pending.offered', afterMs: dice.between(2_000, 6_000) },
      };
    case 'cancelPreparing':
      return {
        ...story,
        cancel: { in: 'preparing', afterMs: dice.between(5_000, 20_000) },
      };
    case 'nobodyHome':
      return { ...story, nobodyHome: true };
    case 'wrongPin':
      return { ...story, wrongPins: 1 };
    case 'scheduled':
      return { ...story, scheduleMs: dice.between(90_000, 240_000) };
  }
}
