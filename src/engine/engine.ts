import type { Feed } from './feed.ts';
import type { StoredActor } from './store.ts';
import type { Command, JsonObject, Principal } from './types.ts';

export interface SendRequest {
  kind: string;
  id: string;
  /** The command as its sender states it; the engine stamps `at` and `by`. */
  command: Command;
  by: Principal;
  /**
   * What a retry is told from another command by, where the command carries more than its sender
   * said (a drawn PIN, a looked-up price). @default the command
   */
  fingerprint?: JsonObject;
  /** The sender's idempotency key, unique within the actor. @default a generated one */
  commandId?: string;
  /** Take the command only at this seq; anything else is `version_conflict`, never a second decision. */
  ifSeq?: number;
}

export interface SendResult {
  /** Seq of the commit that took the command. */
  seq: number;
  state: string;
  result: JsonObject;
  /** True when the command had been taken before, and this is its recorded result. */
  replayed: boolean;
}

export interface WorkItem {
  kind: string;
  id: string;
  seq: number;
  work: string;
  actor: StoredActor;
}

/**
 * Does what a state asks for and answers with `engine.send(…, ifSeq: item.seq)`.
 * Resolves to the instant (epoch ms) at which to look again when it could do nothing now.
 */
export type Worker = (item: WorkItem) => Promise<number | undefined>;

/** Runs one effect; its item id is the commandId of whatever it sends. Throws to be tried again. */
export type EffectHandler = (effect: {
  id: string;
  kind: string;
  actorId: string;
  type: string;
  payload: JsonObject;
  tries: number;
}) => Promise<void>;

/** The one door to every durable actor. */
export interface Engine {
  /**
   * Takes one command through the seven steps of docs/ARCHITECTURE.md and resolves once it is
   * majority-committed.
   * @throws {AppError} not_found, illegal_transition, offer_closed, command_mismatch, driver_busy,
   *   version_conflict, outcome_unknown, overloaded, wrong_version, order_full, not_ready
   */
  send(request: SendRequest): Promise<SendResult>;
  /** The actor as the database has it (majority), or undefined. */
  read(kind: string, id: string): Promise<StoredActor | undefined>;
  /** Committed changes of all nodes. */
  readonly feed: Feed;
  /** Registers the worker for a name that `workFor` gives. Before `start`. */
  onWork(name: string, worker: Worker): void;
  /** Registers the handler for an effect type. Before `start`. */
  onEffect(type: string, handler: EffectHandler): void;
  /** Opens the feed and starts the scheduler; the returned stop drains both. */
  start(): Promise<() => Promise<void>>;
}
