import type { DayClock } from './day-clock.ts';
import type { PlannedOrder } from './scenario.ts';
import type { Answer, Story } from './stories.ts';

/** What people in one room may know of each other: who tells the driver the PIN, whose turn it is. */
export interface Stage {
  readonly day: DayClock;
  /** The order is placed: from here on its story is known to whoever meets it. */
  enter(orderId: string, plan: PlannedOrder): void;
  storyOf(orderId: string): Story | undefined;
  /** The same, for one who may be there before the customer has heard that it is placed. */
  meet(orderId: string): Promise<Story | undefined>;
  /** How the next driver to be offered this order answers; each answer is given once. */
  nextAnswer(orderId: string): Answer;
  /** True for the first driver to ask, where the story wants one to give the order back. */
  takesDropOut(orderId: string): boolean;
  /** The customer tells the driver at the door. */
  tellPin(orderId: string, pin: string): void;
  pinOf(orderId: string): string | undefined;
  /** The store has packed it. */
  pack(orderId: string): void;
  /** Waits at the counter until it is packed. */
  bags(orderId: string, signal: AbortSignal): Promise<void>;
  /** Whatever somebody does on the side: should it break, the day is over. */
  mind(doing: Promise<unknown>): void;
  /** A final refusal somebody met: by code, for the closing table. */
  refused(code: string): void;
  refusals(): Record<string, number>;
}

/** An offer can overtake the answer to the customer by so much, real ms. */
const OVERTAKEN_MS = 200;

/** @param onBroken told the first mistake of ours that a person ran into */
export function setStage(day: DayClock, onBroken: (error: unknown) => void): Stage {
  const stories = new Map<string, Story>();
  const answers = new Map<string, Answer[]>();
  const droppers = new Set<string>();
  const awaited = new Map<string, (() => void)[]>();
  const pins = new Map<string, string>();
  const packed = new Map<string, AbortController>();
  const packing = (orderId: string) => {
    const known = packed.get(orderId) ?? new AbortController();
    packed.set(orderId, known);
    return known;
  };
  const refusals: Record<string, number> = {};
  return {
    day,
    enter(orderId, { story }) {
      stories.set(orderId, story);
      answers.set(orderId, [...story.answers]);
      if (story.dropOut) droppers.add(orderId);
      for (const tell of awaited.get(orderId) ?? []) tell();
      awaited.delete(orderId);
    },
    storyOf: (orderId) => stories.get(orderId),
    async meet(orderId) {
      if (!stories.has(orderId)) {
        const entered = new Promise<void>((tell) => {
          awaited.set(orderId, [...(awaited.get(orderId) ?? []), tell]);
        });
        await Promise.race([entered, day.passReal(OVERTAKEN_MS)]);
        awaited.delete(orderId);
      }
      return stories.get(orderId);
    },
    nextAnswer(orderId) {
      const story = stories.get(orderId);
      // Someone else's order, left over from an earlier day: nobody knows its PIN.
      if (!story) return { kind: 'reject', afterMs: 2_000, reason: 'other' };
      return answers.get(orderId)?.shift() ?? { kind: 'accept', afterMs: story.answerMs };
    },
    takesDropOut: (orderId) => droppers.delete(orderId),
    tellPin: (orderId, pin) => void pins.set(orderId, pin),
    pinOf: (orderId) => pins.get(orderId),
    pack: (orderId) => packing(orderId).abort(),
    async bags(orderId, signal) {
      if (stories.has(orderId))
        await day.pass(Infinity, AbortSignal.any([packing(orderId).signal, signal]));
    },
    mind: (doing) => void doing.catch(onBroken),
    refused(code) {
      refusals[code] = (refusals[code] ?? 0) + 1;
    },
    refusals: () => ({ ...refusals }),
  };
}
