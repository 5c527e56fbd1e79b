import type { State } from '../../../../machines/common.ts';
import { orderMachine } from '../../../../machines/order-machine.ts';
import { type OrderResult, resultOf } from '../../../../machines/order-readers.ts';
import type { Offer, OfferOutcome, OrderEvent } from '../../../../machines/order-types.ts';
import { initialState, step } from '../../../../machines/pure-step.ts';
import type { OrderRecord, RecordedStep } from '../../../../src/protocol/operators.ts';

/** The order right after one of its steps. */
export interface Moment extends RecordedStep {
  state: State;
  /** What the step answered: which offers it made and ended. */
  result: OrderResult;
}

/**
 * Takes the order through its machine again, step by step: what it was at any time is what the
 * machine makes of its history, here as in the engine. Stops where this console's machine does not
 * take a step: the order is of another version.
 */
export function replay({ steps }: OrderRecord): Moment[] {
  const moments: Moment[] = [];
  let before = initialState(orderMachine);
  for (const each of steps) {
    const state = step(orderMachine, before, each.event);
    if (!state) break;
    const result = resultOf(before, each.event, state);
    moments.push({ ...each, state, result });
    before = state;
  }
  return moments;
}

/** One offer from its making to its end. */
export interface OfferStory extends Offer {
  /** Who made it: `dispatch`, or an operator's id. */
  by: string;
  /** Absent while it is open. */
  end?: { at: number; outcome: OfferOutcome; reason?: string };
}

/** Every offer of the order so far, oldest first. */
export function offersIn(moments: readonly Moment[]): OfferStory[] {
  const stories = new Map<string, OfferStory>();
  for (const { at, event, result } of moments) {
    for (const offer of result.opened ?? []) {
      stories.set(offer.offerId, { ...offer, by: event.by.id });
    }
    if (event.type === 'offer.seen') {
      const seen = stories.get((event as unknown as OrderEvent & { offerId: string }).offerId);
      if (seen) seen.seenAt = at;
    }
    for (const { offerId, outcome, reason } of result.closed ?? []) {
      const story = stories.get(offerId);
      if (story) story.end = { at, outcome, ...(reason !== undefined && { reason }) };
    }
  }
  return [...stories.values()];
}
