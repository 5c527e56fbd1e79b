import type { ActorKind } from '../engine/actor-kind.ts';
import type { ReplayStep } from '../engine/replay.ts';
import type { Note, WholeActor } from './verify.ts';

/**
 * How far two actors' times for one hold may overlap. `at` is taken before the write and the index
 * decides at the write, so a hold that changes hands under load shows the sum of two delays.
 */
const TOLERANCE_MS = 5_000;

interface Holding {
  from: number;
  to: number;
  id: string;
}

/** I2 over the whole of time: who held what when, from the histories; each overlap is noted. */
export function createHoldLedger() {
  const byHold = new Map<string, Holding[]>();

  return {
    add(actor: WholeActor, steps: readonly ReplayStep[], kind: ActorKind, now: number, note: Note) {
      const since = new Map<string, number>();
      for (const { entry, after } of steps) {
        const holds = new Set(kind.holdsOf(after));
        for (const hold of holds) if (!since.has(hold)) since.set(hold, entry.at);
        for (const [hold, from] of since) {
          if (holds.has(hold)) continue;
          book(hold, { from, to: entry.at, id: actor.id }, note);
          since.delete(hold);
        }
      }
      for (const [hold, from] of since) {
        book(hold, { from, to: Math.max(now, from), id: actor.id }, note);
      }
    },
  };

  function book(hold: string, holding: Holding, note: Note) {
    const others = byHold.get(hold) ?? [];
    for (const other of others) {
      const overlapMs = Math.min(other.to, holding.to) - Math.max(other.from, holding.from);
      if (other.id !== holding.id && overlapMs > TOLERANCE_MS) {
        note('I2', `${hold} was also held by ${other.id} for ${overlapMs} ms`);
      }
    }
    others.push(holding);
    byHold.set(hold, others);
  }
}
