import type { State } from '../../../machines/common.ts';
import { orderKind } from '../../../machines/order-kind.ts';
import type { OrderCommit } from '../../../src/api/presenters/present-event.ts';
import type { ActorEvent, PersistedSnapshot } from '../../../src/engine/types.ts';
import type { Journey } from '../../machines/journey.ts';

/** A journey's steps as the feed would tell them. */
export const commitsOf = (journey: Journey): OrderCommit[] =>
  journey.steps.map(({ event, before, after }, index) => ({
    id: 'o1',
    seq: index + 1,
    entry: {
      ...{ seq: index + 1, at: event.at, by: event.by, commandId: `k${index}`, payloadHash: '' },
      event: event as unknown as ActorEvent,
      from: orderKind.stateOf(before),
      to: orderKind.stateOf(after),
      result: orderKind.resultOf(before, event, after),
    },
    audience: orderKind.audienceOf(before, event, after),
    snapshot: stored(after),
  }));

/** The order as the store has it after the journey. */
export const actorOf = (journey: Journey) => ({
  id: 'o1',
  seq: journey.steps.length,
  state: orderKind.stateOf(journey.state),
  snapshot: stored(journey.state),
});

const stored = (state: State) => JSON.parse(JSON.stringify(state)) as PersistedSnapshot;
