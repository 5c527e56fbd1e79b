import type { EffectHandler } from '../../src/engine/engine.ts';
import { type Change, type CommitOutcome, samePrincipal } from '../../src/engine/store.ts';
import type { Commit } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import type { SimulatedDatabase } from './database.ts';

type Effect = Parameters<EffectHandler>[0];

/** What a node is asked to take, as far as it says whether the answer can be true. */
interface Asked {
  kind: string;
  id: string;
  ifSeq?: number;
}

/**
 * Stands between the nodes and the database and knows rules of the engine that leave no mark in what is
 * stored, because another guard would heal the damage: it is the rule that is broken, not yet the order.
 */
export interface Witness {
  /** A node sends a change. */
  onSent(node: string, change: Change): void;
  /** The primary has taken a change, be it alone. */
  onApplied(change: Change): void;
  onRolledBack(commit: Commit): void;
  /** A node is told what became of its change. */
  onOutcome(node: string, change: Change, outcome: CommitOutcome['outcome']): void;
  /** A node is told how far an actor is. */
  onRead(node: string, kind: string, id: string, seq: number): void;
  /** A node begins to activate an actor, and knows of no step that it hears of meanwhile. */
  onActivated(node: string, kind: string, id: string): void;
  /** A majority has a step. */
  onMajority(commit: Commit): void;
  /** A node's feed gives a step. */
  onFeed(node: string, commit: Commit): void;
  /** A node runs an effect. */
  onEffectRun(node: string, effect: Effect): void;
  /** A node is asked to take a command; what it gives is called with the answer. */
  onAsked(asked: Asked): (answer: { seq: number } | { error: unknown }) => void;
  /** What time has made due of an actor fails at a node, which puts it off. */
  onDueFailed(node: string, id: string): void;
}

/** No write outlives this: whoever waited so long for an outcome may take it for lost. */
const WRITE_LIFETIME_MS = 60_000;
/** … and a change that is called late so long after its limit is lost; a node's clock may be a little ahead. */
const LATE_FOR_GOOD_MS = 4_000;
/** With pauses that double from a second on, a node fails at an actor so often in so long, and not more often. */
const FAILURES_MS = 30_000;
const MOST_FAILURES = 10;
const CLOCK = { role: 'system', id: 'clock' } as const;

export function createWitness(deps: {
  database: SimulatedDatabase;
  accuse(invariant: string, what: string, id?: string): void;
}): Witness {
  const { database, accuse } = deps;
  const sent = new WeakSet<Change>();
  /** By node and actor: the change of which the node does not know what became, and since when. */
  const unsure = new Map<string, { change: Change; since: number }>();
  /** By node and actor: the step of another node that its feed gave, with no look at the store since. */
  const heard = new Map<string, number>();
  /** By actor: how far the primary is, and how often that has changed. */
  const primary = new Map<string, { seq: number; moves: number }>();
  /** What each stored effect is, by its id. */
  const effects = new Map<string, string>();
  /** By node and actor: when it failed. */
  const failures = new Map<string, number[]>();
  /** By id: when it last moved, and with that began anew. */
  const movedAt = new Map<string, number>();

  const progressOf = (key: string) => primary.get(key) ?? { seq: 0, moves: 0 };
  const move = (kind: string, id: string, seq: number) => {
    const key = `${kind}/${id}`;
    primary.set(key, { seq, moves: progressOf(key).moves + 1 });
    movedAt.set(id, database.now());
  };

  function learn(key: string, seq: number) {
    const pending = unsure.get(key);
    if (pending && seq > pending.change.expectedSeq) unsure.delete(key);
  }

  return {
    onSent(node, change) {
      const { kind, id, expectedSeq, entry } = change;
      const key = `${node} ${kind}/${id}`;
      const pending = unsure.get(key);
      // Sent again until its outcome is known: nothing is decided anew.
      if (sent.has(change)) return;
      sent.add(change);
      const known = heard.get(key) ?? 0;
      if (expectedSeq > 0 && expectedSeq < known) {
        accuse(
          'ENG18',
          `${node} decides ${entry.event.type} on #${expectedSeq}, having told of #${known}`,
          id,
        );
      }
      // What time has made due may come first: it is what moves an actor whose change can no longer land.
      if (!pending || samePrincipal(entry.by, CLOCK)) return;
      if (expectedSeq !== pending.change.expectedSeq) return;
      if (database.now() - pending.since >= WRITE_LIFETIME_MS) return;
      accuse(
        'ENG9',
        `${node} takes ${entry.event.type} as #${entry.seq}, not knowing whether ${pending.change.entry.event.type} is #${entry.seq}`,
        id,
      );
    },
    onApplied: ({ kind, id, entry }) => move(kind, id, entry.seq),
    onRolledBack: ({ kind, id, seq }) => move(kind, id, seq - 1),
    onOutcome(node, change, outcome) {
      const key = `${node} ${change.kind}/${change.id}`;
      if (outcome === 'committed') {
        learn(key, change.entry.seq);
        // A birth that is acknowledged late puts its actor into memory only then.
        if (change.expectedSeq === 0) heard.delete(key);
      } else if (outcome === 'unknown') {
        if (!unsure.has(key)) unsure.set(key, { change, since: database.now() });
      } else if (outcome === 'late') {
        const { notAfter = Number.POSITIVE_INFINITY } = change;
        if (database.now() > notAfter + LATE_FOR_GOOD_MS) unsure.delete(key);
      }
    },
    onRead: (node, kind, id, seq) => learn(`${node} ${kind}/${id}`, seq),
    onActivated: (node, kind, id) => void heard.delete(`${node} ${kind}/${id}`),
    onMajority({ kind, id }) {
      const outbox = database.collection(kind).actors.get(id)?.outbox ?? [];
      for (const item of outbox) effects.set(item.id, textOf(item));
    },
    onFeed(node, { kind, id, seq, node: by }) {
      // A step out of the history does not say whose it is.
      if (by !== node && by !== '') heard.set(`${node} ${kind}/${id}`, seq);
    },
    onEffectRun(node, effect) {
      const { id, actorId } = effect;
      // Ids are of a step's place: one that lost its race has those of the one that won.
      if (effects.get(id) !== textOf(effect)) {
        accuse('ENG15', `${node} runs an effect that no step has: ${id} ${effect.type}`, actorId);
      }
    },
    onAsked({ kind, id, ifSeq }) {
      const key = `${kind}/${id}`;
      const begun = progressOf(key);
      // Whoever reads the majority's steps and writes to a primary that is ahead of it loses each race.
      const isAlone = database.isolation !== undefined;
      return (answer) => {
        if ('seq' in answer) {
          if (ifSeq === undefined || answer.seq === ifSeq + 1) return;
          accuse('ENG14', `what was decided on #${ifSeq} is taken as #${answer.seq}`, id);
          return;
        }
        const { error } = answer;
        if (!isAppError(error) || error.code !== 'version_conflict' || isAlone) return;
        if (ifSeq !== undefined && ifSeq !== begun.seq) return;
        if (progressOf(key).moves === begun.moves) {
          accuse('ENG10', `it is said to have moved on, and is at #${begun.seq} as before`, id);
        }
      };
    },
    onDueFailed(node, id) {
      const now = database.now();
      const key = `${node} ${id}`;
      const since = Math.max(now - FAILURES_MS, movedAt.get(id) ?? 0);
      const recent = [...(failures.get(key) ?? []), now].filter((at) => at > since);
      failures.set(key, recent);
      if (recent.length === MOST_FAILURES + 1) {
        accuse(
          'ENG13',
          `${node} fails at it ${recent.length} times in ${FAILURES_MS / 1_000} s`,
          id,
        );
      }
    },
  };
}

const textOf = ({ type, payload }: Pick<Effect, 'type' | 'payload'>): string =>
  JSON.stringify([type, payload]);
