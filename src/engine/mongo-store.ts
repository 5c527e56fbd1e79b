import { performance } from 'node:perf_hooks';
import { type Connection, mongo } from 'mongoose';
import { type ActorDocument, actorOf, WITHOUT_HISTORY } from './mongo-documents.ts';
import { watchCommits } from './mongo-feed.ts';
import { createGroupCommit } from './mongo-group-commit.ts';
import { ensureIndexes, type KindStorage } from './mongo-indexes.ts';
import type { Change, CommandRecord, CommitOutcome, NodeInfo, Store } from './store.ts';
import type { HistoryEntry, Json, JsonObject } from './types.ts';

interface NodeDocument {
  _id: string;
  seenAt: Date;
  since: Date;
  versions: Record<string, number>;
}

/** More than any history has: MongoDB takes a slice's length as 32 bits. */
const MAX_SLICE = 1_000_000;

const PRIMARY = 'RSPrimary';
type ServerChange = mongo.ServerDescriptionChangedEvent;

/** A node that was killed does not take itself off the list. */
const NODES_KEPT_SECONDS = 24 * 3_600;

const COMMAND_FIELDS = {
  'history.seq': 1,
  'history.at': 1,
  'history.commandId': 1,
  'history.payloadHash': 1,
  'history.result': 1,
  'history.by': 1,
} as const;

/**
 * The store on MongoDB: one collection per kind, on the driver below mongoose's models (they cost
 * the hot path twice the CPU). Reads are primary and majority.
 * Resolves once every index that the promises rest on is there.
 * @throws {IndexError} when one is missing from a collection that already holds data
 */
export async function openMongoStore(
  connection: Connection,
  options: {
    kinds: readonly KindStorage[];
    onError(error: unknown): void;
    /** The database is this process's own: what a newer version wants beside its data is added. */
    addNewIndexes?: boolean;
  },
): Promise<Store> {
  const { kinds, onError, addNewIndexes = false } = options;
  const db = connection.getClient().db(connection.name, {
    readPreference: 'primary',
    readConcern: new mongo.ReadConcern('majority'),
    writeConcern: { w: 'majority', j: true },
    ignoreUndefined: true,
  });
  await ensureIndexes(db, kinds, { addNew: addNewIndexes });

  const collections = new Map(
    kinds.map(({ name }) => [name, db.collection<ActorDocument>(name)] as const),
  );
  const commits = new Map(
    [...collections].map(([name, collection]) => [name, createGroupCommit(collection)] as const),
  );
  // Only a hint: it need not have reached a majority.
  const nodes = db.collection<NodeDocument>('nodes', {
    readConcern: new mongo.ReadConcern('local'),
  });
  await nodes.createIndex({ seenAt: 1 }, { expireAfterSeconds: NODES_KEPT_SECONDS });
  const streams = new Set<() => Promise<void>>();

  const of = (kind: string): mongo.Collection<ActorDocument> => {
    const collection = collections.get(kind);
    if (!collection) throw new Error(`no collection for kind ${kind}`);
    return collection;
  };

  async function freshNodes(freshMs: number): Promise<NodeInfo[]> {
    const isFresh = { $expr: { $gt: ['$seenAt', { $subtract: ['$$NOW', freshMs] }] } };
    const found = await nodes.find(isFresh).toArray();
    return found.map(({ _id, seenAt, since, versions }) => ({
      name: _id,
      seenAt: seenAt.getTime(),
      since: since.getTime(),
      versions,
    }));
  }

  return {
    async load(kind, id) {
      const doc = await of(kind).findOne({ _id: id }, { projection: WITHOUT_HISTORY });
      return doc ? actorOf(doc) : undefined;
    },

    async readSeq(kind, id) {
      const doc = await of(kind).findOne({ _id: id }, { projection: { seq: 1 } });
      return doc?.seq ?? 0;
    },

    async loadCommands(kind, id, limit) {
      const [found] = await of(kind)
        .aggregate<{ history: CommandRecord[] }>([
          { $match: { _id: id } },
          { $project: { history: { $slice: ['$history', -Math.min(limit, MAX_SLICE)] } } },
          { $project: COMMAND_FIELDS },
        ])
        .toArray();
      return found?.history ?? [];
    },

    async findCommand(kind, id, commandId) {
      const doc = await of(kind).findOne(
        { _id: id },
        { projection: { history: { $elemMatch: { commandId } } } },
      );
      const entry = doc?.history?.[0];
      if (!entry) return undefined;
      const { seq, at, payloadHash, result, by } = entry;
      return { seq, at, commandId, payloadHash, result, by };
    },

    async history(kind, id, sinceSeq, limit) {
      // Entry n is element n-1, so the slice needs no search.
      const count = Math.min(limit ?? MAX_SLICE, MAX_SLICE);
      const doc = await of(kind).findOne(
        { _id: id },
        { projection: { history: { $slice: [sinceSeq, count] } } },
      );
      return (doc?.history ?? []) as HistoryEntry[];
    },

    commit(change: Change): Promise<CommitOutcome> {
      const commit = commits.get(change.kind);
      if (!commit) throw new Error(`no collection for kind ${change.kind}`);
      return commit(change);
    },

    async defer(kind, id, seq, wakeAt) {
      const { matchedCount } = await of(kind).updateOne(
        { _id: id, seq },
        { $set: { wakeAt: new Date(wakeAt) } },
      );
      return matchedCount === 1;
    },

    async due(kind, before, limit) {
      const docs = await of(kind)
        .find(
          { wakeAt: { $lte: new Date(before) } },
          { projection: { wakeAt: 1, machineVersion: 1 } },
        )
        .sort({ wakeAt: 1 })
        .limit(limit)
        .toArray();
      return docs.map(({ _id, wakeAt, machineVersion }) => ({
        id: _id,
        wakeAt: (wakeAt as Date).getTime(),
        machineVersion,
      }));
    },

    async dueOutbox(kind, before, limit) {
      const docs = await of(kind)
        .find({ 'outbox.dueAt': { $lte: new Date(before) } }, { projection: { outbox: 1 } })
        .limit(limit)
        .toArray();
      return docs.map(({ _id, outbox }) => ({
        id: _id,
        items: outbox
          .map((item) => ({ ...item, dueAt: item.dueAt.getTime() }))
          .filter(({ dueAt }) => dueAt <= before),
      }));
    },

    async pullEffect(kind, id, effectId) {
      // Losing this in a failover runs the effect again, which its own id makes harmless.
      await of(kind).updateOne(
        { _id: id },
        { $pull: { outbox: { id: effectId } } },
        { writeConcern: { w: 1 } },
      );
    },

    async retryEffect(kind, id, effectId, dueAt, tries) {
      await of(kind).updateOne(
        { _id: id, 'outbox.id': effectId },
        { $set: { 'outbox.$.dueAt': new Date(dueAt), 'outbox.$.tries': tries } },
      );
    },

    async heldBy(kind, holds) {
      const docs = await of(kind)
        .find({ holds: { $in: holds } }, { projection: { holds: 1 } })
        .toArray();
      const wanted = new Set(holds);
      return new Map(
        docs.flatMap(({ _id, holds: has = [] }) =>
          has.filter((hold) => wanted.has(hold)).map((hold) => [hold, _id] as const),
        ),
      );
    },

    async findByHolds(kind, holds) {
      const docs = await of(kind)
        .find({ holds: { $in: holds } }, { projection: WITHOUT_HISTORY })
        .toArray();
      return docs.map(actorOf);
    },

    async list(kind, where, { before, limit }) {
      const older = before && {
        $or: [
          { createdAt: { $lt: new Date(before.createdAt) } },
          { createdAt: new Date(before.createdAt), _id: { $lt: before.id } },
        ],
      };
      const docs = await of(kind)
        .find({ ...conditionsOf(where), ...older }, { projection: WITHOUT_HISTORY })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit)
        .toArray();
      return docs.map(actorOf);
    },

    async countByState(kind, where = {}) {
      const counts = await of(kind)
        .aggregate<{ _id: string; count: number }>([
          { $match: { ...conditionsOf(where), live: true } },
          { $group: { _id: '$state', count: { $sum: 1 } } },
        ])
        .toArray();
      return Object.fromEntries(counts.map(({ _id, count }) => [_id, count]));
    },

    async *bornSince(kind, since, { where, columns, entryFields, limit }) {
      const wanted = [...columns, ...entryFields.map((field) => `history.${field}`)];
      const docs = of(kind)
        .find(
          { ...conditionsOf(where), createdAt: { $gte: new Date(since) } },
          { projection: Object.fromEntries(['createdAt', ...wanted].map((field) => [field, 1])) },
        )
        .sort({ createdAt: -1 })
        .limit(limit)
        // Small enough that unpacking one batch holds nobody else up.
        .batchSize(200);
      for await (const { createdAt, history, ...doc } of docs) {
        const columnsOfDoc = doc as unknown as JsonObject;
        yield {
          createdAt: createdAt.getTime(),
          columns: Object.fromEntries(columns.map((name) => [name, columnsOfDoc[name]])),
          history,
        };
      }
    },

    async *scan(kind) {
      for await (const doc of of(kind).find().sort({ _id: 1 }).batchSize(100)) {
        yield { ...actorOf(doc), history: doc.history, holds: doc.holds ?? [] };
      }
    },

    async now() {
      const sentAt = performance.now();
      const { localTime } = await db.command({ hello: 1 });
      const errorMs = (performance.now() - sentAt) / 2;
      return { at: (localTime as Date).getTime() + errorMs, errorMs };
    },

    async watch(handlers) {
      const names = kinds.map(({ name }) => name);
      const client = connection.getClient();
      const onServer = ({ previousDescription, newDescription }: ServerChange) => {
        const isNew = newDescription.type === PRIMARY && previousDescription.type !== PRIMARY;
        if (isNew) handlers.onNewPrimary?.();
      };
      const close = await watchCommits(db, names, handlers, onError);
      client.on('serverDescriptionChanged', onServer);
      const end = async () => {
        streams.delete(end);
        client.off('serverDescriptionChanged', onServer);
        await close();
      };
      streams.add(end);
      return end;
    },

    async heartbeat({ name, versions }, freshMs) {
      await nodes.updateOne(
        { _id: name },
        [
          {
            $set: {
              seenAt: '$$NOW',
              since: { $ifNull: ['$since', '$$NOW'] },
              versions: { $literal: versions },
            },
          },
        ],
        { upsert: true, writeConcern: { w: 1 } },
      );
      return freshNodes(freshMs);
    },

    nodes: freshNodes,

    async leave(node) {
      await nodes.deleteOne({ _id: node }, { writeConcern: { w: 1 } });
    },

    async close() {
      await Promise.all([...streams].map((end) => end()));
    },
  };
}

/** Equality on the state or a column; an array means "one of". */
const conditionsOf = (where: Record<string, Json>): mongo.Filter<ActorDocument> =>
  Object.fromEntries(
    Object.entries(where).map(([field, wanted]) => [
      field,
      Array.isArray(wanted) ? { $in: wanted } : wanted,
    ]),
  );
