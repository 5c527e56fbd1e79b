import { type MemoryActor, type MemoryDatabase, stored } from './memory-database.ts';
import type { Change, CommandRecord, CommitOutcome, Store, StoredActor } from './store.ts';
import type { Commit, HistoryEntry, Json } from './types.ts';

/**
 * One node's connection to a memory database. Every method answers in a later turn, as a real store
 * would; nothing it gives shares an object with what it was given.
 */
export function createMemoryStore(database: MemoryDatabase): Store {
  const find = (kind: string, id: string) => database.collection(kind).actors.get(id);
  const all = (kind: string) => [...database.collection(kind).actors.values()];

  const freshNodes = (freshMs: number) =>
    [...database.nodes.values()].filter(({ seenAt }) => database.clock.now() - seenAt < freshMs);

  function replace(kind: string, actor: MemoryActor) {
    database.collection(kind).actors.set(actor.id, actor);
  }

  return {
    async load(kind, id) {
      const actor = find(kind, id);
      return actor && withoutHistory(actor);
    },
    async readSeq(kind, id) {
      return find(kind, id)?.seq ?? 0;
    },
    async loadCommands(kind, id, limit) {
      return (find(kind, id)?.history ?? []).slice(-limit).map(toCommand);
    },
    async findCommand(kind, id, commandId) {
      const entry = find(kind, id)?.history.find((each) => each.commandId === commandId);
      return entry && toCommand(entry);
    },
    async history(kind, id, sinceSeq, limit = Number.POSITIVE_INFINITY) {
      return (find(kind, id)?.history ?? []).slice(sinceSeq, sinceSeq + limit);
    },
    async commit(change) {
      return commit(database, stored(change));
    },
    async defer(kind, id, seq, wakeAt) {
      const actor = find(kind, id);
      if (actor?.seq !== seq) return false;
      replace(kind, Object.freeze({ ...actor, wakeAt }));
      return true;
    },
    async due(kind, before, limit) {
      return all(kind)
        .flatMap(({ id, wakeAt, machineVersion }) =>
          wakeAt !== undefined && wakeAt <= before ? [{ id, wakeAt, machineVersion }] : [],
        )
        .sort((a, b) => a.wakeAt - b.wakeAt)
        .slice(0, limit);
    },
    async dueOutbox(kind, before, limit) {
      return all(kind)
        .filter(({ outbox }) => outbox.some(({ dueAt }) => dueAt <= before))
        .slice(0, limit)
        .map(({ id, outbox }) => ({ id, items: outbox.filter(({ dueAt }) => dueAt <= before) }));
    },
    async pullEffect(kind, id, effectId) {
      const actor = find(kind, id);
      if (!actor) return;
      const outbox = actor.outbox.filter((item) => item.id !== effectId);
      replace(kind, Object.freeze({ ...actor, outbox }));
    },
    async retryEffect(kind, id, effectId, dueAt, tries) {
      const actor = find(kind, id);
      if (!actor) return;
      const outbox = actor.outbox.map((item) =>
        item.id === effectId ? Object.freeze({ ...item, dueAt, tries }) : item,
      );
      replace(kind, Object.freeze({ ...actor, outbox }));
    },
    async heldBy(kind, holds) {
      const { holds: holders } = database.collection(kind);
      return new Map(
        holds.flatMap((hold) => {
          const id = holders.get(hold);
          return id === undefined ? [] : [[hold, id] as const];
        }),
      );
    },
    async findByHolds(kind, holds) {
      const { holds: holders } = database.collection(kind);
      const ids = new Set(holds.flatMap((hold) => holders.get(hold) ?? []));
      return [...ids].flatMap((id) => {
        const actor = find(kind, id);
        return actor ? [withoutHistory(actor)] : [];
      });
    },
    async list(kind, where, { before, limit }) {
      return all(kind)
        .filter((actor) => matches(actor, where))
        .filter((actor) => !before || byNewest(before, actor) < 0)
        .sort(byNewest)
        .slice(0, limit)
        .map(withoutHistory);
    },
    async countByState(kind, where = {}) {
      const counts: Record<string, number> = {};
      for (const actor of all(kind)) {
        if (actor.columns.live !== true || !matches(actor, where)) continue;
        counts[actor.state] = (counts[actor.state] ?? 0) + 1;
      }
      return counts;
    },
    async *bornSince(kind, since, { where, columns, limit }) {
      const born = all(kind)
        .filter((actor) => actor.createdAt >= since && matches(actor, where))
        .sort(byNewest)
        .slice(0, limit);
      for (const { createdAt, columns: has, history } of born) {
        yield {
          createdAt,
          columns: Object.fromEntries(columns.map((name) => [name, has[name]])),
          history,
        };
      }
    },
    async *scan(kind) {
      const ids = [...database.collection(kind).actors.keys()].sort();
      for (const id of ids) {
        const actor = find(kind, id);
        if (actor) yield { ...actor, holds: [...actor.holds], history: [...actor.history] };
      }
    },
    async now() {
      return { at: database.clock.now(), errorMs: 0 };
    },
    async watch(handlers) {
      const close = database.watch(handlers);
      return async () => close();
    },
    async heartbeat(info, freshMs) {
      const seenAt = database.clock.now();
      const since = database.nodes.get(info.name)?.since ?? seenAt;
      database.nodes.set(info.name, { ...info, seenAt, since });
      return freshNodes(freshMs);
    },
    async nodes(freshMs) {
      return freshNodes(freshMs);
    },
    async leave(name) {
      database.nodes.delete(name);
    },
    async close() {},
  };
}

/** The whole of a commit in one turn: nothing comes between its checks and its effect. */
function commit(database: MemoryDatabase, change: Change): CommitOutcome {
  const { kind, id, expectedSeq, entry, holds } = change;
  const collection = database.collection(kind);
  const before = collection.actors.get(id);
  if ((before?.seq ?? 0) !== expectedSeq) return { outcome: 'moved' };
  const now = database.clock.now();
  if (change.notAfter !== undefined && now >= change.notAfter) return { outcome: 'late' };
  if (change.notBefore !== undefined && now < change.notBefore) return { outcome: 'early' };
  if (holds.some((hold) => (collection.holds.get(hold) ?? id) !== id)) return { outcome: 'held' };

  for (const hold of before?.holds ?? []) collection.holds.delete(hold);
  for (const hold of holds) collection.holds.set(hold, id);
  const { machineVersion, state, snapshot, columns, wakeAt, entryBytes, effects } = change;
  collection.actors.set(
    id,
    Object.freeze({
      id,
      seq: entry.seq,
      machineVersion: before?.machineVersion ?? machineVersion,
      state,
      snapshot,
      ...(wakeAt === undefined ? {} : { wakeAt }),
      outbox: [...(before?.outbox ?? []), ...effects],
      historyBytes: (before?.historyBytes ?? 0) + entryBytes,
      columns,
      createdAt: before?.createdAt ?? entry.at,
      updatedAt: entry.at,
      holds,
      history: [...(before?.history ?? []), entry],
    }),
  );
  const { node, audience } = change;
  const step: Commit = { kind, id, seq: entry.seq, entry, node, audience, snapshot };
  database.publish(step);
  return { outcome: 'committed' };
}

const toCommand = (entry: HistoryEntry): CommandRecord => {
  const { seq, at, commandId, payloadHash, result, by } = entry;
  return { seq, at, commandId, payloadHash, result, by };
};

function withoutHistory({ holds: _holds, history: _history, ...actor }: MemoryActor): StoredActor {
  return { ...actor, outbox: [...actor.outbox] };
}

/** Equality on the state or a column; an array means "one of". */
function matches({ state, columns }: MemoryActor, where: Record<string, Json>): boolean {
  return Object.entries(where).every(([field, wanted]) => {
    const value = field === 'state' ? state : columns[field];
    return Array.isArray(wanted) ? wanted.includes(value as Json) : value === wanted;
  });
}

/** Newest first by (createdAt, id). */
function byNewest(
  a: { createdAt: number; id: string },
  b: { createdAt: number; id: string },
): number {
  return b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}
