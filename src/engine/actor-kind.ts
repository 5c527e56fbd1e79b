import type { AnyStateMachine } from 'xstate';
import type {
  ActorEvent,
  HistoryEntry,
  JsonObject,
  PersistedSnapshot,
  Principal,
} from './types.ts';

/** Something the passing of time means now. */
export interface DueEvent {
  event: { type: string } & JsonObject;
  /** Epoch ms at which it became due: the database refuses the commit before this instant. */
  dueAt: number;
}

/** An effect as the machine states it; the engine gives it its id and its due time. */
export interface Effect {
  type: string;
  payload: JsonObject;
}

/** Why a command was refused, in the domain's own words. `code` is a member of the error union. */
export interface Refusal {
  code: string;
  message: string;
  details?: JsonObject;
}

/**
 * Everything the engine must know of one kind of actor. All functions are pure, total and cheap:
 * they are called on every commit, on any node, in simulation and in replay.
 */
export interface ActorKind {
  /** Also the name of the MongoDB collection. */
  readonly name: string;
  /** Event type that brings an actor into being; it meets the machine's initial state. */
  readonly birth: string;
  /** Version that new actors are born with. */
  readonly currentVersion: number;
  /** Every version this code can run: the current one and the one before. */
  readonly machines: ReadonlyMap<number, AnyStateMachine>;
  /** May this principal send this event to an actor in this state? Role, ownership, relation. */
  isEntitled(snapshot: PersistedSnapshot, event: ActorEvent): boolean;
  /** Event types that this principal could send now: for error messages and screens. */
  legalEvents(snapshot: PersistedSnapshot, by: Principal): string[];
  /** Dotted state path, e.g. `pending.offered`. */
  stateOf(snapshot: PersistedSnapshot): string;
  /** Top-level fields that queries and indexes need. `undefined` unsets. */
  columnsOf(snapshot: PersistedSnapshot): JsonObject;
  /** Keys that no two actors of the kind may share, e.g. `d1#offer`, `d1#0`. */
  holdsOf(snapshot: PersistedSnapshot): string[];
  /** Earliest instant (epoch ms) at which this actor needs attention: a deadline, or work to do. */
  nextWakeAt(snapshot: PersistedSnapshot): number | undefined;
  /** What the passing of time means at `at`, or undefined. */
  dueEvent(snapshot: PersistedSnapshot, at: number): DueEvent | undefined;
  /** Name of the work this state asks for at `at` (its worker is registered at the root), or undefined. */
  workFor(snapshot: PersistedSnapshot, at: number): string | undefined;
  /** Effects of this step. */
  effectsOf(before: PersistedSnapshot, event: ActorEvent, after: PersistedSnapshot): Effect[];
  /** What the sender is answered, and again on every retry. */
  resultOf(before: PersistedSnapshot, event: ActorEvent, after: PersistedSnapshot): JsonObject;
  /** Instant (epoch ms) from which the database must refuse this event as late; undefined: never. */
  notAfter(snapshot: PersistedSnapshot, event: ActorEvent): number | undefined;
  /** Principals whom this step concerns, before and after it, as `role:id`, `zone:id`. */
  audienceOf(before: PersistedSnapshot, event: ActorEvent, after: PersistedSnapshot): string[];
  /** True for events that may still be taken when the history is full. */
  isClosing(eventType: string): boolean;
  /**
   * A better answer than `not_found` or `illegal_transition`, from what happened before: an event
   * that names an offer which is no longer open is told how it ended. Undefined: no better answer.
   */
  refusalOf(
    snapshot: PersistedSnapshot,
    event: ActorEvent,
    history: readonly HistoryEntry[],
  ): Refusal | undefined;
  /** Every hold that `event` could live with (all slots of the drivers it names). */
  holdCandidates(event: ActorEvent): string[];
  /**
   * After a clash: the same command on free holds, or who is busy.
   * @param taken holds that other actors have now, out of `holdCandidates`
   */
  rebook(event: ActorEvent, taken: ReadonlySet<string>): { event: ActorEvent } | { busy: string[] };
}
