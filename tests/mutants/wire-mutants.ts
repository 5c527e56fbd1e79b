import type { Mutant } from './mutant.ts';

const WATCHES = 'tests/api/sockets/watches.test.ts';
const PRESENTED = 'tests/api/presenters/present-event.test.ts';

/** Faults in what people are told. */
export const WIRE_MUTANTS: readonly Mutant[] = [
  {
    name: 'redacted-step-not-sent',
    breaks: ['SOC6', 'I9'],
    says: 'A step that the watcher may not see is left out, which looks like a gap.',
    file: 'src/api/sockets/watches.ts',
    find: "    session.push('order:event', shown);\n",
    replace: "    if ('type' in shown) session.push('order:event', shown);\n",
    caughtBy: [`${WATCHES} [SOC6]`],
  },
  {
    name: 'step-lost-during-the-read',
    breaks: ['SOC7', 'I9'],
    says: 'A step that is committed while a watch is being read is dropped.',
    file: 'src/api/sockets/watches.ts',
    find: '          if (watch.held.length <= MOST_HELD) watch.held.push(commit);\n',
    replace: '',
    caughtBy: [`${WATCHES} [SOC7]`],
  },
  {
    name: 'watch-outlives-the-right-to-it',
    breaks: ['SOC8', 'I10'],
    says: 'A driver who lost the order goes on hearing of it.',
    file: 'src/api/sockets/watches.ts',
    find: '    if (!standingOf(commit.snapshot, session.viewer)) unwatch(session, commit.id);\n',
    replace: '',
    caughtBy: [`${WATCHES} [SOC8]`],
  },
  {
    name: 'stranger-told-everything',
    breaks: ['WIR2', 'I10'],
    says: 'A customer is shown the steps of orders that are not theirs.',
    file: 'src/api/presenters/present-event.ts',
    find: '      return isInAudience(commit, viewer) && concernsHousehold(commit, viewer)\n',
    replace: '      return concernsHousehold(commit, viewer)\n',
    caughtBy: [`${PRESENTED} [WIR2]`],
  },
  {
    name: 'rivals-named-to-a-driver',
    breaks: ['WIR4', 'I10'],
    says: 'A driver is shown what became of the offers to others.',
    file: 'src/api/presenters/present-event.ts',
    find: '...fatesOf(commit, (driverId) => driverId === viewer.id),',
    replace: '...fatesOf(commit, () => true),',
    caughtBy: [`${PRESENTED} [WIR4]`],
  },
];
