import { AppError, assertNever, type ErrorCode } from '../errors.ts';
import type { ActorCache } from './actor-cache.ts';
import type { ActorKind, DueEvent } from './actor-kind.ts';
import { buildChange, commitOf, type Decision } from './change.ts';
import type { Clock, Ids } from './clock.ts';
import { hashCommand } from './command-hash.ts';
import type { SendRequest, SendResult } from './engine.ts';
import { activate, decide, type LiveActor, persisted, snapshotOf } from './live-actor.ts';
import { settle } from './settle.ts';
import { type Change, type Store, samePrincipal } from './store.ts';
import type { ActorEvent, Commit, Principal } from './types.ts';

/** Lost races before the caller is asked to try again. */
const MAX_TRIES = 5;
/** Beyond these an actor takes closing events only. */
const MAX_ENTRIES = 300;
const MAX_HISTORY_BYTES = 256 * 1024;

export const CLOCK: Principal = { role: 'system', id: 'clock' };

/** What an actor needs, now that its instant has come. */
export type Woken =
  | { need: 'nothing'; seq: number; nextAt?: number }
  | { need: 'work'; seq: number; work: string }
  | { need: 'done' };

export interface TransactorDeps {
  store: Store;
  clock: Clock & { measure?(): Promise<void> };
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

/**
 * The seven steps, for one message at a time: whoever calls holds the actor's mailbox.
 * See docs/ARCHITECTURE.md, "The life of one event".
 */
export function createTransactor(deps: TransactorDeps) {
  const { store, clock, ids, cache } = deps;

  /** Takes a command. `answer` may be rejected early, while the mailbox stays blocked. */
  async function take(
    kind: ActorKind,
    request: SendRequest,
    rejectEarly: (error: AppError) => void,
  ): Promise<SendResult | undefined> {
    const { id, by, ifSeq } = request;
    const commandId = request.commandId ?? ids.next();
    const payloadHash = hashCommand(request.fingerprint ?? request.command);
    let command = request.command;

    for (let tries = 0; tries < MAX_TRIES; tries++) {
      // 2. The hot actor, or the one in the store.
      const { live, hot } = await find(kind, id);
      const before = snapshotOf(live);
      const event: ActorEvent = {
        ...command,
        at: clock.now(),
        by: { role: by.role, id: by.id },
      };

      // 3. Taken before? Entitled? On this state, and again after every reload.
      const entitled =
        (live.seq === 0) === (command.type === kind.birth) && kind.isEntitled(before, event);
      const known = await recall(live, commandId);
      if (known && (entitled || samePrincipal(known.by, by))) {
        if (!samePrincipal(known.by, by) || known.payloadHash !== payloadHash) {
          throw new AppError(
            'command_mismatch',
            `command ${commandId} was already taken with another payload or by someone else; use a new commandId`,
          );
        }
        return {
          seq: known.seq,
          state: String(known.result.state),
          result: known.result,
          replayed: true,
        };
      }
      if (!entitled) {
        await refuse(live, hot, event, 'not_found');
        continue;
      }
      if (ifSeq !== undefined && live.seq !== ifSeq) {
        if (live.seq > ifSeq) throw conflict(kind, id);
        cache.evict(keyOf(kind, id));
        continue;
      }

      // 4. Decide, purely.
      const after = decide(live.machine, before, event);
      if (!after) {
        await refuse(live, hot, event, 'illegal_transition');
        continue;
      }
      assertRoom(live, event);

      // 5. Commit.
      const decision = { live, before, event, after, commandId, payloadHash };
      const change = buildChange(decision, deps.node, ids);
      deps.onCommitting(change);
      const { outcome, ...rest } = await store.commit(change);

      // 6. What became of it.
      switch (outcome) {
        case 'committed':
          finish(decision, change);
          return {
            seq: change.entry.seq,
            state: change.state,
            result: change.entry.result,
            replayed: false,
          };
        case 'moved':
          cache.evict(keyOf(kind, id));
          if (ifSeq !== undefined) throw conflict(kind, id);
          continue;
        case 'held': {
          const taken = await store.heldBy(kind.name, kind.holdCandidates(event));
          const others = [...taken].filter(([, holder]) => holder !== id).map(([hold]) => hold);
          const way = kind.rebook(event, new Set(others));
          if ('busy' in way) {
            throw new AppError('driver_busy', `no free slot: ${way.busy.join(', ')}`, {
              details: { driverIds: way.busy },
            });
          }
          const { at: _at, by: _by, ...rebooked } = way.event;
          command = rebooked;
          continue;
        }
        case 'late': {
          const late = {
            ...event,
            at: Math.max(event.at, change.notAfter ?? event.at),
          };
          await refuse(live, true, late, 'illegal_transition');
          continue;
        }
        case 'early':
          throw new Error(`${kind.name} ${id}: a command was called early`);
        case 'unknown':
          rejectEarly(
            new AppError(
              'outcome_unknown',
              'the database did not say whether this was stored; send the same command again with the same commandId',
              { cause: 'cause' in rest ? rest.cause : undefined },
            ),
          );
          await settleUnknown(decision, change);
          return undefined;
        default:
          return assertNever(outcome);
      }
    }
    throw conflict(kind, id);
  }

  /** Takes what time has made due, or says what else the actor needs. */
  async function wake(kind: ActorKind, id: string): Promise<Woken> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { live, hot } = await find(kind, id);
      const before = snapshotOf(live);
      const at = clock.now();
      const due = live.seq > 0 ? kind.dueEvent(before, at) : undefined;
      if (!due) {
        // A cached state that owes nothing may simply be old.
        if (hot && (await store.readSeq(kind.name, id)) !== live.seq) {
          cache.evict(keyOf(kind, id));
          continue;
        }
        const work = live.seq > 0 ? kind.workFor(before, at) : undefined;
        if (work) return { need: 'work', seq: live.seq, work };
        const nextAt = live.seq > 0 ? kind.nextWakeAt(before) : undefined;
        return {
          need: 'nothing',
          seq: live.seq,
          ...(nextAt === undefined ? {} : { nextAt }),
        };
      }
      if (await takeDue(live, due, at)) return { need: 'done' };
    }
    throw conflict(kind, id);
  }

  /** True when the step was taken, or its outcome settled; false when the actor must be read again. */
  async function takeDue(live: LiveActor, due: DueEvent, at: number): Promise<boolean> {
    const { decision, change, outcome } = await commitDue(live, due, at);
    switch (outcome) {
      case 'committed':
        return true;
      case 'early':
        await clock.measure?.();
        await clock.sleep(Math.max(1, due.dueAt - clock.now()));
        return false;
      case 'unknown':
        await settleUnknown(decision, change);
        return true;
      case 'moved':
      case 'late':
      case 'held':
        cache.evict(keyOf(live.kind, live.id));
        return false;
      default:
        return assertNever(outcome);
    }
  }

  async function commitDue(live: LiveActor, due: DueEvent, at: number) {
    const { kind, id } = live;
    const before = snapshotOf(live);
    const event: ActorEvent = { ...due.event, at, by: { ...CLOCK } };
    const after = decide(live.machine, before, event);
    if (!after) throw new Error(`${kind.name} ${id}: ${event.type} is due but not taken`);
    assertRoom(live, event);
    const commandId = ids.next();
    const payloadHash = hashCommand(due.event);
    const decision = {
      live,
      before,
      event,
      after,
      commandId,
      payloadHash,
      notBefore: due.dueAt,
    };
    const change = buildChange(decision, deps.node, ids);
    deps.onCommitting(change);
    const { outcome } = await store.commit(change);
    if (outcome === 'committed') finish(decision, change);
    return { decision, change, outcome };
  }

  async function find(kind: ActorKind, id: string): Promise<{ live: LiveActor; hot: boolean }> {
    const cached = cache.get(keyOf(kind, id));
    if (cached) return { live: cached, hot: true };
    const live = await activate(store, kind, id, deps.birthVersion(kind));
    if (live.seq > 0) cache.set(keyOf(kind, id), live);
    return { live, hot: false };
  }

  async function recall(live: LiveActor, commandId: string) {
    if (!live.commandIds.has(commandId)) return undefined;
    return store.findCommand(live.kind.name, live.id, commandId);
  }

  /**
   * Throws the refusal; returns only where it was decided on a state that is no longer the store's,
   * so that the caller decides again. The best answer may lie in what happened before.
   */
  async function refuse(
    live: LiveActor,
    hot: boolean,
    event: ActorEvent,
    code: ErrorCode,
  ): Promise<void> {
    const { kind, id, seq } = live;
    const history = seq === 0 ? [] : await store.history(kind.name, id, 0);
    if (hot && (history.at(-1)?.seq ?? 0) !== seq) {
      cache.evict(keyOf(kind, id));
      return;
    }
    const before = snapshotOf(live);
    const better = seq === 0 ? undefined : kind.refusalOf(before, event, history);
    if (better)
      throw new AppError(better.code as ErrorCode, better.message, {
        details: better.details,
      });
    if (code === 'not_found') throw new AppError('not_found', `no ${kind.name} ${id}`);
    const accepted = kind.legalEvents(before, event.by);
    throw new AppError(
      code,
      `${kind.name} ${id} is ${kind.stateOf(before)}; ${event.type} is not taken there, ` +
        `${accepted.length > 0 ? accepted.join(', ') : 'nothing'} would be`,
      { details: { state: kind.stateOf(before), seq, accepted } },
    );
  }

  function assertRoom({ kind, id, seq, historyBytes }: LiveActor, event: ActorEvent) {
    if (seq < MAX_ENTRIES && historyBytes < MAX_HISTORY_BYTES) return;
    if (kind.isClosing(event.type)) return;
    deps.onFull(kind.name, id);
    throw new AppError(
      'order_full',
      `${kind.name} ${id} has ${seq} steps and takes only events that bring it to an end`,
    );
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

  /** The mailbox stays blocked meanwhile: no later message may be told something else. */
  async function settleUnknown({ live }: Decision, change: Change): Promise<void> {
    const { kind, id } = live;
    cache.evict(keyOf(kind, id));
    const result = await settle(store, clock, change, async () => {
      const { live: present } = await find(kind, id);
      const at = clock.now();
      const due = present.seq === 0 ? undefined : kind.dueEvent(snapshotOf(present), at);
      if (!due || present.seq !== change.expectedSeq) return;
      const { outcome } = await commitDue(present, due, at);
      if (outcome !== 'committed') cache.evict(keyOf(kind, id));
    });
    cache.evict(keyOf(kind, id));
    if (result === 'applied') deps.onCommitted(commitOf(change), change);
  }

  return { take, wake };
}

const keyOf = (kind: ActorKind, id: string): string => `${kind.name}/${id}`;

const conflict = (kind: ActorKind, id: string) =>
  new AppError(
    'version_conflict',
    `${kind.name} ${id} moved on meanwhile; read it and decide again`,
  );

function assertSame(live: LiveActor, change: Change) {
  const mine = JSON.stringify(persisted(live.machine, snapshotOf(live)));
  const committed = JSON.stringify(change.snapshot);
  if (mine !== committed) {
    throw new Error(
      `${change.kind} ${change.id} #${change.entry.seq}: live ${mine} ≠ committed ${committed}`,
    );
  }
}
