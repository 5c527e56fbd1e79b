import type { Chance } from './chance.ts';

/** What can go wrong in the simulated world. Over a few hundred seeds each must have happened. */
export const FAULT_KINDS = [
  'node crashed',
  'node crashed at an await',
  'node paused',
  'database out of reach',
  'node cut off from the database',
  'primary lost its followers',
  'commit rolled back',
  'clock jumped on a new primary',
  'commit failed before it was applied',
  'commit applied, not acknowledged',
  'commit acknowledged late',
  'commit landed after its sender gave up',
  'write failed',
  'read failed',
  'feed lagged',
  'feed lost its history',
  'feed resumed behind a gap',
  'clock skewed',
  'request lost',
  'request duplicated',
  'answer lost',
  'answer duplicated',
  'driver vanished',
  'order poisoned',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type FaultTotals = Partial<Record<FaultKind, number>>;

export interface Faults {
  /** Draws whether a fault strikes here, in `share` of all cases; counts and tells it if it does. */
  strike(kind: FaultKind, share: number): boolean;
  /** Counts what followed from another fault. */
  count(kind: FaultKind): void;
  /** From now on nothing goes wrong any more. */
  cease(): void;
  readonly totals: FaultTotals;
}

/**
 * @param spared faults that do not happen: a kind, or one occurrence of it as `kind#n` from 1. What
 *   would have struck is drawn all the same, so that the rest of the world stays as alike as can be.
 */
export function createFaults(
  chance: Chance,
  spared: ReadonlySet<string>,
  onFault: (kind: FaultKind) => void,
): Faults {
  const drawn: FaultTotals = {};
  const totals: FaultTotals = {};
  let ceased = false;

  function count(kind: FaultKind) {
    totals[kind] = (totals[kind] ?? 0) + 1;
    onFault(kind);
  }

  return {
    count,
    strike(kind, share) {
      if (ceased || !chance.isTrue(share)) return false;
      const n = (drawn[kind] ?? 0) + 1;
      drawn[kind] = n;
      if (spared.has(kind) || spared.has(`${kind}#${n}`)) return false;
      count(kind);
      return true;
    },
    cease() {
      ceased = true;
    },
    totals,
  };
}

/** What a store or a link throws because the simulation made it fail. */
export class InjectedFault extends Error {}
