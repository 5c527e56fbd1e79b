import { describe, expect, it } from '@jest/globals';
import { openMemoryDocuments } from '../../src/storage/memory-documents.ts';
import { documentsContract, note, noteSpec } from './documents-contract.ts';

describe('documents in memory', () => {
  documentsContract(() => ({
    open: openMemoryDocuments({ now: () => 0 }),
    ready: async () => {},
  }));

  it('[DOC10] drops expired documents as later ones are written, and no sooner than due', async () => {
    let now = 0;
    const open = openMemoryDocuments({ now: () => now });
    const notes = open(noteSpec({ expires: { field: 'dueAt', afterSeconds: 30 } }));
    await notes.insert(note('old', { dueAt: 40_000 }));
    await notes.insert(note('lasting'));

    now = 69_999;
    await notes.insert(note('a'));
    expect(await notes.get('old')).toBeDefined();

    now = 130_000;
    await notes.insert(note('b'));
    expect(await notes.get('old')).toBeUndefined();
    expect(await notes.count({})).toBe(3);
  });
});
