import { isDeepStrictEqual } from 'node:util';
import type { Schema } from 'mongoose';
import { Document } from 'mongoose';
import type { CollectionSpec, Documents, OpenDocuments } from '../documents.ts';
import type { Condition } from './documents-schema.ts';
import { conditionsOf, fromStored, strictSchema } from './documents-schema.ts';

/** As often as MongoDB's own TTL monitor runs. */
const EXPIRY_PERIOD_MS = 60_000;

interface TellsTime {
  /** Epoch ms. */
  now(): number;
}

/**
 * Collections in this process's memory, for tests, simulation and the store of last resort. They
 * check documents with the same schemas as MongoDB does, and hand out copies only. Opening a name
 * again gives the same collection. Find without a sort answers in the order of insertion.
 */
export function openMemoryDocuments(clock: TellsTime): OpenDocuments {
  const opened = new Map<string, { spec: unknown; documents: unknown }>();
  return <T extends { _id: string }>(spec: CollectionSpec<T>): Documents<T> => {
    const before = opened.get(spec.name);
    if (before && before.spec !== spec)
      throw new Error(`collection ${spec.name} is opened with two schemas`);
    if (before) return before.documents as Documents<T>;
    const documents = createDocuments(spec, clock);
    opened.set(spec.name, { spec, documents });
    return documents;
  };
}

function createDocuments<T extends { _id: string }>(
  spec: CollectionSpec<T>,
  clock: TellsTime,
): Documents<T> {
  const schema = strictSchema(spec);
  const docs = new Map<string, T>();
  let expiredAt = clock.now();

  /** The unique fields that `doc` would share with another document, if any. */
  const clash = (doc: T): string[] | undefined =>
    spec.unique?.find(
      (fields) =>
        doc[fields[0] as keyof T] !== undefined &&
        [...docs.values()].some(
          (other) =>
            other._id !== doc._id &&
            fields.every((field) => isDeepStrictEqual(other[field] ?? null, doc[field] ?? null)),
        ),
    );

  const matching = (where: object): T[] => {
    const conditions = conditionsOf(where);
    for (const [field] of conditions)
      if (!schema.path(field) && schema.pathType(field) !== 'nested')
        throw new Error(`${spec.name} has no field ${field}`);
    return [...docs.values()].filter((doc) =>
      conditions.every(([field, condition]) => meets(doc[field as keyof T], condition)),
    );
  };

  const expire = () => {
    if (!spec.expires || clock.now() - expiredAt < EXPIRY_PERIOD_MS) return;
    expiredAt = clock.now();
    const { field, afterSeconds } = spec.expires;
    for (const doc of docs.values()) {
      const since = doc[field];
      if (typeof since === 'number' && since + afterSeconds * 1000 <= expiredAt)
        docs.delete(doc._id);
    }
  };

  return {
    async get(id) {
      return structuredClone(docs.get(id));
    },

    async insert(doc) {
      const checked = await check<T>(schema, doc);
      expire();
      if (docs.has(checked._id) || clash(checked)) return false;
      docs.set(checked._id, checked);
      return true;
    },

    async put(doc) {
      const checked = await check<T>(schema, doc);
      expire();
      const taken = clash(checked);
      if (taken) throw new Error(`${spec.name}: ${taken.join('+')} is taken`);
      docs.set(checked._id, checked);
    },

    async update(id, set, where = {}) {
      // Checking takes a turn of the event loop; whoever writes meanwhile sends us round again.
      for (;;) {
        const doc = matching({ ...where }).find((match) => match._id === id);
        if (!doc) return false;
        const checked = await check<T>(schema, { ...doc, ...set });
        if (docs.get(id) !== doc) continue;
        if (clash(checked)) return false;
        docs.set(id, checked);
        return true;
      }
    },

    async remove(id) {
      return docs.delete(id);
    },

    async find(where, { sort, limit } = {}) {
      const found = matching(where);
      if (sort) {
        const [field, order] = sort;
        found.sort((a, b) => order * compare(a[field], b[field]));
      }
      return structuredClone(found.slice(0, limit));
    },

    async count(where) {
      return matching(where).length;
    },
  };
}

/** A copy of `doc` as MongoDB would store it and give it back; throws what mongoose throws. */
async function check<T>(schema: Schema, doc: object): Promise<T> {
  // mongoose declares the class abstract; without a model it is the documented way to check by schema.
  const Checked = Document as unknown as new (doc: object, schema: Schema) => Document;
  const checked = new Checked(doc, schema);
  await checked.validate();
  return fromStored<T>(checked.toObject());
}

function meets(value: unknown, condition: Condition): boolean {
  if ('is' in condition) return equals(value, condition.is);
  if ('in' in condition) return condition.in.some((option) => equals(value, option));
  if (value == null) return false;
  const { gte, lt } = condition;
  return (
    (gte === undefined || compare(value, gte) >= 0) && (lt === undefined || compare(value, lt) < 0)
  );
}

/** As in MongoDB, null is also equal to an absent field. */
const equals = (value: unknown, expected: unknown): boolean =>
  expected === null ? value == null : isDeepStrictEqual(value, expected);

/** Absent before present, else by value, as MongoDB sorts values of one type. */
function compare(a: unknown, b: unknown): number {
  if (a == null || b == null) return Number(a != null) - Number(b != null);
  return a < b ? -1 : a > b ? 1 : 0;
}
