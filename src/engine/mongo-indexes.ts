import type { mongo } from 'mongoose';

/** An index on a kind's columns, for the queries of the rooms above. */
export interface ColumnIndex {
  name: string;
  key: Readonly<Record<string, 1 | -1>>;
  unique?: boolean;
  /** Documents it holds, as a `partialFilterExpression`. */
  partial?: Readonly<Record<string, unknown>>;
}

/** How one kind is kept. */
export interface KindStorage {
  name: string;
  columnIndexes: readonly ColumnIndex[];
}

/** What the engine itself stands on: without `holds`, two orders could have one driver. */
const ENGINE_INDEXES: readonly ColumnIndex[] = [
  { name: 'holds', key: { holds: 1 }, unique: true, partial: { holds: { $exists: true } } },
  { name: 'wakeAt', key: { wakeAt: 1 }, partial: { wakeAt: { $exists: true } } },
  {
    name: 'outbox_dueAt',
    key: { 'outbox.dueAt': 1 },
    partial: { 'outbox.dueAt': { $exists: true } },
  },
];

/** An index that must be there is not, or is not what it must be. */
export class IndexError extends Error {
  override readonly name = 'IndexError';
}

/**
 * Makes every index of a collection that is still empty; of one that holds data it only looks,
 * because building one may take long and fail on what is stored.
 * @param addNew makes missing ones all the same, where the database is this process's own; never a
 *   unique one: without it, what it forbids may be stored already
 * @throws {IndexError} naming each missing or different index, with the command that mends it
 */
export async function ensureIndexes(
  db: mongo.Db,
  kinds: readonly KindStorage[],
  { addNew = false }: { addNew?: boolean } = {},
): Promise<void> {
  const problems: string[] = [];
  for (const { name, columnIndexes } of kinds) {
    const collection = db.collection(name);
    const wanted = [...ENGINE_INDEXES, ...columnIndexes];
    if ((await collection.findOne({}, { projection: { _id: 1 } })) === null) {
      await collection.createIndexes(wanted.map(specOf));
    }
    const present = await collection.listIndexes().toArray();
    for (const index of wanted) {
      const found = present.find((each) => sameJson(each.key, index.key));
      if (found && isSame(found, index)) continue;
      if (addNew && !found && !index.unique) {
        // Where its name is taken by another one, a person has to look.
        if (await collection.createIndexes([specOf(index)]).then(succeeded, failed)) continue;
      }
      problems.push(mend(name, index, found?.name));
    }
  }
  if (problems.length === 0) return;
  throw new IndexError(
    `the database lacks indexes that keep its promises; in mongosh, on "${db.databaseName}":\n${problems.join('\n')}`,
  );
}

const succeeded = () => true;
const failed = () => false;

const specOf = ({ name, key, unique, partial }: ColumnIndex) => ({
  name,
  key: { ...key },
  ...(unique ? { unique } : {}),
  ...(partial ? { partialFilterExpression: partial } : {}),
});

const isSame = (found: mongo.IndexDescriptionInfo, wanted: ColumnIndex): boolean =>
  Boolean(found.unique) === Boolean(wanted.unique) &&
  sameJson(found.partialFilterExpression ?? null, wanted.partial ?? null);

/** Key order counts: it is part of what an index is. */
const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function mend(collection: string, index: ColumnIndex, wrongName: string | undefined): string {
  const { key, ...options } = specOf(index);
  const drop = wrongName ? `db.getCollection("${collection}").dropIndex("${wrongName}"); ` : '';
  return `  ${drop}db.getCollection("${collection}").createIndex(${JSON.stringify(key)}, ${JSON.stringify(options)})`;
}
