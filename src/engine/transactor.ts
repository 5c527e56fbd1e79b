import { AppError, assertNever, type ErrorCode } from '../errors.ts';
import type { ActorKind } from './actor-kind.ts';
import type { Clock, Ids } from './clock.ts';
import { hashCommand } from './command-hash.ts';
import type { Committer } from './committer.ts';
import type { SendRequest, SendResult } from './engine.ts';
import { decide, type LiveActor, snapshotOf } from './live-actor.ts';
import { type Store, samePrincipal } from './store.ts';
import type { ActorEvent, Command } from './types.ts';

/** Lost races before the caller is asked to try again. */
export const MAX_TRIES = 5;

export interface TransactorDeps {
  store: Store;
  clock: Clock;
  ids: Ids;
  committer: Committer;
}

export const conflict = (kind: ActorKind, id: string) =>
  new AppError(
    'version_conflict',
    `${kind.name} ${id} moved on meanwhile; read it and decide again`,
  );

/**
 * Takes commands through the seven steps, one at a time: whoever calls holds the actor's mailbox.
 * See docs/ARCHITECTURE.md, "The life of one event".
 * @param answer rejected early where the outcome is unknown, while the mailbox stays blocked
 */
export function createTransactor({ store, clock, ids, committer }: TransactorDeps) {
  return async function take(
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
      const { live, hot } = await committer.find(kind, id);
      const before = snapshotOf(live);
      const event = { ...command, at: clock.now(), by: { role: by.role, id: by.id } };

      // 3. Entitled? Taken before? On this state, and again after every reload.
      const isEntitled =
        (live.seq === 0) === (command.type === kind.birth) && kind.isEntitled(before, event);
      const replayed = await recall(live, isEntitled, { ...request, commandId }, payloadHash);
      if (replayed) return replayed;
      if (!isEntitled) {
        await refuse(live, hot, event, 'not_found');
        continue;
      }
      if (ifSeq !== undefined && live.seq !== ifSeq) {
        if (live.seq > ifSeq) throw conflict(kind, id);
        committer.evict(kind, id);
        continue;
      }

      // 4. Decide, purely.
      const after = decide(live.machine, before, event);
      if (!after) {
        await refuse(live, hot, event, 'illegal_transition');
        continue;
      }

      committer.assertRoom(live, event);

      // 5. Commit; 7 follows at once where it succeeds.
      const attempt = await committer.commit({
        live,
        before,
        event,
        after,
        commandId,
        payloadHash,
      });
      const { change, outcome } = attempt;

      // 6. What became of it.
      switch (outcome.outcome) {
        case 'committed': {
          const { seq, result } = change.entry;
          return { seq, state: change.state, result, replayed: false };
        }
        case 'moved':
          committer.evict(kind, id);
          if (ifSeq !== undefined) throw conflict(kind, id);
          continue;
        case 'held':
          command = await rebook(kind, id, event);
          continue;
        case 'late': {
          const at = Math.max(event.at, change.notAfter ?? event.at);
          // What can still be done at that time is decided anew, with instants of its own.
          if (decide(live.machine, before, { ...event, at })) continue;
          await refuse(live, true, { ...event, at }, 'illegal_transition');
          continue;
        }
        case 'early':
          throw new Error(`${kind.name} ${id}: a command was called early`);
        case 'unknown':
          rejectEarly(
            new AppError(
              'outcome_unknown',
              'the database did not say whether this was stored; send the same command again with the same commandId',
              { cause: outcome.cause },
            ),
          );
          await committer.settleUnknown(attempt, kind);
          return undefined;
        default:
          return assertNever(outcome);
      }
    }
    throw conflict(kind, id);
  };

  /** The recorded result of a command that was taken before, for who may have it. */
  async function recall(
    live: LiveActor,
    isEntitled: boolean,
    { commandId, by }: SendRequest & { commandId: string },
    payloadHash: string,
  ): Promise<SendResult | undefined> {
    if (!live.commandIds.has(commandId)) return undefined;
    const known = await store.findCommand(live.kind.name, live.id, commandId);
    const isHis = known !== undefined && samePrincipal(known.by, by);
    // Whoever is not entitled and did not send it must not learn that it exists.
    if (!known || (!isEntitled && !isHis)) return undefined;
    if (!isHis || known.payloadHash !== payloadHash) {
      throw new AppError(
        'command_mismatch',
        `command ${commandId} was already taken with another payload or by someone else; use a new commandId`,
      );
    }
    const { seq, result } = known;
    return { seq, state: String(result.state), result, replayed: true };
  }

  /** The same command on holds that nobody else has. @throws {AppError} driver_busy */
  async function rebook(kind: ActorKind, id: string, event: ActorEvent): Promise<Command> {
    const taken = await store.heldBy(kind.name, kind.holdCandidates(event));
    const others = [...taken].filter(([, holder]) => holder !== id).map(([hold]) => hold);
    const way = kind.rebook(event, new Set(others));
    if ('busy' in way) {
      throw new AppError('driver_busy', `no free slot: ${way.busy.join(', ')}`, {
        details: { driverIds: way.busy },
      });
    }
    const { at: _at, by: _by, ...command } = way.event;
    return command;
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
      committer.evict(kind, id);
      return;
    }
    const before = snapshotOf(live);
    const better = seq === 0 ? undefined : kind.refusalOf(before, event, history);
    if (better) {
      const { message, details } = better;
      throw new AppError(better.code as ErrorCode, message, details ? { details } : {});
    }
    if (code === 'not_found') throw new AppError('not_found', `no ${kind.name} ${id}`);
    const accepted = kind.legalEvents(before, event.by);
    throw new AppError(
      code,
      `${kind.name} ${id} is ${kind.stateOf(before)}; ${event.type} is not taken there, ` +
        `${accepted.length > 0 ? accepted.join(', ') : 'nothing'} would be`,
      { details: { state: kind.stateOf(before), seq, accepted } },
    );
  }
}
