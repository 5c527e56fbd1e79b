import type { Mutant } from './mutant.ts';

const MEMORY = 'src/engine/memory-store.ts';
const MONGO = 'src/engine/mongo-documents.ts';
const CONTRACT_MEMORY = 'tests/contract/store-memory.test.ts';
const CONTRACT_MONGO = 'tests/contract/store-mongo.test.ts';

/** Faults in what the two stores promise. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'memory-seq-dropped',
    breaks: ['STO2', 'I1', 'I6'],
    says: 'The compare-and-set of the memory store compares nothing.',
    file: MEMORY,
    find: "  if ((before?.seq ?? 0) !== expectedSeq) return { outcome: 'moved' };\n",
    replace: '',
    caughtBy: ['simulation', `${CONTRACT_MEMORY} [STO2]`],
  },
  {
    name: 'mongo-seq-dropped',
    breaks: ['STO2', 'I1', 'I6'],
    says: 'The filter of the MongoDB update has no seq.',
    file: MONGO,
    find: '      seq: change.expectedSeq,\n',
    replace: '',
    caughtBy: [`${CONTRACT_MONGO} [STO2]`],
  },
  {
    name: 'memory-holds-not-set',
    breaks: ['STO4', 'I2'],
    says: 'A commit looks at the holds of others and takes none itself.',
    file: MEMORY,
    find: '  for (const hold of holds) collection.holds.set(hold, id);\n',
    replace: '',
    caughtBy: ['simulation', `${CONTRACT_MEMORY} [STO4]`],
  },
  {
    name: 'memory-holds-not-released',
    breaks: ['STO4', 'I2'],
    says: 'Holds that a step no longer wants stay taken.',
    file: MEMORY,
    find: '  for (const hold of before?.holds ?? []) collection.holds.delete(hold);\n',
    replace: '',
    caughtBy: ['simulation', `${CONTRACT_MEMORY} [STO4]`],
  },
  {
    name: 'mongo-holds-not-released',
    breaks: ['STO4', 'I2'],
    says: 'An empty list of holds leaves the old ones in the document.',
    file: MONGO,
    find: "  put('holds', holds.length > 0 ? holds : undefined);\n",
    replace: '  if (holds.length > 0) set.holds = holds;\n',
    caughtBy: [`${CONTRACT_MONGO} [STO4]`],
  },
  {
    name: 'mongo-time-as-number',
    breaks: ['STO7', 'I8'],
    says: 'The limit is compared as a number, which never compares with the date of $$NOW.',
    file: MONGO,
    find: "{ $lt: ['$$NOW', new Date(notAfter)] }",
    replace: "{ $lt: ['$$NOW', notAfter] }",
    caughtBy: [`${CONTRACT_MONGO} [STO7]`],
  },
  {
    name: 'mongo-rival-taken-for-own',
    breaks: ['STO2', 'I1', 'I4'],
    says: "After a miss, another's step at the wanted seq is taken for one's own.",
    file: 'src/engine/mongo-group-commit.ts',
    find: '  last.commandId === entry.commandId &&\n  last.at === entry.at &&\n  last.node === node;\n',
    replace: '  last.seq > 0;\n',
    caughtBy: [`${CONTRACT_MONGO} [STO2]`],
  },
  {
    name: 'mongo-retry-elsewhere-taken-for-own',
    breaks: ['STO2', 'I6'],
    says: "After a miss, what another node made of the same command is taken for one's own.",
    file: 'src/engine/mongo-group-commit.ts',
    find: '  last.at === entry.at &&\n  last.node === node;\n',
    replace: '  last.seq > 0;\n',
    caughtBy: [`${CONTRACT_MONGO} [STO2]`],
  },
  {
    name: 'memory-terminal-outbox-not-swept',
    breaks: ['STO10', 'ENG15'],
    says: 'The sweep passes over effects of actors that have ended.',
    file: MEMORY,
    find: '.filter(({ outbox }) => outbox.some(({ dueAt }) => dueAt <= before))',
    replace:
      ".filter(({ outbox, snapshot }) => snapshot.status !== 'done' && outbox.some(({ dueAt }) => dueAt <= before))",
    caughtBy: ['simulation', `${CONTRACT_MEMORY} [STO10]`],
  },
  {
    name: 'mongo-terminal-outbox-not-swept',
    breaks: ['STO10', 'ENG15'],
    says: 'The sweep of MongoDB passes over effects of actors that have ended.',
    file: 'src/engine/mongo-store.ts',
    find: "{ 'outbox.dueAt': { $lte: new Date(before) } }",
    replace: "{ live: true, 'outbox.dueAt': { $lte: new Date(before) } }",
    caughtBy: [`${CONTRACT_MONGO} [STO10]`],
  },
  {
    name: 'effect-pulled-as-a-step',
    breaks: ['STO10', 'I6', 'I11'],
    says: 'Removing an effect moves the seq, of ended actors too.',
    file: MEMORY,
    find: `      const outbox = actor.outbox.filter((item) => item.id !== effectId);
      replace(kind, Object.freeze({ ...actor, outbox }));`,
    replace: `      const outbox = actor.outbox.filter((item) => item.id !== effectId);
      replace(kind, Object.freeze({ ...actor, outbox, seq: actor.seq + 1 }));`,
    caughtBy: ['simulation'],
  },
];
