import type { HistoryEntry } from '../engine/types.ts';
import { type Call, checkCalls, isRead, nameOf } from './check-calls.ts';
import type { Note, WholeActor } from './verify.ts';

/**
 * Holds what the clients of one actor were told against what the database has of it: what was
 * acknowledged is there, what was refused is not, no read showed more, and one order of events
 * explains all of it.
 * @param refused commands of which every attempt was refused for good, by commandId
 */
export function checkAnswers(
  actor: WholeActor,
  calls: readonly Call[],
  refused: ReadonlyMap<string, Call>,
  note: Note,
): void {
  const taken = new Map(actor.history.map((entry) => [entry.commandId, entry]));
  for (const call of calls) {
    const { outcome, commandId, seq } = call;
    if (outcome !== 'ok' || seq === undefined) continue;
    if (isRead(call)) {
      if (seq > actor.seq) note('I4', `${nameOf(call)} showed #${seq}: not there`);
    } else if (commandId === undefined || taken.get(commandId)?.seq !== seq) {
      note('I4', `${nameOf(call)} was acknowledged as #${seq}: not there`);
    }
  }
  for (const { commandId, seq, result } of actor.history) {
    const call = refused.get(commandId);
    // A wrong PIN is refused and yet taken down.
    if (call && !result.refused)
      note('I4', `${nameOf(call)} was refused (${call.code}): it is #${seq}`);
  }
  const mayBeReleased = actor.history.some(isRelease);
  for (const { what } of checkCalls(calls, { mayBeReleased })) note('DST5', what);
}

/** Takes the order from a driver, or hands it to another. */
const isRelease = ({ event, from, to }: HistoryEntry) =>
  event.type === 'order.assign' || (from.startsWith('preparing') && to.startsWith('pending'));

/** Commands of which every attempt that was made was refused, with one of them. */
export function refusedCommands(calls: readonly Call[]): Map<string, Call> {
  const refused = new Map<string, Call>();
  const open = new Set<string>();
  for (const call of calls) {
    if (call.commandId === undefined) continue;
    if (call.outcome === 'fail') refused.set(call.commandId, call);
    else open.add(call.commandId);
  }
  for (const commandId of open) refused.delete(commandId);
  return refused;
}
