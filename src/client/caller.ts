import type { Answers, Requests } from '../protocol/messages.ts';
import { type RefusalBody, toCallError } from './call-error.ts';
import type { ClockSync } from './clock-sync.ts';
import { createGate, type Persistence, persist } from './persist.ts';
import { aboutMessage, type Recording } from './record.ts';
import type { RetryPolicy } from './retry.ts';
import type { Transport } from './transport.ts';

/**
 * Sends one message until it is answered, and resolves with the answer.
 * @param retry departs from the client's policy for this call
 * @throws {CallError}
 */
export type Call = <N extends keyof Requests>(
  name: N,
  payload: Requests[N],
  retry?: Partial<RetryPolicy>,
) => Promise<Answers[N]>;

/** Calls that may be under way at once; a person's app has a few. */
const MOST_CALLS = 512;

/** Each answer also tells the server's clock, so that countdowns are true. */
export function createCaller(
  deps: Persistence & { transport: Transport; clock: ClockSync; recording: Recording },
): Call {
  const { transport, clock, timers, recording } = deps;
  const gate = createGate(MOST_CALLS);

  async function attempt(name: string, payload: unknown, timeoutMs: number): Promise<unknown> {
    const sentAt = timers.now();
    const answer = (await transport.send(name, payload, timeoutMs)) as RawAnswer;
    if (typeof answer.serverNow === 'number')
      clock.onAnswer(sentAt, answer.serverNow, timers.now());
    if (answer.ok) return answer;
    throw toCallError(answer.error);
  }

  return (name, payload, retry) => {
    const policy = { ...deps.policy, ...retry };
    return gate(name, () =>
      persist({ ...deps, policy }, name, () =>
        recording(aboutMessage(name, payload), () => attempt(name, payload, policy.ackTimeoutMs)),
      ),
    ) as Promise<Answers[typeof name]>;
  };
}

type RawAnswer = { serverNow?: number } & ({ ok: true } | { ok: false; error: RefusalBody });
