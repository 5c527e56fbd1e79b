import { AppError } from '../errors.ts';
import type { ActorCache } from './actor-cache.ts';
import type { ActorKind } from './actor-kind.ts';
import { buildChange, commitOf, type Decision } from './change.ts';
import type { Clock, Ids } from './clock.ts';
import { hashCommand } from './command-hash.ts';
import { activate, decide, type LiveActor, persisted, snapshotOf } from './live-actor.ts';
import { settle } from './settle.ts';
import type { Change, CommitOutcome, Store } from './store.ts';
import type { ActorEvent, Commit, Principal } from './types.ts';

/** Beyond these an actor takes closing events only. */
const MAX_ENTRIES = 300;
const MAX_HISTORY_BYTES = 256 * 1024;

/** Who sends what the passing of time means. */
const CLOCK: Principal = { role: 'system', id: 'clock' };

export interface CommitterDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  cache: ActorCache;
  node: string;
  /** Machine version that a new actor of the kind is born with, now. */
  birthVersion(kind: ActorKind): number;
  /** Called before a change is sent to the store. */
  onCommitting(change: Change): void;
  /** Called after every commit of this node, in step 7. */
  onCommitted(commit: Commit, change: Change): void;
  /** An actor has no room left for more history. */
  onFull(kind: string, id: string): void;
  /** Compare the live actor with what was committed after every step (tests, simulation). */
  checkLive?: boolean;
}

/** A change that was sent, and what became of it. */
export interface Attempt {
  decision: Decision;
  change: Change;
  outcome: CommitOutcome;
}

export type Committer = ReturnType<typeof createCommitter>;

/**
 * Steps 2, 5 and 7, which commands and deadlines share: find the actor, commit a decision, and only
 * then move the live actor and publish. Whoever calls holds the actor's mailbox.
 */
export function createCommitter(deps: CommitterDeps) {
  const { store, clock, ids, cache } = deps;

  async function find(kind: ActorKind, id: string): Promise<{ live: LiveActor; hot: boolean }> {
    const cached = cache.get(keyOf(kind, id));
    if (cached) return { live: cached, hot: true };
    const live = await activate(store, kind, id, deps.birthVersion(kind));
    if (live.seq > 0) cache.set(keyOf(kind, id), live);
    return { live, hot: false };
  }

  function evict(kind: ActorKind, id: string) {
    cache.evict(keyOf(kind, id));
  }

  async function commit(decision: Decision): Promise<Attempt> {
    const change = buildChange(decision, deps.node);
    deps.onCommitting(change);
    const outcome = await store.commit(change);
    if (outcome.outcome === 'committed') finish(decision, change);
    return { decision, change, outcome };
  }

  /**
   * Commits what time has made due, or gives undefined when nothing is.
   * Throws when the machine does not take what it said was due.
   */
  async function commitDue(live: LiveActor): Promise<Attempt | undefined> {
    const { kind, id } = live;
    const before = snapshotOf(live);
    const at = clock.now();
    const due = live.seq > 0 ? kind.dueEvent(before, at) : undefined;
    if (!due) return undefined;
    const event: ActorEvent = { ...due.event, at, by: { ...CLOCK } };
    const after = decide(live.machine, before, event);
    if (!after) throw new Error(`${kind.name} ${id}: ${event.type} is due but not taken`);
    const payloadHash = hashCommand(due.event);
    const commandId = ids.next();
    return commit({ live, before, event, after, commandId, payloadHash, notBefore: due.dueAt });
  }

  /** 7. Only now: the live actor moves, and everyone else hears of it. */
  function finish({ live, event }: Decision, change: Change) {
    const key = keyOf(live.kind, live.id);
    const isBirth = change.expectedSeq === 0;
    if (isBirth || cache.get(key) === live) {
      live.actor.send(event);
      live.seq = change.entry.seq;
      live.commandIds.add(change.entry.commandId);
      live.historyBytes += change.entryBytes;
      if (deps.checkLive) assertSame(live, change);
      if (change.snapshot.status === 'done') cache.evict(key);
      else if (isBirth) cache.set(key, live);
    }
    deps.onCommitted(commitOf(change), change);
  }

  /** Ends an unknown outcome. The mailbox stays blocked meanwhile: no later message may be told something else. */
  async function settleUnknown({ change }: Attempt, kind: ActorKind): Promise<void> {
    const { id, expectedSeq } = change;
    evict(kind, id);
    const result = await settle(store, clock, change, async () => {
      const { live } = await find(kind, id);
      if (live.seq !== expectedSeq) return;
      const attempt = await commitDue(live);
      if (attempt?.outcome.outcome !== 'committed') evict(kind, id);
    });
    evict(kind, id);
    if (result === 'applied') deps.onCommitted(commitOf(change), change);
  }

  /**
   * What time makes due is exempt: deadlines are few, and an actor that could not take them would
   * never come to its end. @throws {AppError} order_full
   */
  function assertRoom({ kind, id, seq, historyBytes }: LiveActor, event: ActorEvent) {
    if (seq < MAX_ENTRIES && historyBytes < MAX_HISTORY_BYTES) return;
    if (kind.isClosing(event.type)) return;
    deps.onFull(kind.name, id);
    throw new AppError(
      'order_full',
      `${kind.name} ${id} has ${seq} steps and takes only events that bring it to an end`,
    );
  }

  return { find, evict, assertRoom, commit, commitDue, settleUnknown };
}

const keyOf = (kind: ActorKind, id: string): string => `${kind.name}/${id}`;

function assertSame(live: LiveActor, change: Change) {
  const mine = JSON.stringify(persisted(live.machine, snapshotOf(live)));
  const committed = JSON.stringify(change.snapshot);
  if (mine !== committed) {
    throw new Error(
      `${change.kind} ${change.id} #${change.entry.seq}: live ${mine} ≠ committed ${committed}`,
    );
  }
}
