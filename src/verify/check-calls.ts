import type { Recorder } from '../client/record.ts';

/** A call as its client saw it; an attempt, where it was made more than once. Instants are of one clock: ms. */
export interface Call {
  /** What it is about: `order/o1`. Absent: only the answer could say, and none came. */
  actor?: string;
  client: string;
  /** `read`, or the command's type. */
  does: string;
  /** Of commands: calls under one id are one command. */
  commandId?: string;
  beganAt: number;
  /** Absent: no answer ever came. */
  endedAt?: number;
  /** `unknown`: it may have happened, may yet, or never will. Absent: as `unknown`. */
  outcome?: 'ok' | 'fail' | 'unknown';
  /** Of a command: the step that took it; of a read: the last step it showed. */
  seq?: number;
  code?: string;
}

export interface CallLog {
  begin: Recorder;
  readonly calls: readonly Call[];
}

/** What clients did and were told, for `checkCalls`. */
export function createCallLog(): CallLog {
  const calls: Call[] = [];
  return {
    begin({ at, actor, client, does, commandId }) {
      const call: Call = { client, does, beganAt: at };
      if (actor !== undefined) call.actor = actor;
      if (commandId !== undefined) call.commandId = commandId;
      calls.push(call);
      return (end) => {
        call.endedAt = end.at;
        call.outcome = end.outcome;
        if (end.actor !== undefined) call.actor = end.actor;
        if (end.seq !== undefined) call.seq = end.seq;
        if (end.code !== undefined) call.code = end.code;
      };
    },
    calls,
  };
}

export interface Contradiction {
  actor: string;
  what: string;
}

/** Events that take the order from the driver who carries it, so that another may accept it. */
const FREES = ['order.release', 'order.assign', 'driver.lose'];

/**
 * Holds what clients saw against each other: one order of events per actor must explain it all.
 * Every answered call says where in that order it belongs (its seq), so that nothing has to be
 * searched for: no step may be two commands, what began after another had ended may not come before
 * it, and of one order one accept succeeds, unless it was given back in between.
 * Calls without an answer may have happened or not, and contradict nothing.
 * @param mayBeReleased the system itself may have taken an order from its driver
 */
export function checkCalls(
  calls: readonly Call[],
  { mayBeReleased = true }: { mayBeReleased?: boolean } = {},
): Contradiction[] {
  return [...callsByActor(calls)].flatMap(([actor, its]) =>
    [...twice(its), ...backInTime(its), ...accepts(its, mayBeReleased)].map((what) => ({
      actor,
      what,
    })),
  );
}

/** Calls of which is known what they were about, each actor's in the order they were noted. */
export function callsByActor(calls: readonly Call[]): Map<string, Call[]> {
  const byActor = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.actor === undefined) continue;
    const its = byActor.get(call.actor);
    if (its) its.push(call);
    else byActor.set(call.actor, [call]);
  }
  return byActor;
}

type Placed = Call & { seq: number; endedAt: number };

const placed = (calls: readonly Call[]): Placed[] =>
  calls.filter((call): call is Placed => call.outcome === 'ok' && call.seq !== undefined);

export const isRead = ({ does }: Call) => does === 'read';

/** One step is one command, and one command is one step. */
function twice(calls: readonly Call[]): string[] {
  const found: string[] = [];
  const bySeq = new Map<number, Placed>();
  const byCommand = new Map<string, Placed>();
  for (const call of placed(calls)) {
    if (isRead(call) || call.commandId === undefined) continue;
    const same = bySeq.get(call.seq);
    if (same && same.commandId !== call.commandId) {
      found.push(`#${call.seq} is both ${nameOf(same)} and ${nameOf(call)}`);
    }
    bySeq.set(call.seq, call);
    const first = byCommand.get(call.commandId);
    if (first && first.seq !== call.seq) {
      found.push(`${nameOf(call)} is both #${first.seq} and #${call.seq}`);
    }
    byCommand.set(call.commandId, call);
  }
  return found;
}

/** What began after another had ended comes after it: a read shows its step, a command is a later one. */
function backInTime(calls: readonly Call[]): string[] {
  const found: string[] = [];
  const ends = placed(calls).sort((a, b) => a.endedAt - b.endedAt);
  const sent = new Set<string>();
  let ended = 0;
  let latest: Placed | undefined;
  for (const call of [...calls].sort((a, b) => a.beganAt - b.beganAt)) {
    for (let next = ends[ended]; next && next.endedAt < call.beganAt; next = ends[++ended]) {
      if (!latest || next.seq > latest.seq) latest = next;
    }
    // A command that is sent again belongs where it was taken, however long ago.
    const isRetry = call.commandId !== undefined && sent.has(call.commandId);
    if (call.commandId !== undefined) sent.add(call.commandId);
    if (!latest || isRetry || call.outcome !== 'ok' || call.seq === undefined) continue;
    const isBefore = isRead(call) ? call.seq < latest.seq : call.seq <= latest.seq;
    if (isBefore) {
      found.push(
        `${nameOf(call)} is #${call.seq}, though ${nameOf(latest)} had ended as #${latest.seq} before it began`,
      );
    }
  }
  return found;
}

function accepts(calls: readonly Call[], mayBeReleased: boolean): string[] {
  if (mayBeReleased) return [];
  // Whoever was not answered may have freed it.
  if (calls.some(({ does, outcome }) => FREES.includes(does) && outcome !== 'fail')) return [];
  const won = placed(calls).filter(({ does }) => does === 'offer.accept');
  const [first, ...more] = [...new Map(won.map((call) => [call.commandId, call])).values()];
  return first ? more.map((call) => `both ${nameOf(first)} and ${nameOf(call)} won it`) : [];
}

export const nameOf = ({ client, does, commandId }: Call): string =>
  `${client}'s ${does}${commandId === undefined ? '' : ` (${commandId})`}`;
