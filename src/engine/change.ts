import { type LiveActor, persisted } from './live-actor.ts';
import type { Change } from './store.ts';
import type { ActorEvent, Commit, OutboxItem, PersistedSnapshot } from './types.ts';

/** How long the committing node has an effect to itself before others may run it too. */
const EFFECT_HEAD_START_MS = 2_000;

export interface Decision {
  live: LiveActor;
  before: PersistedSnapshot;
  event: ActorEvent;
  after: PersistedSnapshot;
  commandId: string;
  payloadHash: string;
  /** Set for what the passing of time means: not before this instant. */
  notBefore?: number;
}

/**
 * Everything one step leaves behind, as the one write that commits it. Nothing of it but `node` depends
 * on who builds it: two nodes that decide the same command at the same instant make the same step, with
 * effects of the same ids.
 */
export function buildChange(decision: Decision, node: string): Change {
  const { live, before, event, after, commandId, payloadHash } = decision;
  const { kind, id, machine, machineVersion, seq } = live;
  const entry = {
    seq: seq + 1,
    at: event.at,
    event,
    from: kind.stateOf(before),
    to: kind.stateOf(after),
    by: event.by,
    commandId,
    payloadHash,
    result: kind.resultOf(before, event, after),
  };
  const wakeAt = kind.nextWakeAt(after);
  const notAfter = kind.notAfter(before, event);
  const effects: OutboxItem[] = kind.effectsOf(before, event, after).map((effect, index) => ({
    id: `${kind.name}/${id}#${entry.seq}.${index}`,
    ...effect,
    dueAt: event.at + EFFECT_HEAD_START_MS,
    tries: 0,
  }));
  return {
    kind: kind.name,
    id,
    expectedSeq: seq,
    machineVersion,
    state: entry.to,
    snapshot: persisted(machine, after),
    columns: kind.columnsOf(after),
    holds: kind.holdsOf(after),
    ...(wakeAt === undefined ? {} : { wakeAt }),
    entry,
    entryBytes: JSON.stringify(entry).length,
    audience: kind.audienceOf(before, event, after),
    node,
    effects,
    ...(notAfter === undefined ? {} : { notAfter }),
    ...(decision.notBefore === undefined ? {} : { notBefore: decision.notBefore }),
  };
}

/** What the feed carries of a change that was committed. */
export const commitOf = ({ kind, id, entry, node, audience, snapshot }: Change): Commit => ({
  kind,
  id,
  seq: entry.seq,
  entry,
  node,
  audience,
  snapshot,
});
