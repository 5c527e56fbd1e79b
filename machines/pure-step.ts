import { type AnyActorScope, type AnyStateMachine, createEmptyActor } from 'xstate';
import type { StampedEvent, State } from './common.ts';

/**
 * The state after `event`, or undefined when the machine does not take it.
 * @param state live or as stored
 */
export function step(
  machine: AnyStateMachine,
  state: State,
  event: StampedEvent,
): State | undefined {
  const before = machine.resolveState({
    value: state.value as never,
    context: state.context as never,
  });
  const after = machine.transition(before, event, scope);
  return after === before ? undefined : after;
}

/** The state every new actor starts from. */
export const initialState = (machine: AnyStateMachine): State =>
  machine.getInitialSnapshot(scope, undefined);

// One inert scope for all: xstate's own `transition()` makes an actor per call, six times slower.
const self = createEmptyActor();
const scope: AnyActorScope = {
  self,
  id: '',
  sessionId: '',
  logger: () => {},
  defer: () => {},
  system: self.system,
  stopChild: () => {},
  emit: () => {},
  actionExecutor: () => {},
};
