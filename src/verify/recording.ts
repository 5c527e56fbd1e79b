import { isDeepStrictEqual } from 'node:util';
import type { ActorKind } from '../engine/actor-kind.ts';
import { type ReplayStep, replay, storedForm } from '../engine/replay.ts';
import type { HistoryEntry, PersistedSnapshot } from '../engine/types.ts';

/** One actor's whole life in a file: golden histories, incidents, exports. */
export interface Recording {
  kind: string;
  machineVersion: number;
  history: HistoryEntry[];
  holds: string[];
  snapshot: PersistedSnapshot;
}

/** The steps of a recording, by its machine version. @throws what `replay` throws */
export const stepsOf = (kind: ActorKind, { machineVersion, history }: Recording): ReplayStep[] => [
  ...replay(kind, 'recorded', machineVersion, history),
];

/**
 * What of a recording is no longer so: steps that the machine takes otherwise or not at all, senders who
 * may not send them, another end. Empty: it replays as it was.
 */
export function checkRecording(kind: ActorKind, recording: Recording): string[] {
  let steps: ReplayStep[];
  try {
    steps = stepsOf(kind, recording);
  } catch (error) {
    return [(error as Error).message];
  }
  const last = steps.at(-1);
  if (!last) return ['it has no history'];
  const end = storedForm(kind, 'recorded', recording.machineVersion, last.after);
  return [
    ...steps.flatMap((step) => wrongIn(kind, step)),
    ...(isDeepStrictEqual(plain(end), plain(recording.snapshot))
      ? []
      : [`it ends in ${kind.stateOf(end)}, and not in the recorded snapshot`]),
    ...(isDeepStrictEqual(plain(kind.holdsOf(last.after)), plain(recording.holds))
      ? []
      : [`it holds ${kind.holdsOf(last.after).join(', ')}, not ${recording.holds.join(', ')}`]),
  ];
}

function wrongIn(kind: ActorKind, { entry, before, after }: ReplayStep): string[] {
  const { seq, event, from, to, result } = entry;
  const now = `${kind.stateOf(before)} → ${kind.stateOf(after)}`;
  return [
    ...(now === `${from} → ${to}`
      ? []
      : [`#${seq} ${event.type} goes ${now}, not ${from} → ${to}`]),
    ...(isDeepStrictEqual(plain(kind.resultOf(before, event, after)), plain(result))
      ? []
      : [`#${seq} ${event.type} has another result`]),
    ...(kind.isEntitled(before, event) ? [] : [`#${seq} ${event.type} is not ${event.by.role}'s`]),
  ];
}

/** As JSON has it: `undefined` fields and absent ones are the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
