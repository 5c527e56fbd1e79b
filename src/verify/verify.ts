import type { ActorKind } from '../engine/actor-kind.ts';
import type { Store, StoredActor } from '../engine/store.ts';
import type { HistoryEntry } from '../engine/types.ts';
import { checkHistory } from './check-history.ts';
import { checkOrder } from './check-order.ts';
import { createHoldLedger } from './hold-ledger.ts';

/** An actor with everything the database has of it. */
export type WholeActor = StoredActor & { history: HistoryEntry[]; holds: string[] };

/** The invariants of docs/SPEC.md that a database can be held against. */
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
} as const;
export type Invariant = keyof typeof CHECKED;

export interface Violation {
  invariant: Invariant;
  kind: string;
  id: string;
  what: string;
}

/** A command that a client saw acknowledged: for I4. */
export interface Acknowledged {
  kind: string;
  id: string;
  seq: number;
  commandId: string;
}

export interface Report {
  orders: number;
  shifts: number;
  offers: number;
  entries: number;
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
  acknowledged?: readonly Acknowledged[];
}): Promise<Report> {
  const { store } = deps;
  const report: Report = {
    orders: 0,
    shifts: 0,
    offers: 0,
    entries: 0,
    acknowledged: deps.acknowledged?.length ?? 0,
    counts: {},
    violations: [],
  };
  const acks = new Map<string, Acknowledged[]>();
  for (const ack of deps.acknowledged ?? []) {
    const key = `${ack.kind}/${ack.id}`;
    acks.set(key, [...(acks.get(key) ?? []), ack]);
  }
  const { at: now } = await store.now();

  for (const kind of [deps.order, deps.shift]) {
    const ledger = createHoldLedger();
    for await (const actor of store.scan(kind.name)) {
      const note = noteFor(report, kind, actor.id);
      const steps = checkHistory(kind, actor, note);
      checkAcknowledged(actor, acks.get(`${kind.name}/${actor.id}`) ?? [], note);
      acks.delete(`${kind.name}/${actor.id}`);
      ledger.add(actor, steps, kind, now, (invariant, what) => note(invariant, what));
      report.entries += actor.history.length;
      if (kind === deps.order) {
        report.orders++;
        report.offers += checkOrder(actor, steps, { now, servedSince: deps.servedSince }, note);
        await checkNotStuck(actor, deps.hasOpenAlarm, note);
      } else report.shifts++;
    }
  }
  for (const [key, lost] of acks) {
    const [kind = '', id = ''] = key.split('/');
    for (const { commandId } of lost) {
      add(report, {
        invariant: 'I4',
        kind,
        id,
        what: `acknowledged ${commandId}, but no such ${kind}`,
      });
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

function checkAcknowledged(actor: WholeActor, acks: readonly Acknowledged[], note: Note) {
  const taken = new Map(actor.history.map((entry) => [entry.commandId, entry.seq]));
  for (const { commandId, seq } of acks) {
    if (taken.get(commandId) !== seq) note('I4', `acknowledged ${commandId} as #${seq}: not there`);
  }
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
