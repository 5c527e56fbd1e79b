import { Schema } from 'mongoose';
import type { CollectionSpec, Where } from '../documents.ts';

/**
 * The spec's schema as both adapters enforce it: string ids, unknown fields are errors, empty
 * objects are kept, and every instant (`…At`) is a Date.
 * @throws {Error} when an instant is declared as anything but a Date: its TTL and ranges would not work
 */
export function strictSchema<T extends { _id: string }>(spec: CollectionSpec<T>): Schema {
  const schema = spec.schema.clone();
  schema.add({ _id: { type: String, required: true } });
  // `strictQuery: 'throw'`: with `true` a mistyped key is dropped, and `{}` matches everything.
  schema.set('strict', 'throw');
  schema.set('strictQuery', 'throw');
  schema.set('versionKey', false);
  schema.set('minimize', false);
  schema.set('autoIndex', false);
  schema.set('autoCreate', false);
  schema.set('id', false);
  schema.set('writeConcern', { w: 'majority', j: true });
  schema.eachPath((path, type) => {
    if (/At$/.test(path) && !(type instanceof Schema.Types.Date))
      throw new Error(`${spec.name}.${path} is an instant: declare it a Date`);
  });
  return schema;
}

/** A stored document as the port shows it: Dates become epoch ms, at any depth. */
export function fromStored<T>(value: unknown): T {
  if (value instanceof Date) return value.getTime() as T;
  if (Array.isArray(value)) return value.map(fromStored) as T;
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, fromStored(inner)]),
    ) as T;
  return value as T;
}

/** One condition of a `Where`, in one of three shapes whatever it was written as. */
export type Condition =
  | { is: unknown }
  | { in: readonly unknown[] }
  | { gte?: unknown; lt?: unknown };

/** The conditions of `where`, by field. A field set to `undefined` must be absent. */
export const conditionsOf = <T>(where: Where<T>): [string, Condition][] =>
  Object.entries(where).map(([field, match]) => [field, toCondition(match)]);

function toCondition(match: unknown): Condition {
  if (match === null || typeof match !== 'object' || Array.isArray(match)) return { is: match };
  const keys = Object.keys(match);
  if (keys.length === 1 && keys[0] === 'in') return match as Condition;
  if (keys.length > 0 && keys.every((key) => key === 'gte' || key === 'lt'))
    return match as Condition;
  return { is: match };
}
