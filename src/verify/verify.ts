import type { ActorKind } from '../engine/actor-kind.ts';
import type { Store, StoredActor } from '../engine/store.ts';
import type { HistoryEntry } from '../engine/types.ts';
import { checkAnswers, refusedCommands } from './check-answers.ts';
import { type Call, callsByActor, nameOf } from './check-calls.ts';
import { checkHistory } from './check-history.ts';
import { checkOrder } from './check-order.ts';
import { createHoldLedger } from './hold-ledger.ts';

/** An actor with everything the database has of it. */
export type WholeActor = StoredActor & { history: HistoryEntry[]; holds: string[] };

/** The rules of docs/SPEC.md that a database can be held against. */
export const CHECKED = {
  I1: 'at most one accepted driver at a time, each hand-over in the history',
  I2: "a driver's slot and open offer belong to at most one order",
  I3: 'every offer ends exactly once, none stays open past its time',
  I4: 'every acknowledged command is in the database',
  I5: 'a commandId takes effect at most once',
  I6: 'history is 1..n and replays to the stored snapshot',
  I7: 'only legal transitions, by someone entitled',
  I11: 'a terminal actor never moves',
  I12: 'who rejected or missed an order is not offered it again',
  I13: 'nothing is stuck: a wakeAt, or an open alarm',
  DST5: 'one order of events explains what clients were told',
} as const;
export type Invariant = keyof typeof CHECKED;

export interface Violation {
  invariant: Invariant;
  kind: string;
  id: string;
  what: string;
}

export interface Report {
  orders: number;
  shifts: number;
  offers: number;
  entries: number;
  /** Calls of clients, each attempt for itself, and those of them that were answered ok. */
  calls: number;
  acknowledged: number;
  /** How many violations of each invariant; absent: none. */
  counts: Partial<Record<Invariant, number>>;
  /** The first of each invariant. */
  violations: Violation[];
}

/** Violations of one invariant kept in a report; all are counted. */
const MAX_LISTED = 100;

export type Note = (invariant: Invariant, what: string) => void;

/**
 * Holds every order and shift in the store against the invariants, one at a time, replaying each
 * history through its machine version. Reads only; safe beside a running server.
 */
export async function verify(deps: {
  store: Store;
  order: ActorKind;
  shift: ActorKind;
  /** Is there an open alarm of this kind for the order? */
  hasOpenAlarm(orderId: string, alarm: string): Promise<boolean>;
  /** Since when (epoch ms) some node has been serving without a break; undefined: none serves. */
  servedSince?: number;
  /** What clients did and were told: for I4 and DST5. */
  calls?: readonly Call[];
}): Promise<Report> {
  const { store, calls = [] } = deps;
  const report: Report = {
    orders: 0,
    shifts: 0,
    offers: 0,
    entries: 0,
    calls: calls.length,
    acknowledged: calls.filter(({ outcome }) => outcome === 'ok').length,
    counts: {},
    violations: [],
  };
  const refused = refusedCommands(calls);
  const callsOf = callsByActor(calls);
  const { at: now } = await store.now();

  for (const kind of [deps.order, deps.shift]) {
    const ledger = createHoldLedger();
    for await (const actor of store.scan(kind.name)) {
      const note = noteFor(report, kind, actor.id);
      const steps = checkHistory(kind, actor, note);
      const key = `${kind.name}/${actor.id}`;
      checkAnswers(actor, callsOf.get(key) ?? [], refused, note);
      callsOf.delete(key);
      ledger.add(actor, steps, kind, now, (invariant, what) => note(invariant, what));
      report.entries += actor.history.length;
      if (kind === deps.order) {
        report.orders++;
        report.offers += checkOrder(actor, steps, { now, servedSince: deps.servedSince }, note);
        await checkNotStuck(actor, deps.hasOpenAlarm, note);
      } else report.shifts++;
    }
  }
  for (const [key, lost] of callsOf) {
    const [kind = '', id = ''] = key.split('/');
    for (const call of lost) {
      if (call.outcome !== 'ok') continue;
      add(report, { invariant: 'I4', kind, id, what: `${nameOf(call)}: no such ${kind}` });
    }
  }
  return report;
}

const noteFor =
  (report: Report, kind: ActorKind, id: string): Note =>
  (invariant, what) =>
    add(report, { invariant, kind: kind.name, id, what });

function add({ counts, violations }: Report, violation: Violation) {
  const count = (counts[violation.invariant] ?? 0) + 1;
  counts[violation.invariant] = count;
  if (count <= MAX_LISTED) violations.push(violation);
}

/** I13. A terminal order waits for nothing; any other is woken, or somebody has been told. */
async function checkNotStuck(
  actor: WholeActor,
  hasOpenAlarm: (orderId: string, alarm: string) => Promise<boolean>,
  note: Note,
) {
  if (actor.snapshot.status === 'done' || actor.wakeAt !== undefined) return;
  if (actor.state !== 'pending.unassigned') note('I13', `${actor.state} has no wakeAt`);
  else if (
    !(await hasOpenAlarm(actor.id, 'unassigned')) &&
    // The alarm may still be on its way: it rides in the outbox.
    !actor.outbox.some(({ type }) => type === 'alarm.raise')
  ) {
    note('I13', 'unassigned without an open alarm');
  }
}
