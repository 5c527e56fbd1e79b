import type { mongo } from 'mongoose';
import type { ActorDocument, LastStep } from './mongo-documents.ts';
import type { FeedHandlers } from './store.ts';
import type { Commit, PersistedSnapshot } from './types.ts';

/** An idle stream answers this often, and each answer is a sign of life. */
const AWAIT_MS = 500;
const REOPEN_AFTER_MS = 500;

interface Raw {
  operationType: 'insert' | 'update';
  ns: { coll: string };
  documentKey: { _id: string };
  fullDocument?: Pick<ActorDocument, 'last' | 'snapshot'>;
  updateDescription?: { updatedFields: { last: LastStep; snapshot?: PersistedSnapshot } };
}

/**
 * One change stream for all kinds, of steps only: a commit sets `last` whole, nothing else does.
 * The driver resumes after a lost connection; where the server has lost the history in between, or
 * the stream ends for another reason, it is opened anew and `onResync` says so.
 */
export async function watchCommits(
  db: mongo.Db,
  kinds: readonly string[],
  handlers: FeedHandlers,
  onError: (error: unknown) => void,
): Promise<() => Promise<void>> {
  let closed = false;
  let stream = await open();
  const done = run();

  return async () => {
    closed = true;
    await stream.close();
    await done;
  };

  async function open(): Promise<mongo.ChangeStream> {
    const opened = db.watch(pipelineOf(kinds), { maxAwaitTimeMS: AWAIT_MS });
    opened.on('resumeTokenChanged', () => handlers.onHeartbeat());
    try {
      const first = (await opened.tryNext()) as Raw | null;
      if (first) await hand(first);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async function run(): Promise<void> {
    while (!closed) {
      try {
        await hand((await stream.next()) as unknown as Raw);
      } catch (error) {
        if (closed) return;
        onError(error);
        await reopen();
      }
    }
  }

  async function reopen(): Promise<void> {
    await stream.close().catch(onError);
    while (!closed) {
      try {
        stream = await open();
        handlers.onResync();
        return;
      } catch (error) {
        onError(error);
        await new Promise((resolve) => setTimeout(resolve, REOPEN_AFTER_MS));
      }
    }
  }

  async function hand(raw: Raw): Promise<void> {
    const fields = raw.fullDocument ?? raw.updateDescription?.updatedFields;
    if (!fields) return;
    const { node, audience, ...entry } = fields.last;
    const { coll: kind } = raw.ns;
    const { _id: id } = raw.documentKey;
    const { snapshot } = fields;
    // A $set of an equal value is not among the updated fields.
    if (!snapshot) return handlers.onResync();
    const commit: Commit = { kind, id, seq: entry.seq, entry, node, audience, snapshot };
    handlers.onCommit(commit);
  }
}

const pipelineOf = (kinds: readonly string[]) => [
  {
    $match: {
      'ns.coll': { $in: kinds },
      $or: [
        { operationType: 'insert' },
        { operationType: 'update', 'updateDescription.updatedFields.last': { $exists: true } },
      ],
    },
  },
  {
    $project: {
      operationType: 1,
      ns: 1,
      documentKey: 1,
      'fullDocument.last': 1,
      'fullDocument.snapshot': 1,
      'updateDescription.updatedFields.last': 1,
      'updateDescription.updatedFields.snapshot': 1,
    },
  },
];
