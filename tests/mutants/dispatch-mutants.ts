import type { Mutant } from './mutant.ts';

const LOST = 'tests/dispatch/lost-drivers.test.ts';
const EFFECTS = 'tests/dispatch/effects.test.ts';

/** Faults in what becomes of drivers and their orders. */
export const DISPATCH_MUTANTS: readonly Mutant[] = [
  {
    name: 'heard-of-meanwhile-and-lost',
    breaks: ['DSP10'],
    says: 'A driver who is heard of while the sweep is under way is sent off duty all the same.',
    file: 'src/dispatch/lost-drivers.ts',
    find: '    if ((latest?.seenAt ?? 0) > seenAt) return;\n',
    replace: '',
    caughtBy: [`${LOST} [DSP10]`],
  },
  {
    name: 'back-though-off-duty-again',
    breaks: ['DSP9'],
    says: 'An order is told that its driver is back, who has gone off duty since, and waits for nobody.',
    file: 'src/dispatch/effects.ts',
    find: '      if ((await shiftStateOf(driverId)) === undefined) return;\n',
    replace: '',
    caughtBy: [`${EFFECTS} [DSP9]`],
  },
  {
    name: 'gone-though-back-again',
    breaks: ['DSP9'],
    says: 'An order is taken from a driver who has come back since.',
    file: 'src/dispatch/effects.ts',
    find: '      if ((await shiftStateOf(driverId)) !== undefined) return;\n',
    replace: '',
    caughtBy: [`${EFFECTS} [DSP9]`],
  },
];
