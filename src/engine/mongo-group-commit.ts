import { mongo } from 'mongoose';
import { type ActorDocument, documentOf, updateOf } from './mongo-documents.ts';
import type { Change, CommitOutcome } from './store.ts';

/** Measured with the whole write of a commit: more than two only fight each other for the journal. */
const MAX_IN_FLIGHT = 2;
const MAX_GROUP = 100;
const DURABLE = { w: 'majority', j: true } as const;
const DUPLICATE_KEY = 11_000;

interface Waiting {
  change: Change;
  resolve(outcome: CommitOutcome): void;
  reject(error: unknown): void;
}

/**
 * Sends changes that are ready together as one unordered bulk write: the journal is synced once for
 * all of them. Who commits sees none of it: each change has its own outcome (docs/adr/0002).
 */
export function createGroupCommit(collection: mongo.Collection<ActorDocument>) {
  // An unordered bulk of both kinds would travel as two commands, one of which might not be sent.
  const lanes = { insert: [] as Waiting[], update: [] as Waiting[] };
  let isBirthsTurn = false;
  let inFlight = 0;
  let scheduled = false;

  function flush() {
    scheduled = false;
    while (inFlight < MAX_IN_FLIGHT) {
      const group = nextGroup();
      if (!group) return;
      inFlight++;
      void send(group).finally(() => {
        inFlight--;
        schedule();
      });
    }
  }

  /** From each lane in turn: a flood of new orders must not hold up the answers to offers. */
  function nextGroup(): Waiting[] | undefined {
    isBirthsTurn = !isBirthsTurn;
    const [first, second] = isBirthsTurn
      ? [lanes.insert, lanes.update]
      : [lanes.update, lanes.insert];
    const lane = first.length > 0 ? first : second;
    return lane.length > 0 ? lane.splice(0, MAX_GROUP) : undefined;
  }

  /** A lone change goes at once; while others are on their way, all that is ready in this turn joins. */
  function schedule() {
    if (scheduled) return;
    scheduled = true;
    if (inFlight === 0) queueMicrotask(flush);
    else setImmediate(flush);
  }

  async function send(group: Waiting[]): Promise<void> {
    try {
      const result = await collection.bulkWrite(
        group.map(({ change }) => operationOf(change)),
        { ordered: false, writeConcern: DURABLE, ignoreUndefined: true },
      );
      if (result.matchedCount + result.insertedCount === group.length) {
        for (const { resolve } of group) resolve({ outcome: 'committed' });
      } else await readOutcomes(group);
    } catch (error) {
      await sendFailed(group, error);
    }
  }

  async function sendFailed(group: Waiting[], error: unknown): Promise<void> {
    if (isUnsent(error)) {
      // Nothing left this process. The others must not suffer for the one that cannot be sent.
      const [only] = group;
      if (only && group.length === 1) only.reject(error);
      else for (const each of group) await send([each]);
      return;
    }
    if (!(error instanceof mongo.MongoBulkWriteError) || hasWriteConcernError(error)) {
      for (const { resolve } of group) resolve({ outcome: 'unknown', cause: error });
      return;
    }
    const failures = new Map(
      [error.writeErrors].flat().map((failure) => [failure.index, failure.code] as const),
    );
    const failed = group.filter((_, index) => failures.has(index));
    for (const [index, { resolve, change }] of group.entries()) {
      const code = failures.get(index);
      if (code === undefined) continue;
      if (code !== DUPLICATE_KEY) resolve({ outcome: 'unknown', cause: error });
      // `holds` is the only unique index that an update can meet; an insert can meet `_id` as well.
      else if (change.expectedSeq > 0) resolve({ outcome: 'held' });
      else await readClash(group[index] as Waiting);
    }
    await readOutcomes(group.filter((each) => !failed.includes(each)));
  }

  /** A miss, somewhere in the group: what the documents say now, by majority. */
  async function readOutcomes(group: Waiting[]): Promise<void> {
    const ids = group.map(({ change }) => change.id);
    try {
      const docs = await collection
        .find({ _id: { $in: ids } }, { projection: OUTCOME_FIELDS })
        .toArray();
      const byId = new Map(docs.map((doc) => [doc._id, doc]));
      for (const { change, resolve } of group) {
        const doc = byId.get(change.id);
        if (doc?.seq === change.expectedSeq) resolve(untimely(change));
        else if (doc && (isOwn(change, doc) || (await isInHistory(change, doc)))) {
          resolve({ outcome: 'committed' });
        } else resolve({ outcome: 'moved' });
      }
    } catch (cause) {
      for (const { resolve } of group) resolve({ outcome: 'unknown', cause });
    }
  }

  async function isInHistory({ id, entry }: Change, newest: { seq: number }): Promise<boolean> {
    const { seq, at, commandId } = entry;
    if (newest.seq <= seq) return false;
    const found = await collection.findOne(
      { _id: id, history: { $elemMatch: { seq, at, commandId } } },
      { projection: { _id: 1 } },
    );
    return found !== null;
  }

  async function readClash({ change, resolve }: Waiting): Promise<void> {
    try {
      const exists = await collection.findOne({ _id: change.id }, { projection: { _id: 1 } });
      resolve({ outcome: exists ? 'moved' : 'held' });
    } catch (cause) {
      resolve({ outcome: 'unknown', cause });
    }
  }

  return function commit(change: Change): Promise<CommitOutcome> {
    return new Promise((resolve, reject) => {
      lanes[change.expectedSeq === 0 ? 'insert' : 'update'].push({ change, resolve, reject });
      schedule();
    });
  };
}

function operationOf(change: Change): mongo.AnyBulkWriteOperation<ActorDocument> {
  return change.expectedSeq === 0
    ? { insertOne: { document: documentOf(change) as never } }
    : { updateOne: updateOf(change) };
}

const OUTCOME_FIELDS = {
  seq: 1,
  'last.seq': 1,
  'last.commandId': 1,
  'last.at': 1,
  'last.node': 1,
} as const;

/**
 * The step that a document has last is this change, and not the same command's on another node: that
 * one has its own instant, and what follows from it.
 */
const isOwn = ({ entry, node }: Change, { last }: Pick<ActorDocument, 'last'>): boolean =>
  last.seq === entry.seq &&
  last.commandId === entry.commandId &&
  last.at === entry.at &&
  last.node === node;

/** Seq still matches, so it was the database's clock that said no. */
function untimely({ notAfter, notBefore, id }: Change): CommitOutcome {
  if (notAfter !== undefined) return { outcome: 'late' };
  if (notBefore !== undefined) return { outcome: 'early' };
  return { outcome: 'unknown', cause: new Error(`${id}: matched nothing, and nothing has moved`) };
}

/** An error of ours, raised before anything was sent: too large, a cycle, a NUL in a key. */
const isUnsent = (error: unknown): boolean =>
  !(error instanceof mongo.MongoError) ||
  error instanceof mongo.MongoInvalidArgumentError ||
  error instanceof mongo.MongoMissingDependencyError;

const hasWriteConcernError = (error: mongo.MongoBulkWriteError): boolean =>
  error.result?.getWriteConcernError() !== undefined;
