import { isDeepStrictEqual } from 'node:util';
import type { ActorKind } from '../engine/actor-kind.ts';
import { type ReplayStep, replay, storedForm } from '../engine/replay.ts';
import type { HistoryEntry } from '../engine/types.ts';
import type { Invariant, Note, WholeActor } from './verify.ts';

/** I5, I6, I7, I11 of one actor; gives the steps of its replay, up to the first that fails. */
export function checkHistory(kind: ActorKind, actor: WholeActor, note: Note): ReplayStep[] {
  const { id, history, machineVersion } = actor;
  if (history.length !== actor.seq) note('I6', `seq ${actor.seq}, ${history.length} entries`);
  const commandIds = new Set(history.map((entry) => entry.commandId));
  if (commandIds.size !== history.length) note('I5', 'a commandId is in the history twice');

  const steps: ReplayStep[] = [];
  try {
    for (const step of replay(kind, id, machineVersion, history)) {
      steps.push(step);
      checkStep(kind, step, note);
    }
  } catch (error) {
    note(brokenBy(history[steps.length], steps), (error as Error).message);
    return steps;
  }
  const last = steps.at(-1);
  if (!last) {
    note('I6', 'no history');
    return steps;
  }
  const replayed = storedForm(kind, id, machineVersion, last.after);
  if (!isDeepStrictEqual(plain(replayed), plain(actor.snapshot))) {
    note(
      'I6',
      `replay ends in ${kind.stateOf(replayed)}, not in the stored snapshot (${actor.state})`,
    );
  }
  const holds = kind.holdsOf(last.after);
  if (!isDeepStrictEqual([...holds].sort(), [...actor.holds].sort())) {
    note('I2', `holds ${actor.holds.join(', ')}; its state keeps ${holds.join(', ')}`);
  }
  return steps;
}

/** What is wrong with an entry that does not follow: its place, its coming after the end, or itself. */
function brokenBy(entry: HistoryEntry | undefined, steps: readonly ReplayStep[]): Invariant {
  if (entry?.seq !== steps.length + 1) return 'I6';
  return steps.at(-1)?.after.status === 'done' ? 'I11' : 'I7';
}

/** I6, I7, I11 of one step. */
export function checkStep(kind: ActorKind, { entry, before, after }: ReplayStep, note: Note) {
  if (before.status === 'done') note('I11', `#${entry.seq} ${entry.event.type} after its end`);
  if (!kind.isEntitled(before, entry.event)) {
    const { role, id } = entry.event.by;
    note('I7', `#${entry.seq} ${entry.event.type} by ${role} ${id}, who may not`);
  }
  if (kind.stateOf(before) !== entry.from || kind.stateOf(after) !== entry.to) {
    note('I6', `#${entry.seq} says ${entry.from} → ${entry.to}, replays to ${kind.stateOf(after)}`);
  }
}

/** As JSON has it: `undefined` fields and absent ones are the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
