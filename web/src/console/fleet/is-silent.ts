import type { DriverView } from '../../../../src/protocol/operators.ts';
import { seconds } from '../../kit/clock.ts';

/** Candidates are to be heard of within this. */
const FRESH_MS = 30_000;

/** True for a driver who would not be asked now: nothing is heard of the phone. */
export const isSilent = ({ seenAt }: Pick<DriverView, 'seenAt'>): boolean =>
  seenAt === undefined || seconds.value - seenAt > FRESH_MS;
