import { isDeepStrictEqual } from 'node:util';
import { orderKind } from '../../machines/order-kind.ts';
import { contextOf } from '../../machines/order-readers.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';
import type { EngineAlarm } from '../../src/engine/create-engine.ts';
import { decide, initialSnapshot, machineOf, persisted } from '../../src/engine/live-actor.ts';
import type { MemoryActor } from '../../src/engine/memory-database.ts';
import type {
  Command,
  Commit,
  JsonObject,
  PersistedSnapshot,
  Principal,
} from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import { checkStep } from '../../src/verify/check-history.ts';
import { createOrderCheck } from '../../src/verify/check-order.ts';
import type { SimulatedDatabase } from './database.ts';
import { InjectedFault } from './faults.ts';
import { checkInstants, checkStrike, createHoldsCheck, OVERDUE_MS } from './judge-steps.ts';
import { PoisonError } from './node.ts';
import type { SideCollections } from './side-collections.ts';

export interface Violation {
  /** `I3`, or a rule of docs/SPEC.md that is more precise. */
  invariant: string;
  what: string;
  /** The actor it is about, if it is about one. */
  id?: string;
}

/** What a client was told of a command: for I4 and I5. */
export interface Answered {
  kind: string;
  id: string;
  commandId: string;
  seq: number;
  result: JsonObject;
}

/** A command as a node was asked to take it. */
export interface Asked {
  kind: string;
  id: string;
  commandId: string;
  command?: Command;
}

export interface Judge {
  accuse(invariant: string, what: string, id?: string): void;
  /** A majority has this step. */
  onMajority(commit: Commit, appliedAt: number): void;
  /**
   * A node is asked to take a command; what it gives is called with the code if that is refused for
   * good. `command` is absent where somebody else makes it up.
   */
  onAsked(by: Principal, call: Asked): (code: string) => void;
  /** A node acknowledged a command. */
  onAnswered(answer: Answered): void;
  /** A node's feed gave a step. */
  onFeed(node: string, commit: Commit): void;
  /** A node's feed said that steps may have been missed: the next one need not follow the last. */
  onResync(node: string): void;
  /** A node met an error that it will deal with, or a client was given one that is no refusal. */
  onError(where: string, error: unknown): void;
  onAlarm(node: string, alarm: EngineAlarm): void;
  /** Anything that time can break: called often. `calmSince`: virtual ms since when nothing stood in the way. */
  onTime(idleMs: (id: string) => number): void;
  /** Everything must have come to its end. */
  atEnd(): void;
  readonly violations: readonly Violation[];
  readonly commits: number;
}

interface Known {
  kind: ActorKind;
  seq: number;
  after: PersistedSnapshot;
  /** `after` of every step so far. */
  states: PersistedSnapshot[];
  /** Each with its seq. */
  commandIds: Map<string, number>;
  check: ReturnType<typeof createOrderCheck> | undefined;
}

/** What a node answers when the state, as it knows it, does not take the command. */
const REFUSALS_OF_THE_STATE = ['illegal_transition', 'not_found', 'offer_closed'];
/** A new primary's clock may have jumped, which a node does not notice at once. */
const CLOCKS_DIFFER_MS = 1_500;

/** Holds everything that happens in a simulated world against the invariants, as it happens. */
export function createJudge(deps: {
  database: SimulatedDatabase;
  side: SideCollections;
  poisoned: ReadonlySet<string>;
  onViolation(violation: Violation): void;
}): Judge {
  const { database, side, poisoned } = deps;
  const kinds: Record<string, ActorKind> = { order: orderKind, shift: shiftKind };
  const known = new Map<string, Known>();
  const checkHolds = createHoldsCheck();
  const answers = new Map<string, Answered>();
  const heard = new Map<string, number>();
  /** Whom each step concerns. */
  const audiences = new Map<string, string>();
  const violations: Violation[] = [];
  let commits = 0;

  function accuse(invariant: string, what: string, id?: string) {
    const violation = { invariant, what, ...(id === undefined ? {} : { id }) };
    if (violations.length < 20) violations.push(violation);
    deps.onViolation(violation);
  }

  const orders = (): MemoryActor[] => [...database.collection('order').actors.values()];
  const isAlarmOpen = (id: string, alarm: string) =>
    (side.documents.get('alarms')?.get(`${id}:${alarm}`) as { open?: boolean } | undefined)
      ?.open === true;

  return {
    accuse,
    onMajority(commit, appliedAt) {
      commits++;
      const { kind: name, id, seq, entry, snapshot } = commit;
      const kind = kinds[name] as ActorKind;
      const note = (invariant: string, what: string) => accuse(invariant, what, id);
      const machine = machineOf(kind, 1, id);
      const before = known.get(`${name}/${id}`) ?? {
        ...{ kind, seq: 0, after: initialSnapshot(machine), states: [], commandIds: new Map() },
        check: name === 'order' ? createOrderCheck() : undefined,
      };
      if (seq !== before.seq + 1) note('I6', `#${seq} follows #${before.seq}`);
      if (before.commandIds.has(entry.commandId)) note('I5', `${entry.commandId} is taken twice`);
      const after = decide(machine, before.after, entry.event);
      if (!after) {
        note('I7', `#${seq} ${entry.event.type} is not legal in ${kind.stateOf(before.after)}`);
        return;
      }
      const step = { entry, before: before.after, after };
      checkStep(kind, step, note);
      if (!isSame(persisted(machine, after), snapshot)) {
        note('I6', `#${seq} does not replay to the snapshot stored with it`);
      }
      before.check?.take(step, note);
      if (name === 'order') checkInstants(entry.event, before.after, appliedAt, note);
      if (entry.event.type === 'shift.strike') checkStrike(database, entry.event, note);
      checkHolds(name, id, after, note);
      checkWake(kind, id, seq, after, note);
      audiences.set(
        `${name}/${id}/${seq}`,
        kind.audienceOf(before.after, entry.event, after).join(', '),
      );
      known.set(`${name}/${id}`, {
        ...before,
        seq,
        after,
        states: [...before.states, after],
        commandIds: before.commandIds.set(entry.commandId, seq),
      });
    },

    onAsked(by, { kind: name, id, commandId, command }) {
      const key = `${name}/${id}`;
      const begun = known.get(key);
      const beganAt = database.now();
      return (code) => {
        const first = begun?.commandIds.get(commandId);
        if (begun && first !== undefined && first <= begun.seq && code !== 'command_mismatch') {
          accuse(
            'I5',
            `${commandId} was taken as #${first}, and its retry is refused: ${code}`,
            id,
          );
        }
        if (!begun || !command || !REFUSALS_OF_THE_STATE.includes(code)) return;
        const { kind, seq, states } = known.get(key) ?? begun;
        const isTaken = (state: PersistedSnapshot, at: number) => {
          const event = { ...command, at, by: { ...by } };
          return kind.isEntitled(state, event) && !!decide(machineOf(kind, 1, id), state, event);
        };
        const [from, to] = [beganAt - CLOCKS_DIFFER_MS, database.now() + CLOCKS_DIFFER_MS];
        const met = states.slice(begun.seq - 1, seq);
        if (met.every((state) => isTaken(state, from) && isTaken(state, to))) {
          accuse('ENG6', `${command.type} is refused as ${code}, which was true at no time`, id);
        }
      };
    },

    onAnswered(answer) {
      const { kind, id, seq, commandId, result } = answer;
      const first = answers.get(`${kind}/${id}/${commandId}`);
      if (first && (first.seq !== seq || !isSame(first.result, result))) {
        accuse('I5', `${commandId} was answered #${first.seq}, and then #${seq} or otherwise`, id);
      }
      answers.set(`${kind}/${id}/${commandId}`, answer);
      checkKept(answer);
    },

    onFeed(node, commit) {
      const { kind: name, id, seq, entry, audience } = commit;
      const key = `${node} ${name}/${id}`;
      const last = heard.get(key);
      if (last !== undefined && seq !== last + 1 && seq > last) {
        accuse('I9', `the feed of ${node} gave #${seq} after #${last}`, id);
      }
      if (last !== undefined && seq <= last)
        accuse('I9', `the feed of ${node} gave #${seq} again`, id);
      heard.set(key, seq);
      const stored = database.collection(name).actors.get(id)?.history[seq - 1];
      if (stored?.commandId !== entry.commandId || stored.at !== entry.at) {
        accuse('I9', `the feed of ${node} gave a #${seq} that no majority has`, id);
      }
      // Whoever put it into the feed: the commit itself, the stream, or the history behind a gap.
      const expected = audiences.get(`${name}/${id}/${seq}`);
      if (expected !== undefined && expected !== audience.join(', ')) {
        accuse('I10', `#${seq} is told to ${audience.join(', ')} instead of ${expected}`, id);
      }
    },

    onResync(node) {
      for (const key of heard.keys()) if (key.startsWith(`${node} `)) heard.delete(key);
    },

    onError(where, error) {
      if (error instanceof InjectedFault || error instanceof PoisonError) return;
      if (isAppError(error) && error.retryable) return;
      accuse('I14', `${where}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
    },

    onAlarm(node, { alarm, id, detail }) {
      if (alarm === 'poisoned' && poisoned.has(id)) return;
      // Faults alone make an actor fail a few times in a row; what else does is a mistake of ours.
      if (detail.includes('InjectedFault') || detail.includes('version_conflict')) return;
      if (/reach|broke|failed over|moved on|did not say/.test(detail)) return;
      accuse('I14', `${node} alarms: ${alarm}, ${detail}`, id);
    },

    onTime(idleMs) {
      const now = database.now();
      for (const order of orders()) {
        if (order.snapshot.status === 'done' || poisoned.has(order.id)) continue;
        for (const { offerId, closesAt } of contextOf(order.snapshot).offers) {
          const overdueMs = Math.min(now - closesAt, idleMs(order.id));
          if (overdueMs > OVERDUE_MS) {
            accuse(
              'I3',
              `offer ${offerId} is open ${Math.round(now - closesAt)} ms past its time`,
              order.id,
            );
          }
        }
        if (order.wakeAt !== undefined) continue;
        if (order.state !== 'pending.unassigned')
          accuse('I13', `${order.state} has no wakeAt`, order.id);
        else if (
          !isAlarmOpen(order.id, 'unassigned') &&
          !order.outbox.some(({ type }) => type === 'alarm.raise')
        ) {
          accuse('I13', 'unassigned without an open alarm', order.id);
        }
      }
    },

    atEnd() {
      for (const answer of answers.values()) checkKept(answer);
      for (const [name, kind] of Object.entries(kinds)) {
        for (const actor of database.collection(name).actors.values()) {
          const { id, outbox } = actor;
          if (outbox.length > 0) {
            accuse('ENG15', `${outbox.map(({ type }) => type).join(', ')} still to do`, id);
          }
          if (!isSame([...actor.holds].sort(), [...kind.holdsOf(actor.snapshot)].sort())) {
            accuse('I2', `holds ${actor.holds.join(', ')}; its state says otherwise`, id);
          }
        }
        for (const [hold, id] of database.collection(name).holds) {
          if (database.collection(name).actors.get(id)?.holds.includes(hold)) continue;
          accuse('I2', `${hold} is kept from everyone, and not held any more`, id);
        }
      }
      for (const order of orders()) {
        if (poisoned.has(order.id)) continue;
        if (order.snapshot.status !== 'done' && order.state !== 'pending.unassigned') {
          accuse('I13', `is still ${order.state} long after everything calmed down`, order.id);
        }
        const { alarms } = contextOf(order.snapshot);
        for (const alarm of [
          'unassigned',
          'late',
          'stalled',
          'pin_locked',
          'driver_lost',
        ] as const) {
          if (alarms.includes(alarm) !== isAlarmOpen(order.id, alarm)) {
            accuse(
              'ORD20',
              `the record of its alarm ${alarm} is ${alarms.includes(alarm) ? 'not ' : ''}open`,
              order.id,
            );
          }
        }
      }
    },

    violations,
    get commits() {
      return commits;
    },
  };

  function checkWake(
    kind: ActorKind,
    id: string,
    seq: number,
    after: PersistedSnapshot,
    note: (invariant: string, what: string) => void,
  ) {
    const stored = database.collection(kind.name).actors.get(id);
    const expected = kind.nextWakeAt(after);
    if (stored?.seq === seq && stored.wakeAt !== expected) {
      note('I13', `#${seq} is to be woken at ${stored.wakeAt} instead of ${expected}`);
    }
  }

  function checkKept({ kind, id, commandId, seq }: Answered) {
    const taken = database.collection(kind).actors.get(id)?.history[seq - 1];
    if (taken?.commandId !== commandId) {
      accuse('I4', `${commandId} was acknowledged as #${seq}, and is not there`, id);
    }
  }
}

function isSame(a: unknown, b: unknown): boolean {
  if (JSON.stringify(a) === JSON.stringify(b)) return true;
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
}
