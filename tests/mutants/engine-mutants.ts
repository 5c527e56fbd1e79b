import type { Mutant } from './mutant.ts';

const ENGINE = 'tests/engine/engine.test.ts';
const ON_ENGINE = 'tests/machines/orders-on-engine.test.ts';
const TRANSACTOR = 'src/engine/transactor.ts';
const COMMITTER = 'src/engine/committer.ts';
const CHANGE = 'src/engine/change.ts';
const CREATE = 'src/engine/create-engine.ts';

/** Faults in the seven steps of a command, and in how a commit comes about. */
export const ENGINE_MUTANTS: readonly Mutant[] = [
  {
    name: 'command-not-recorded',
    breaks: ['ENG3', 'I5'],
    says: 'A hot actor forgets which commands it has taken.',
    file: COMMITTER,
    find: '      live.commandIds.add(change.entry.commandId);\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG3]`],
  },
  {
    name: 'replay-to-another',
    breaks: ['ENG3', 'ENG4', 'I10'],
    says: 'Whoever knows a commandId is given the result that was recorded for its sender.',
    file: TRANSACTOR,
    find: 'const isHis = known !== undefined && samePrincipal(known.by, by);',
    replace: 'const isHis = known !== undefined;',
    caughtBy: [`${ENGINE} [ENG3]`, `${ENGINE} [ENG4]`],
  },
  {
    name: 'refusal-from-stale-cache',
    breaks: ['ENG6'],
    says: 'A refusal decided on a cached state is told though the store has moved on.',
    file: TRANSACTOR,
    find: 'if (hot && (history.at(-1)?.seq ?? 0) !== seq) {',
    replace: 'if (hot && seq < 0) {',
    caughtBy: ['simulation', `${ENGINE} [ENG6]`],
  },
  {
    name: 'ownership-not-rechecked',
    breaks: ['ENG4', 'I7'],
    says: 'Who was entitled once is taken to be so still, after a lost race and a reload.',
    file: TRANSACTOR,
    find: '(live.seq === 0) === (command.type === kind.birth) && kind.isEntitled(before, event);',
    replace:
      '(live.seq === 0) === (command.type === kind.birth) && (tries > 0 || kind.isEntitled(before, event));',
    caughtBy: ['simulation', `${ENGINE} [ENG4]`],
  },
  {
    name: 'stale-answer-re-decided',
    breaks: ['ENG7', 'ENG14'],
    says: 'What a worker decided on an older seq is decided again on the newer one.',
    file: TRANSACTOR,
    find: 'if (ifSeq !== undefined && live.seq !== ifSeq) {',
    replace: 'if (ifSeq !== undefined && live.seq < ifSeq) {',
    caughtBy: ['simulation', `${ENGINE} [ENG7]`, `${ENGINE} [ENG14]`],
  },
  {
    name: 'unknown-settled-by-one-read',
    breaks: ['ENG8', 'I4', 'I5'],
    says: 'An unknown outcome is taken to be whatever one read finds.',
    file: 'src/engine/settle.ts',
    find: '      const { outcome } = await store.commit(change);\n',
    replace: `      const found = await store.findCommand(kind, id, entry.commandId);
      if (pauseMs > 0) return found ? 'applied' : 'lost';
      const { outcome } = await store.commit(change);
`,
    caughtBy: ['simulation', `${ENGINE} [ENG8]`],
  },
  {
    name: 'late-and-unknown-for-a-minute',
    breaks: ['ENG8'],
    says: 'A change that the database has called late for good goes on blocking its actor.',
    file: 'src/engine/settle.ts',
    find: 'if (isTooLate || clock.now() > giveUpAt)',
    replace: 'if (clock.now() > giveUpAt)',
    caughtBy: [`${ON_ENGINE} [ENG8]`],
  },
  {
    name: 'late-offer-refused',
    breaks: ['ENG11'],
    says: 'What was late, and could still be done, is refused and not decided anew.',
    file: TRANSACTOR,
    find: 'if (decide(live.machine, before, { ...event, at })) continue;',
    replace: '',
    caughtBy: [`${ON_ENGINE} [ENG11]`],
  },
  {
    name: 'unknown-taken-for-applied',
    breaks: ['ENG8', 'ENG16', 'I9'],
    says: 'When the seq has moved, it is taken to have moved by the change whose outcome is unknown.',
    file: 'src/engine/settle.ts',
    find: "return record?.seq === entry.seq && record.at === entry.at ? 'applied' : 'lost';",
    replace: "return record?.seq !== 0 ? 'applied' : 'lost';",
    caughtBy: ['simulation', `${ENGINE} [ENG8]`],
  },
  {
    name: 'retry-elsewhere-taken-for-applied',
    breaks: ['ENG8', 'ENG15', 'ENG16'],
    says: 'What another node made of the same command is taken for the change whose outcome is unknown.',
    file: 'src/engine/settle.ts',
    find: "return record?.seq === entry.seq && record.at === entry.at ? 'applied' : 'lost';",
    replace: "return record?.seq === entry.seq ? 'applied' : 'lost';",
    caughtBy: ['simulation', `${ENGINE} [ENG8]`],
  },
  {
    name: 'mailbox-open-while-unknown',
    breaks: ['ENG9'],
    says: 'The next message is taken while the outcome of the last one is unknown.',
    file: TRANSACTOR,
    find: '          await committer.settleUnknown(attempt, kind);\n',
    replace: '          void committer.settleUnknown(attempt, kind);\n',
    caughtBy: ['simulation', `${ENGINE} [ENG9]`],
  },
  {
    name: 'answered-before-stored',
    breaks: ['I4', 'ENG8'],
    says: 'The sender is told that it was stored before the store has said so.',
    file: COMMITTER,
    find: '    const outcome = await store.commit(change);\n',
    replace: `    const outcome: CommitOutcome = { outcome: 'committed' };
    store.commit(change).catch(() => {});
`,
    caughtBy: ['simulation', `${ENGINE} [ENG8]`],
  },
  {
    name: 'lost-race-published',
    breaks: ['ENG16', 'ENG19', 'I6'],
    says: 'A step that lost its race moves the live actor and is published all the same.',
    file: COMMITTER,
    find: "if (outcome.outcome === 'committed') finish(decision, change);",
    replace: "if (outcome.outcome !== 'unknown') finish(decision, change);",
    caughtBy: ['simulation', `${ENGINE} [ENG19]`],
  },
  {
    name: 'not-after-dropped',
    breaks: ['ENG11', 'I8'],
    says: 'An accept is not bound by the time at which its offer closes in the database.',
    file: CHANGE,
    find: 'const notAfter = kind.notAfter(before, event);',
    replace: 'const notAfter = undefined;',
    caughtBy: ['simulation', `${ENGINE} [ENG11]`],
  },
  {
    name: 'not-before-dropped',
    breaks: ['ENG12', 'I8'],
    says: 'A node whose clock is ahead expires an offer before its time.',
    file: CHANGE,
    find: '    ...(decision.notBefore === undefined ? {} : { notBefore: decision.notBefore }),\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG12]`],
  },
  {
    name: 'wake-not-stored',
    breaks: ['I13', 'ENG12'],
    says: 'The instant at which an actor must be woken is known to the committing node alone.',
    file: CHANGE,
    find: '    ...(wakeAt === undefined ? {} : { wakeAt }),\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG12]`],
  },
  {
    name: 'busy-hold-taken-for-free',
    breaks: ['ENG10', 'I2'],
    says: 'After a clash nobody asks which holds are taken.',
    file: TRANSACTOR,
    find: 'const others = [...taken].filter(([, holder]) => holder !== id).map(([hold]) => hold);',
    replace:
      'const others = [...taken].filter(([, holder]) => holder === id).map(([hold]) => hold);',
    caughtBy: ['simulation', `${ENGINE} [ENG10]`],
  },
  {
    name: 'ended-actor-takes-more',
    breaks: ['I11', 'MCH2'],
    says: 'An actor that has ended is treated as if it had not.',
    file: 'src/engine/live-actor.ts',
    find: '  const next = machine.transition(snapshot as never, event, scope);\n',
    replace: `  const open = snapshot.status === 'done' ? { ...snapshot, status: 'active' } : snapshot;
  const next = machine.transition(open as never, event, scope);
`,
    caughtBy: ['simulation', `${ENGINE} [I11]`],
  },
  {
    name: 'foreign-commit-not-evicting',
    breaks: ['ENG18'],
    says: 'What another node did to an actor leaves the cached one as it was.',
    file: CREATE,
    find: '      if ((cache.get(key)?.seq ?? seq) < seq) cache.evict(key);\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG18]`],
  },
  {
    name: 'newest-version-regardless',
    breaks: ['ENG22'],
    says: 'A new actor takes the newest machine version though a live node lacks it.',
    file: 'src/engine/membership.ts',
    find: 'return Math.min(kind.currentVersion, ...carried);',
    replace: 'return Math.max(kind.currentVersion, ...carried);',
    caughtBy: ['tests/engine/versions.test.ts [ENG22]'],
  },
  {
    name: 'mailbox-without-bound',
    breaks: ['ENG1', 'I14'],
    says: 'Messages wait in any number.',
    file: 'src/engine/mailbox.ts',
    find: 'if (box.length >= perActor || depth >= total) {',
    replace: 'if (box.length < 0) {',
    caughtBy: ['tests/engine/mailbox.test.ts [ENG1]'],
  },
  {
    name: 'mailbox-forgets-no-failure',
    breaks: ['ENG1', 'I14'],
    says: 'The place of a message that failed is never given back.',
    file: 'src/engine/mailbox.ts',
    find: 'box.tail = done.then(leave, leave);',
    replace: 'box.tail = done.then(leave, () => {});',
    caughtBy: ['tests/engine/mailbox.test.ts [ENG1]'],
  },
];
