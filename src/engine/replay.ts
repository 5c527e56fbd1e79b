import type { ActorKind } from './actor-kind.ts';
import { decide, initialSnapshot, machineOf, persisted } from './live-actor.ts';
import type { HistoryEntry, PersistedSnapshot } from './types.ts';

export interface ReplayStep {
  entry: HistoryEntry;
  before: PersistedSnapshot;
  after: PersistedSnapshot;
}

/**
 * Takes a history through its machine version from the initial state, one step per entry.
 * @throws Error at the first entry whose seq is not the next one or which the machine does not take
 */
export function* replay(
  kind: ActorKind,
  id: string,
  machineVersion: number,
  history: Iterable<HistoryEntry>,
): Generator<ReplayStep> {
  const machine = machineOf(kind, machineVersion, id);
  let before = initialSnapshot(machine);
  let seq = 0;
  for (const entry of history) {
    if (entry.seq !== ++seq) {
      throw new Error(`${kind.name} ${id}: entry ${seq} expected, found ${entry.seq}`);
    }
    const after = decide(machine, before, entry.event);
    if (!after) {
      throw new Error(
        `${kind.name} ${id}: entry ${seq} ${entry.event.type} is not taken in ${kind.stateOf(before)}`,
      );
    }
    yield { entry, before, after };
    before = after;
  }
}

/** A snapshot in the form the store keeps, for comparing a replay with what is stored. */
export const storedForm = (
  kind: ActorKind,
  id: string,
  machineVersion: number,
  snapshot: PersistedSnapshot,
): PersistedSnapshot => persisted(machineOf(kind, machineVersion, id), snapshot);
