import { assertNever } from '../errors.ts';
import type { ActorKind } from './actor-kind.ts';
import type { Attempt, Committer } from './committer.ts';
import type { DatabaseClock } from './database-clock.ts';
import { snapshotOf } from './live-actor.ts';
import type { Store } from './store.ts';
import { conflict, MAX_TRIES } from './transactor.ts';

/** What an actor needs, now that its instant has come. */
export type Woken =
  | { need: 'nothing'; nextAt?: number }
  | { need: 'work'; seq: number; work: string }
  | { need: 'done' };

/**
 * Takes what time has made due, or says what else the actor needs.
 * Safe to call at any time, from any node, any number of times; whoever calls holds the mailbox.
 */
export function createWaker(deps: { store: Store; clock: DatabaseClock; committer: Committer }) {
  const { store, clock, committer } = deps;

  return async function wake(kind: ActorKind, id: string): Promise<Woken> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const { live, hot } = await committer.find(kind, id);
      const attempt = await committer.commitDue(live);
      if (attempt) {
        if (await isSettled(attempt, kind)) return { need: 'done' };
        continue;
      }
      // A cached state that owes nothing may simply be old.
      if (hot && (await store.readSeq(kind.name, id)) !== live.seq) {
        committer.evict(kind, id);
        continue;
      }
      if (live.seq === 0) return { need: 'nothing' };
      const work = kind.workFor(snapshotOf(live), clock.now());
      if (work) return { need: 'work', seq: live.seq, work };
      const nextAt = kind.nextWakeAt(snapshotOf(live));
      return { need: 'nothing', ...(nextAt === undefined ? {} : { nextAt }) };
    }
    throw conflict(kind, id);
  };

  /** False when the actor must be read again. */
  async function isSettled(attempt: Attempt, kind: ActorKind): Promise<boolean> {
    const { change, outcome } = attempt;
    switch (outcome.outcome) {
      case 'committed':
        return true;
      case 'unknown':
        await committer.settleUnknown(attempt, kind);
        return true;
      case 'early':
        await clock.measure();
        await clock.sleep(Math.max(1, (change.notBefore ?? 0) - clock.now()));
        return false;
      case 'moved':
      case 'late':
      case 'held':
        committer.evict(kind, change.id);
        return false;
      default:
        return assertNever(outcome);
    }
  }
}
