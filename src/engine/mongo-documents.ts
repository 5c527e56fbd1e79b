import type { mongo } from 'mongoose';
import type { Change, StoredActor } from './store.ts';
import type { HistoryEntry, JsonObject, OutboxItem, PersistedSnapshot } from './types.ts';

/** The newest step again, beside the history: what the change stream reads (docs/adr/0003). */
export type LastStep = HistoryEntry & { node: string; audience: string[] };

/** An actor as MongoDB has it; columns stand beside these fields. */
export interface ActorDocument {
  _id: string;
  seq: number;
  machineVersion: number;
  state: string;
  snapshot: PersistedSnapshot;
  holds?: string[];
  wakeAt?: Date;
  last: LastStep;
  history: HistoryEntry[];
  historyBytes: number;
  outbox: (Omit<OutboxItem, 'dueAt'> & { dueAt: Date })[];
  createdAt: Date;
  updatedAt: Date;
}

/** What a change writes where its actor already is. */
export interface ActorUpdate {
  filter: mongo.Filter<ActorDocument>;
  update: mongo.UpdateFilter<ActorDocument>;
}

/** The whole document of an actor that is born. */
export function documentOf(change: Change): ActorDocument {
  const { entry, holds, wakeAt, effects } = change;
  const at = new Date(entry.at);
  return {
    _id: change.id,
    seq: entry.seq,
    machineVersion: change.machineVersion,
    state: change.state,
    snapshot: change.snapshot,
    ...(change.columns as object),
    // An empty array would be indexed, and clash with every other empty array.
    ...(holds.length > 0 ? { holds } : {}),
    ...(wakeAt === undefined ? {} : { wakeAt: new Date(wakeAt) }),
    last: lastOf(change),
    history: [entry],
    historyBytes: change.entryBytes,
    outbox: effects.map(toOutbox),
    createdAt: at,
    updatedAt: at,
  };
}

/** The one compare-and-set of a later step; its conditions on time are the database's to judge. */
export function updateOf(change: Change): ActorUpdate {
  const { entry, holds, wakeAt, effects, notAfter, notBefore } = change;
  const set: Record<string, unknown> = {
    seq: entry.seq,
    state: change.state,
    snapshot: change.snapshot,
    last: lastOf(change),
    updatedAt: new Date(entry.at),
  };
  const unset: Record<string, ''> = {};
  const put = (field: string, value: unknown) => {
    if (value === undefined) unset[field] = '';
    else set[field] = value;
  };
  for (const [column, value] of Object.entries(change.columns)) put(column, value);
  put('holds', holds.length > 0 ? holds : undefined);
  put('wakeAt', wakeAt === undefined ? undefined : new Date(wakeAt));

  // Dates, not numbers: `$$NOW` is a date, and a number never compares with one.
  const conditions = [
    ...(notAfter === undefined ? [] : [{ $lt: ['$$NOW', new Date(notAfter)] }]),
    ...(notBefore === undefined ? [] : [{ $gte: ['$$NOW', new Date(notBefore)] }]),
  ];
  return {
    filter: {
      _id: change.id,
      seq: change.expectedSeq,
      ...(conditions.length > 0 ? { $expr: { $and: conditions } } : {}),
    },
    update: {
      $set: set as never,
      ...(Object.keys(unset).length > 0 ? { $unset: unset as never } : {}),
      $push: {
        history: entry,
        ...(effects.length > 0 ? { outbox: { $each: effects.map(toOutbox) } } : {}),
      } as never,
      $inc: { historyBytes: change.entryBytes } as never,
    },
  };
}

/** What is never read along: it grows, and nothing but the change stream needs `last`. */
export const WITHOUT_HISTORY = { history: 0, last: 0 } as const;

export function actorOf(doc: mongo.WithId<Omit<ActorDocument, 'history' | 'last'>>): StoredActor {
  const { _id, seq, machineVersion, state, snapshot, wakeAt, outbox, historyBytes, ...rest } = doc;
  const { createdAt, updatedAt, holds: _holds, ...columns } = rest as typeof rest & JsonObject;
  const { history: _history, last: _last, ...kept } = columns;
  return {
    id: _id,
    seq,
    machineVersion,
    state,
    snapshot,
    ...(wakeAt ? { wakeAt: wakeAt.getTime() } : {}),
    outbox: outbox.map((item) => ({ ...item, dueAt: item.dueAt.getTime() })),
    historyBytes,
    columns: kept,
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
  };
}

const lastOf = ({ entry, node, audience }: Change): LastStep => ({ ...entry, node, audience });

const toOutbox = (item: OutboxItem) => ({ ...item, dueAt: new Date(item.dueAt) });
