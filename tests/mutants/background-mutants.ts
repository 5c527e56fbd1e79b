import type { Mutant } from './mutant.ts';

const ENGINE = 'tests/engine/engine.test.ts';
const SCHEDULER = 'src/engine/scheduler.ts';
const FEED = 'src/engine/committed-feed.ts';
const OUTBOX = 'src/engine/outbox.ts';

/** Faults in what nobody sends: deadlines, effects, the feed. */
export const BACKGROUND_MUTANTS: readonly Mutant[] = [
  {
    name: 'timer-not-armed',
    breaks: ['ENG12'],
    says: 'The committing node arms no timer, and the sweep comes later.',
    file: 'src/engine/create-engine.ts',
    find: '      if (wakeAt !== undefined) scheduler.arm(kind, id, wakeAt);\n',
    replace: '',
    healedBy:
      'the sweep looks two seconds ahead and arms it: 0.1 s late, or 4 s where its node is gone',
    caughtBy: [`${ENGINE} [ENG12]`],
  },
  {
    name: 'timer-not-re-armed',
    breaks: ['ENG12'],
    says: 'A timer that finds nothing due is not set again.',
    file: 'src/engine/create-engine.ts',
    find: '    scheduler.arm(kind.name, id, Math.max(woken.nextAt, clock.now() + REARM_MS));\n',
    replace: '',
    healedBy: 'the sweep finds it again within 1.25 s, ahead of its instant or after it',
    caughtBy: [`${ENGINE} [ENG12]`],
  },
  {
    name: 'overdue-not-swept',
    breaks: ['ENG12', 'I3'],
    says: 'The sweep arms what will be due and passes over what already is.',
    file: SCHEDULER,
    find: '      under.push(wake(key));\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG12]`],
  },
  {
    name: 'poisoned-not-deferred',
    breaks: ['ENG13'],
    says: 'An actor whose due event fails is tried again at every sweep.',
    file: SCHEDULER,
    find: '      if (await store.defer(kind, id, stored.seq, at)) arm(kind, id, at);\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG13]`],
  },
  {
    name: 'poisoned-ends-the-sweep',
    breaks: ['ENG13', 'I14'],
    says: 'The failure of one actor is thrown on, and the others are not seen to.',
    file: SCHEDULER,
    find: '      await postpone(name, id, key, error);\n',
    replace: '      await postpone(name, id, key, error);\n      throw error;\n',
    caughtBy: ['simulation', `${ENGINE} [ENG13]`],
  },
  {
    name: 'effect-pulled-before-done',
    breaks: ['ENG15'],
    says: 'An effect is removed before it has run.',
    file: OUTBOX,
    find: '      const handler = deps.handlers.get(item.type);\n',
    replace: `      await store.pullEffect(kind, id, item.id).catch(deps.onError);
      const handler = deps.handlers.get(item.type);
`,
    caughtBy: ['simulation', 'tests/engine/outbox.test.ts [ENG15]'],
  },
  {
    name: 'failed-effect-forgotten',
    breaks: ['ENG15'],
    says: 'An effect that fails counts as done.',
    file: OUTBOX,
    find: `      await retryLater(kind, id, item, error);
      return;
`,
    replace: '      deps.onError(error);\n',
    caughtBy: ['simulation', 'tests/engine/outbox.test.ts [ENG15]'],
  },
  {
    name: 'feed-gap-skipped',
    breaks: ['ENG16', 'I9'],
    says: 'A step that the stream did not bring is left out.',
    file: FEED,
    find: 'if (before !== undefined && commit.seq > before + 1) {',
    replace: 'if (before !== undefined && commit.seq < 0) {',
    caughtBy: ['simulation', `${ENGINE} [ENG16]`],
  },
  {
    name: 'feed-out-of-order',
    breaks: ['ENG16', 'I9'],
    says: 'Steps that come while a gap is filled overtake those that fill it.',
    file: FEED,
    find: '      waiting.push(commit);\n',
    replace: '      emit(key, commit);\n',
    caughtBy: ['simulation', 'tests/engine/committed-feed.test.ts [ENG16]'],
  },
  {
    name: 'expected-taken-for-heard',
    breaks: ['ENG16', 'I9'],
    says: 'A step that the node has read of, and its stream not yet brought, counts as told.',
    file: FEED,
    find: 'expected.set(key, seq);',
    replace: 'lastSeen.set(key, seq);',
    caughtBy: ['tests/engine/committed-feed.test.ts [ENG16]'],
  },
  {
    name: 'second-gap-skipped',
    breaks: ['ENG16', 'I9'],
    says: 'Steps that waited for a gap to be filled are told though there is another gap among them.',
    file: FEED,
    find: '(a, b) => a.seq - b.seq)) take(each);',
    replace: '(a, b) => a.seq - b.seq)) if (each.seq > (lastSeen.get(key) ?? 0)) emit(key, each);',
    caughtBy: ['tests/engine/committed-feed.test.ts [ENG16]'],
  },
  {
    name: 'feed-tells-twice',
    breaks: ['ENG16', 'I9'],
    says: "The node's own steps are told again when the stream brings them.",
    file: FEED,
    find: '    if (last !== undefined && commit.seq <= last) return;\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG16]`],
  },
  {
    name: 'no-resync-after-silence',
    breaks: ['ENG17', 'I9'],
    says: 'When the database is heard of again nobody is told to read again.',
    file: FEED,
    find: '    if (!value) for (const listener of listeners) listener.onResync?.();\n',
    replace: '',
    caughtBy: ['simulation', `${ENGINE} [ENG17]`],
  },
  {
    name: 'heap-without-bound',
    breaks: ['I14'],
    says: 'Replaced deadlines stay in the heap for ever.',
    file: 'src/engine/deadline-heap.ts',
    find: '      if (heap.length > 2 * current.size + 64) rebuild();\n',
    replace: '',
    caughtBy: ['tests/engine/deadline-heap.test.ts [I14]'],
  },
];
