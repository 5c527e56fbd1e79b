import type {
  Commit,
  HistoryEntry,
  Json,
  JsonObject,
  OutboxItem,
  PersistedSnapshot,
  Principal,
} from './types.ts';

/** What a retry is recognised by, and answered with. */
export type CommandRecord = Pick<
  HistoryEntry,
  'seq' | 'at' | 'commandId' | 'payloadHash' | 'result' | 'by'
>;

/** An actor as it stands in the store, without its history. */
export interface StoredActor {
  id: string;
  seq: number;
  machineVersion: number;
  state: string;
  snapshot: PersistedSnapshot;
  wakeAt?: number;
  outbox: OutboxItem[];
  /** Size of the history so far: entries (= seq) and bytes of JSON, approximate. */
  historyBytes: number;
  columns: JsonObject;
  createdAt: number;
  updatedAt: number;
}

/** One conditional single-document write: takes an actor from `expectedSeq` to `expectedSeq + 1`. */
export interface Change {
  kind: string;
  id: string;
  /** 0 inserts. */
  expectedSeq: number;
  machineVersion: number;
  state: string;
  snapshot: PersistedSnapshot;
  /** `undefined` values are unset. */
  columns: JsonObject;
  /** Empty: the field is unset (an empty array would be indexed, and clash). */
  holds: string[];
  wakeAt?: number;
  entry: HistoryEntry;
  entryBytes: number;
  audience: string[];
  node: string;
  /** Added to the outbox. */
  effects: OutboxItem[];
  /** Refuse (`late`) a write that begins at or after this instant by the database's clock. Epoch ms. */
  notAfter?: number;
  /** Refuse (`early`) a write that begins before this instant by the database's clock. Epoch ms. */
  notBefore?: number;
}

/**
 * What became of a change.
 * - `committed`: majority-acknowledged and journalled.
 * - `moved`: seq is not `expectedSeq` (or, for an insert, the id exists): nothing was written.
 * - `late` / `early`: seq still matches, the clock condition did not: nothing was written.
 * - `held`: another actor has one of the holds: nothing was written.
 * - `unknown`: it may have been applied, may yet be, or never will be.
 */
export type CommitOutcome =
  | { outcome: 'committed' }
  | { outcome: 'moved' }
  | { outcome: 'late' }
  | { outcome: 'early' }
  | { outcome: 'held' }
  | { outcome: 'unknown'; cause: unknown };

/** Where a page of a listing starts: strictly older than this. */
export interface ListCursor {
  createdAt: number;
  id: string;
}

export interface BornQuery {
  /** Columns, for equality; arrays mean "one of". */
  where: Record<string, Json>;
  columns: readonly string[];
  entryFields: readonly string[];
  limit: number;
}

/** An actor and what became of it, as far as it was asked for. */
export interface Born {
  createdAt: number;
  columns: JsonObject;
  history: readonly Partial<HistoryEntry>[];
}

export interface DueItem {
  id: string;
  wakeAt: number;
  machineVersion: number;
}

/** A node that serves, as the others see it. */
export interface NodeInfo {
  name: string;
  /** Epoch ms, database clock. */
  seenAt: number;
  /** Since when it serves: its first heartbeat. Epoch ms, database clock. */
  since: number;
  /** Kind name → newest machine version the node carries. */
  versions: Record<string, number>;
}

export interface FeedHandlers {
  onCommit(commit: Commit): void;
  /** The stream is alive though nothing was committed. */
  onHeartbeat(): void;
  /** History between the last commit and now may be missing: everyone must re-read. */
  onResync(): void;
  /** Another server tells the time from now on. */
  onNewPrimary?(): void;
}

/**
 * The port under the engine: single-document compare-and-set, holds, due times, an outbox and a
 * feed. Adapters: `memory-store.ts`, `mongo-store.ts`; both pass `tests/contract/store-contract.ts`.
 * Reads are linearizable (primary, majority). Any method may throw a transport error;
 * only `commit` must turn "maybe applied" into an outcome instead.
 */
export interface Store {
  /** The actor without its history, or undefined. */
  load(kind: string, id: string): Promise<StoredActor | undefined>;
  /** Its seq, or 0 when there is none. */
  readSeq(kind: string, id: string): Promise<number>;
  /** Its newest `limit` command records, newest last; all of them when seq ≤ limit. */
  loadCommands(kind: string, id: string, limit: number): Promise<CommandRecord[]>;
  /** The record of one command, however old, or undefined. */
  findCommand(kind: string, id: string, commandId: string): Promise<CommandRecord | undefined>;
  /** Entries with seq > sinceSeq, in order; at most `limit`. */
  history(kind: string, id: string, sinceSeq: number, limit?: number): Promise<HistoryEntry[]>;
  /** Applies a change or says why not. Never throws for a reason the outcome can carry. */
  commit(change: Change): Promise<CommitOutcome>;
  /** Moves wakeAt only, if seq is still `seq`: no history, no feed. False when it moved. */
  defer(kind: string, id: string, seq: number, wakeAt: number): Promise<boolean>;
  /** Actors whose wakeAt ≤ before, earliest first. */
  due(kind: string, before: number, limit: number): Promise<DueItem[]>;
  /** Actors, terminal ones too, that have an outbox item with dueAt ≤ before. */
  dueOutbox(
    kind: string,
    before: number,
    limit: number,
  ): Promise<{ id: string; items: OutboxItem[] }[]>;
  /** Removes an effect that is done. Idempotent; acknowledged by the primary alone (w:1). */
  pullEffect(kind: string, id: string, effectId: string): Promise<void>;
  /** Records a failed attempt. */
  retryEffect(
    kind: string,
    id: string,
    effectId: string,
    dueAt: number,
    tries: number,
  ): Promise<void>;
  /** Which of these holds are taken, and by which actor. */
  heldBy(kind: string, holds: string[]): Promise<Map<string, string>>;
  /** Actors that have any of these holds. */
  findByHolds(kind: string, holds: string[]): Promise<StoredActor[]>;
  /** Newest first by (createdAt, id); `where` compares columns for equality; arrays mean "one of". */
  list(
    kind: string,
    where: Record<string, Json>,
    page: { before?: ListCursor; limit: number },
  ): Promise<StoredActor[]>;
  /** Number of actors per state among those not terminal (columns.live is true). */
  countByState(kind: string, where?: Record<string, Json>): Promise<Record<string, number>>;
  /**
   * Actors born at or after `since`, newest first, each with these columns and these fields of its
   * history's entries (dotted; an adapter may give more): for figures about what happened.
   */
  bornSince(kind: string, since: number, query: BornQuery): AsyncIterable<Born>;
  /** Every actor of the kind with its whole history, in id order: for verify and replay. */
  scan(kind: string): AsyncIterable<StoredActor & { history: HistoryEntry[]; holds: string[] }>;
  /** The database's clock, epoch ms, and how exact: half the round trip. */
  now(): Promise<{ at: number; errorMs: number }>;
  /** Commits of all nodes from now on, per actor in seq order. Resolves when the stream is open. */
  watch(handlers: FeedHandlers): Promise<() => Promise<void>>;
  /** Says that this node serves; returns the nodes seen in the last `freshMs`, itself among them. */
  heartbeat(node: Pick<NodeInfo, 'name' | 'versions'>, freshMs: number): Promise<NodeInfo[]>;
  /** The nodes seen in the last `freshMs`. */
  nodes(freshMs: number): Promise<NodeInfo[]>;
  /** Takes this node off the list. */
  leave(node: string): Promise<void>;
  close(): Promise<void>;
}

/** By whom, for equality. */
export const samePrincipal = (a: Principal, b: Principal): boolean =>
  a.role === b.role && a.id === b.id;
