import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome, Progress } from '../simulator/figures.ts';
import type { DayOrders, FromPeople, ToPeople } from '../simulator/messages.ts';

/** The simulated people, in a process of their own. */
export interface DemoPeople {
  /** Resolves with the day's outcome; rejects when they could not live it to its end. */
  outcome: Promise<Outcome>;
  /** Calls the day off and waits until they are gone; idempotent. */
  stop(): Promise<void>;
}

/** What they get to say goodbye. */
const STOP_MS = 5_000;

/** Starts the people and begins the day; credentials go by message, where no process list shows them. */
export function startDemoPeople(
  day: DayOrders,
  onProgress: (progress: Progress) => void,
): DemoPeople {
  // The same extension as this file: compiled and uncompiled trees look alike.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const main = new URL(`../simulator/main.${extension}`, import.meta.url);
  const child = fork(fileURLToPath(main), [], { detached: true });
  const send = (message: ToPeople) => {
    if (child.connected) child.send(message);
  };

  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    child.on('message', (message: FromPeople) => {
      if (message.type === 'progress') onProgress(message.progress);
      else if (message.type === 'outcome') resolve(message.outcome);
      else reject(new Error(message.message));
    });
    void gone.then((code) => reject(new Error(`the simulated people ended early (${code})`)));
  });
  send({ type: 'begin', day });

  return {
    outcome,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      send({ type: 'stop' });
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await gone;
      clearTimeout(kill);
    },
  };
}
