import type { Connection, Model } from 'mongoose';
import { mongo } from 'mongoose';
import type { CollectionSpec, Documents, OpenDocuments, Where } from '../documents.ts';
import { conditionsOf, fromStored, strictSchema } from './documents-schema.ts';

const DUPLICATE_KEY = 11_000;

/**
 * Collections in MongoDB, through mongoose models on `connection`. Reads are primary and majority,
 * writes majority and journalled. Opening a collection touches nothing: `ensureIndexes` makes the
 * indexes of every collection opened so far, is idempotent, and must have resolved before the first
 * insert that relies on a unique one.
 */
export function openMongooseDocuments(
  connection: Connection,
): OpenDocuments & { ensureIndexes(): Promise<void> } {
  const opened = new Map<
    string,
    { spec: unknown; documents: unknown; ensure: () => Promise<void> }
  >();

  const open = <T extends { _id: string }>(spec: CollectionSpec<T>): Documents<T> => {
    const before = opened.get(spec.name);
    if (before && before.spec !== spec)
      throw new Error(`collection ${spec.name} is opened with two schemas`);
    if (before) return before.documents as Documents<T>;
    const model = connection.model(spec.name, strictSchema(spec), spec.name);
    const documents = createDocuments<T>(model);
    const ensure = () => createIndexes(model, spec);
    opened.set(spec.name, { spec, documents, ensure });
    return documents;
  };

  return Object.assign(open, {
    ensureIndexes: async () => {
      for (const { ensure } of opened.values()) await ensure();
    },
  });
}

// biome-ignore lint/suspicious/noExplicitAny: the port's types are checked at its border; mongoose's would repeat them.
type AnyModel = Model<any>;

function createDocuments<T extends { _id: string }>(model: AnyModel): Documents<T> {
  return {
    async get(id) {
      const found = await model.findById(id).read('primary').readConcern('majority').lean();
      return found ? fromStored<T>(found) : undefined;
    },

    insert: (doc) =>
      unlessTaken(async () => {
        await model.insertOne(doc);
        return true;
      }),

    async put(doc) {
      const checked = new model(doc);
      await checked.validate();
      await model.replaceOne({ _id: doc._id }, checked.toObject(), {
        upsert: true,
      });
    },

    update: (id, set, where = {}) =>
      unlessTaken(async () => {
        const filter = { $and: [{ _id: { $eq: id } }, toFilter(where)] };
        const change = toChange(set);
        // Without a change mongoose sends nothing, and would not tell whether anything matched.
        if (!change) return (await model.countDocuments(filter)) > 0;
        const done = await model.updateOne(filter, change, {
          runValidators: true,
        });
        return done.matchedCount > 0;
      }),

    async remove(id) {
      return (await model.deleteOne({ _id: id })).deletedCount > 0;
    },

    async find(where, { sort, limit } = {}) {
      const query = model.find(toFilter(where)).read('primary').readConcern('majority');
      if (sort) query.sort({ [sort[0]]: sort[1] });
      if (limit !== undefined) {
        // MongoDB reads a limit of 0 as "all".
        if (limit <= 0) return [];
        query.limit(limit);
      }
      return (await query.lean()).map((found) => fromStored<T>(found));
    },

    count: (where) =>
      model.countDocuments(toFilter(where)).read('primary').readConcern('majority').exec(),
  };
}

/** False when a unique key is taken; every other error is the caller's. */
async function unlessTaken(write: () => Promise<boolean>): Promise<boolean> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** Every value goes under an operator of ours, so that no value can be read as one of its own. */
const toFilter = <T>(where: Where<T>): Record<string, object> =>
  Object.fromEntries(
    conditionsOf(where).map(([field, condition]) => {
      if ('in' in condition) return [field, { $in: condition.in }];
      if (!('is' in condition)) {
        const { gte, lt } = condition;
        return [
          field,
          {
            ...(gte !== undefined && { $gte: gte }),
            ...(lt !== undefined && { $lt: lt }),
          },
        ];
      }
      if (condition.is === undefined) return [field, { $exists: false }];
      return [field, { $eq: condition.is }];
    }),
  );

function toChange(set: object): Record<string, object> | undefined {
  const fields = Object.entries(set);
  const kept = fields.filter(([, value]) => value !== undefined);
  const gone = fields.filter(([, value]) => value === undefined);
  if (fields.length === 0) return undefined;
  return {
    ...(kept.length > 0 && { $set: Object.fromEntries(kept) }),
    ...(gone.length > 0 && {
      $unset: Object.fromEntries(gone.map(([field]) => [field, 1])),
    }),
  };
}

async function createIndexes<T extends { _id: string }>(
  model: AnyModel,
  spec: CollectionSpec<T>,
): Promise<void> {
  const indexes: mongo.IndexDescription[] = [
    ...(spec.unique ?? []).map((fields) => ({
      key: toKey(fields),
      unique: true,
      partialFilterExpression: { [fields[0] as string]: { $exists: true } },
    })),
    ...(spec.indexes ?? []).map((fields) => ({ key: toKey(fields) })),
    ...(spec.expires
      ? [
          {
            key: { [spec.expires.field]: 1 },
            expireAfterSeconds: spec.expires.afterSeconds,
          },
        ]
      : []),
  ];
  if (indexes.length === 0) return;
  try {
    await model.collection.createIndexes(indexes);
  } catch (cause) {
    throw new Error(`the indexes of ${spec.name} cannot be made`, { cause });
  }
}

const toKey = (fields: string[]): Map<string, 1 | -1> =>
  new Map(fields.map((field) => (field.startsWith('-') ? [field.slice(1), -1] : [field, 1])));
