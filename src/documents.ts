import type { Schema } from 'mongoose';

/** A condition on one field: equal to, one of, or within a half-open range. */
export type Match<V> = V | { in: readonly V[] } | { gte?: V; lt?: V };
export type Where<T> = { [K in keyof T]?: Match<T[K]> };

/** A named collection of small documents: its mongoose schema, and what both adapters must enforce. */
export interface CollectionSpec<T extends { _id: string }> {
  name: string;
  schema: Schema;
  /** Sets of fields that no two documents may share (documents lacking the first are exempt). */
  unique?: (keyof T & string)[][];
  /** Further indexes, as field lists; a leading `-` means descending. */
  indexes?: string[][];
  /** Documents disappear some time after this instant. */
  expires?: { field: keyof T & string; afterSeconds: number };
}

/**
 * A small collection beside the engine: accounts, stores, alarms. Whoever needs one asks for this
 * port; `main` hands in the mongoose adapter, or the memory adapter where there is no database.
 * Instants are epoch ms here and BSON Dates in MongoDB (fields named `…At`).
 */
export interface Documents<T extends { _id: string }> {
  get(id: string): Promise<T | undefined>;
  /** False, and nothing written, when the id or a unique field is taken. */
  insert(doc: T): Promise<boolean>;
  /** Inserts or replaces. */
  put(doc: T): Promise<void>;
  /** Sets fields (`undefined` unsets) if the document exists and meets `where`; tells whether it did. */
  update(id: string, set: Partial<T>, where?: Where<T>): Promise<boolean>;
  remove(id: string): Promise<boolean>;
  find(
    where: Where<T>,
    options?: {
      sort?: [field: keyof T & string, order: 1 | -1];
      limit?: number;
    },
  ): Promise<T[]>;
  count(where: Where<T>): Promise<number>;
}

/** Opens collections: one for MongoDB, one for memory. */
export type OpenDocuments = <T extends { _id: string }>(spec: CollectionSpec<T>) => Documents<T>;
