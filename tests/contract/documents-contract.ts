import { beforeEach, describe, expect, it } from '@jest/globals';
import { Schema } from 'mongoose';
import type { CollectionSpec, Documents, OpenDocuments } from '../../src/documents.ts';

interface Note {
  _id: string;
  title: string;
  slug?: string;
  shelf?: string;
  rank?: number | null;
  tags?: string[];
  extra?: object;
  dueAt?: number;
  createdAt: number;
}

let collections = 0;

/** A collection of its own for each test, so that tests share a database without sharing documents. */
export const noteSpec = (more: Partial<CollectionSpec<Note>> = {}): CollectionSpec<Note> => ({
  name: `notes${++collections}`,
  schema: new Schema({
    title: { type: String, required: true },
    slug: String,
    shelf: String,
    rank: Number,
    tags: { type: [String], default: undefined },
    extra: Schema.Types.Mixed,
    dueAt: Date,
    createdAt: { type: Date, required: true },
  }),
  unique: [['slug'], ['shelf', 'rank']],
  indexes: [['shelf', '-createdAt']],
  ...more,
});

export const note = (_id: string, fields: Partial<Note> = {}): Note & { _id: string } => ({
  _id,
  title: `note ${_id}`,
  createdAt: 1_700_000_000_123,
  ...fields,
});

/**
 * What every adapter of `OpenDocuments` promises.
 * @param prepare opens the adapter; `ready` makes the indexes of what was opened, where there are any
 */
export function documentsContract(
  prepare: () => { open: OpenDocuments; ready: () => Promise<void> },
): void {
  let notes: Documents<Note>;

  beforeEach(async () => {
    const { open, ready } = prepare();
    notes = open(noteSpec());
    await ready();
  });

  describe('reading and writing', () => {
    it('[DOC1] gives back what was put in, instants as epoch ms, and nothing else', async () => {
      const full = note('a', {
        slug: 's',
        shelf: 'x',
        rank: 0,
        tags: ['one', 'two'],
        extra: { empty: {}, list: [{ n: 1 }], nothing: null },
        dueAt: 1_700_000_000_999,
      });
      expect(await notes.insert(full)).toBe(true);
      expect(await notes.insert(note('b'))).toBe(true);

      expect(await notes.get('a')).toStrictEqual(full);
      expect(await notes.get('b')).toStrictEqual(note('b'));
      expect(await notes.get('c')).toBeUndefined();
    });

    it('[DOC1] treats a field set to undefined as absent', async () => {
      await notes.insert(note('a', { slug: undefined }));

      expect(Object.keys((await notes.get('a')) as Note)).not.toContain('slug');
      expect(await notes.count({ slug: undefined })).toBe(1);
    });

    it('[DOC2] hands out copies: changing one changes nothing stored', async () => {
      const given = note('a', { tags: ['one'] });
      await notes.insert(given);
      given.tags?.push('two');
      (await notes.get('a'))?.tags?.push('three');
      (await notes.find({}))[0]?.tags?.push('four');

      expect(await notes.get('a')).toStrictEqual(note('a', { tags: ['one'] }));
    });

    it('[DOC3] refuses unknown fields, missing fields and unknown conditions, and writes nothing', async () => {
      const stray = { ...note('a'), stray: 1 } as Note;
      const untitled = { _id: 'a', createdAt: 1 } as Note;
      await notes.insert(note('b'));

      await expect(notes.insert(stray)).rejects.toThrow(/stray/);
      await expect(notes.insert(untitled)).rejects.toThrow(/title/);
      await expect(notes.put(stray)).rejects.toThrow(/stray/);
      await expect(notes.put(untitled)).rejects.toThrow(/title/);
      await expect(notes.update('b', { stray: 1 } as Partial<Note>)).rejects.toThrow(/stray/);
      await expect(notes.update('b', { title: undefined })).rejects.toThrow(/title/);
      await expect(notes.find({ stray: 1 } as object)).rejects.toThrow(/stray/);
      expect(await notes.find({})).toStrictEqual([note('b')]);
    });

    it('[DOC4] puts over what is there, whole', async () => {
      await notes.put(note('a', { slug: 's' }));
      await notes.put(note('a', { title: 'again' }));

      expect(await notes.get('a')).toStrictEqual(note('a', { title: 'again' }));
    });

    it('[DOC4] removes once', async () => {
      await notes.insert(note('a'));

      expect(await notes.remove('a')).toBe(true);
      expect(await notes.remove('a')).toBe(false);
      expect(await notes.get('a')).toBeUndefined();
    });
  });

  describe('uniqueness', () => {
    it('[DOC5] inserts an id once', async () => {
      expect(await notes.insert(note('a'))).toBe(true);
      expect(await notes.insert(note('a', { title: 'other' }))).toBe(false);
      expect(await notes.get('a')).toStrictEqual(note('a'));
    });

    it('[DOC5] keeps a unique field to one document, whoever comes second', async () => {
      const tries = Array.from({ length: 8 }, (_, index) =>
        notes.insert(note(`n${index}`, { slug: 's' })),
      );

      expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
      expect(await notes.count({ slug: 's' })).toBe(1);
    });

    it("[DOC5] refuses an update that would take another's unique value", async () => {
      await notes.insert(note('a', { slug: 's' }));
      await notes.insert(note('b', { slug: 't' }));

      expect(await notes.update('b', { slug: 's' })).toBe(false);
      expect(await notes.update('a', { slug: 's' })).toBe(true);
      expect((await notes.get('b'))?.slug).toBe('t');
    });

    it("[DOC5] throws where a put would take another's unique value", async () => {
      await notes.insert(note('a', { slug: 's' }));

      await expect(notes.put(note('b', { slug: 's' }))).rejects.toThrow();
      expect(await notes.get('b')).toBeUndefined();
    });

    it('[DOC5] compares several fields together, and exempts documents without the first', async () => {
      expect(await notes.insert(note('a', { shelf: 'x', rank: 1 }))).toBe(true);
      expect(await notes.insert(note('b', { shelf: 'x', rank: 2 }))).toBe(true);
      expect(await notes.insert(note('c', { shelf: 'x', rank: 1 }))).toBe(false);
      expect(await notes.insert(note('d', { rank: 1 }))).toBe(true);
      expect(await notes.insert(note('e', { rank: 1 }))).toBe(true);
      expect(await notes.insert(note('f', { shelf: 'x' }))).toBe(true);
      expect(await notes.insert(note('g', { shelf: 'x' }))).toBe(false);
    });
  });

  describe('updating on a condition', () => {
    it('[DOC6] sets and unsets the named fields only', async () => {
      await notes.insert(note('a', { slug: 's', shelf: 'x' }));

      expect(await notes.update('a', { slug: undefined, shelf: 'y' })).toBe(true);
      expect(await notes.get('a')).toStrictEqual(note('a', { shelf: 'y' }));
    });

    it('[DOC6] tells whether the document was there and met the condition', async () => {
      await notes.insert(note('a', { rank: 3 }));

      expect(await notes.update('b', { rank: 4 })).toBe(false);
      expect(await notes.update('a', { rank: 4 }, { rank: 2 })).toBe(false);
      expect(await notes.update('a', { rank: 4 }, { rank: 3 })).toBe(true);
      expect(await notes.update('a', {}, { rank: 4 })).toBe(true);
      expect(await notes.update('a', {}, { rank: 3 })).toBe(false);
    });

    it('[DOC6] lets one of many racing updates win the same condition', async () => {
      await notes.insert(note('a'));
      const claims = Array.from({ length: 8 }, (_, index) =>
        notes.update('a', { shelf: `s${index}` }, { shelf: undefined }),
      );

      expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
    });
  });

  describe('finding', () => {
    beforeEach(async () => {
      await notes.insert(note('a', { rank: 1, slug: 'one', createdAt: 100 }));
      await notes.insert(note('b', { rank: 2, slug: 'two', createdAt: 200 }));
      await notes.insert(note('c', { rank: 3, shelf: 'x', createdAt: 300 }));
      await notes.insert(note('d', { rank: null, shelf: 'x', createdAt: 400 }));
      await notes.insert(note('e', { shelf: 'y', createdAt: 500 }));
    });

    const ids = async (...args: Parameters<Documents<Note>['find']>): Promise<string[]> =>
      (await notes.find(...args)).map((doc) => doc._id);

    it('[DOC7] matches equality, one of, ranges, absence, and all of them together', async () => {
      const sort = ['_id', 1] as ['_id', 1];
      expect(await ids({}, { sort })).toEqual(['a', 'b', 'c', 'd', 'e']);
      expect(await ids({ shelf: 'x' }, { sort })).toEqual(['c', 'd']);
      expect(await ids({ slug: { in: ['one', 'two', 'six'] } }, { sort })).toEqual(['a', 'b']);
      expect(await ids({ slug: { in: [] } })).toEqual([]);
      expect(await ids({ rank: { gte: 2 } }, { sort })).toEqual(['b', 'c']);
      expect(await ids({ rank: { gte: 1, lt: 3 } }, { sort })).toEqual(['a', 'b']);
      expect(await ids({ createdAt: { lt: 300 } }, { sort })).toEqual(['a', 'b']);
      expect(await ids({ createdAt: 300 })).toEqual(['c']);
      expect(await ids({ shelf: undefined }, { sort })).toEqual(['a', 'b']);
      expect(await ids({ rank: null }, { sort })).toEqual(['d', 'e']);
      expect(await ids({ rank: undefined }, { sort })).toEqual(['e']);
      expect(await ids({ shelf: 'x', rank: 3 })).toEqual(['c']);
    });

    it('[DOC7] never reads a value as an operator', async () => {
      const trick = { $gt: '' } as unknown as string;

      const found = notes.find({ slug: trick });

      expect(await found.catch(() => [])).toEqual([]);
    });

    it('[DOC8] sorts either way, absent first, and limits', async () => {
      expect(await ids({}, { sort: ['createdAt', -1], limit: 2 })).toEqual(['e', 'd']);
      expect(
        await ids(
          { slug: undefined, shelf: { in: ['x'] } },
          {
            sort: ['rank', 1],
          },
        ),
      ).toEqual(['d', 'c']);
      expect(await ids({}, { limit: 0 })).toEqual([]);
    });

    it('[DOC8] counts what find would find', async () => {
      expect(await notes.count({})).toBe(5);
      expect(await notes.count({ shelf: 'x' })).toBe(2);
      expect(await notes.count({ rank: { lt: 1 } })).toBe(0);
    });
  });

  describe('opening', () => {
    it('[DOC9] gives the same collection for the same spec, and refuses a second spec of one name', () => {
      const { open } = prepare();
      const spec = noteSpec();

      expect(open(spec)).toBe(open(spec));
      expect(() => open(noteSpec({ name: spec.name }))).toThrow(/two schemas/);
    });

    it('[DOC9] refuses an instant that is not declared a Date', () => {
      const { open } = prepare();
      const schema = new Schema({ createdAt: Number });

      expect(() => open(noteSpec({ schema }))).toThrow(/createdAt is an instant/);
    });
  });
}
