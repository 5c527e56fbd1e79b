import { isCallError } from './call-error.ts';
import type { Timers } from './timers.ts';

/** One attempt of a call about an order or a shift, as it begins. Instants are by this device, ms. */
export interface Attempt {
  /** What it is about: `order/o1`. Absent: the answer says. */
  actor?: string | undefined;
  /** Role and id. */
  client: string;
  /** `read`, or the command's type. */
  does: string;
  /** Of commands: attempts under one id are one command. */
  commandId?: string | undefined;
  at: number;
}

export interface AttemptEnd {
  at: number;
  /** `unknown`: it may have happened, may yet, or never will. */
  outcome: 'ok' | 'fail' | 'unknown';
  actor?: string | undefined;
  /** Of a command: the step that took it; of a read: the last step it showed. */
  seq?: number | undefined;
  code?: string | undefined;
}

/** Told of each attempt before it is sent; what it gives is told once how the attempt ended. */
export type Recorder = (attempt: Attempt) => (end: AttemptEnd) => void;

type About = Pick<Attempt, 'actor' | 'does' | 'commandId'> & { kind: string };

/** Runs an attempt, telling the recorder, if there is one and if there is something to tell. */
export type Recording = <T>(about: About | undefined, run: () => Promise<T>) => Promise<T>;

export function createRecording(
  record: Recorder | undefined,
  timers: Timers,
  client: () => string,
): Recording {
  return async (about, run) => {
    if (!record || !about) return run();
    const { kind, ...what } = about;
    const end = record({ ...what, client: client(), at: timers.now() });
    try {
      const answer = await run();
      end({ at: timers.now(), outcome: 'ok', ...readAnswer(kind, answer as Answer) });
      return answer;
    } catch (error) {
      const code = isCallError(error) ? error.code : undefined;
      const outcome = !code || OPEN.includes(code) ? 'unknown' : 'fail';
      end({ at: timers.now(), outcome, code });
      throw error;
    }
  };
}

/** Codes that leave open whether the call took effect; an HTTP request is `offline` also when its answer is lost. */
const OPEN: readonly string[] = ['no_answer', 'offline', 'outcome_unknown', 'internal_error'];

interface Answer {
  id?: string;
  seq?: number;
  snapshot?: { seq: number };
  events?: { seq: number }[];
}

const readAnswer = (kind: string, { id, seq, snapshot, events }: Answer) => ({
  ...(id === undefined ? {} : { actor: `${kind}/${id}` }),
  seq: seq ?? snapshot?.seq ?? events?.at(-1)?.seq,
});

type Fields = { orderId?: string; commandId?: string; idempotencyKey?: string; type?: string };

/** What a socket message is about; undefined where it neither reads nor changes one order or shift. */
export function aboutMessage(name: string, payload: unknown): About | undefined {
  if (!/^(order:(place|watch|command)|offer:\w+|shift:\w+)$/.test(name)) return undefined;
  const { orderId, commandId, idempotencyKey, type } = payload as Fields;
  return {
    kind: name.startsWith('shift:') ? 'shift' : 'order',
    does: name === 'order:watch' ? 'read' : (type ?? name.replace(':', '.')),
    ...(orderId === undefined ? {} : { actor: `order/${orderId}` }),
    commandId: commandId ?? idempotencyKey,
  };
}

/** The same of an HTTP request. */
export function aboutRequest(method: string, path: string, body: unknown): About | undefined {
  const [, kind, id, part] = /^\/v1\/(order|shift)s(?:\/([^/?]+))?(?:\/(\w+))?/.exec(path) ?? [];
  const { commandId, type } = (body ?? {}) as Fields;
  if (!kind) return undefined;
  const actor = id === undefined || id === 'current' ? {} : { actor: `${kind}/${id}` };
  if (commandId !== undefined) return { kind, does: type ?? `${kind}.start`, commandId, ...actor };
  const isRead = method === 'GET' && kind === 'order' && id && (!part || part === 'history');
  return isRead ? { kind, does: 'read', ...actor } : undefined;
}
