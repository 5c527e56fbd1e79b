import { AppError } from '../errors.ts';

export interface Mailboxes {
  /**
   * Runs `task` when every earlier task of the same actor has settled.
   * @throws {AppError} overloaded, before anything is queued
   */
  run<T>(actor: string, task: () => Promise<T>): Promise<T>;
  /** Tasks queued or running, over all actors. */
  readonly depth: number;
  /** Resolves once nothing is queued or running. */
  idle(): Promise<void>;
}

/** One message at a time per actor on this node; refuses work rather than queueing it without end. */
export function createMailboxes({ perActor = 64, total = 10_000 } = {}): Mailboxes {
  const tails = new Map<string, { tail: Promise<unknown>; length: number }>();
  let depth = 0;
  let onIdle: (() => void)[] = [];

  return {
    run(actor, task) {
      const box = tails.get(actor) ?? { tail: Promise.resolve(), length: 0 };
      if (box.length >= perActor || depth >= total) {
        return Promise.reject(
          new AppError('overloaded', `${depth} messages are waiting; send the same command again`, {
            details: { retryAfterMs: 500 },
          }),
        );
      }
      box.length++;
      depth++;
      tails.set(actor, box);
      const done = box.tail.then(task);
      box.tail = done.then(leave, leave);
      return done;

      function leave() {
        box.length--;
        depth--;
        if (box.length === 0) tails.delete(actor);
        if (depth === 0) {
          for (const resolve of onIdle) resolve();
          onIdle = [];
        }
      }
    },
    get depth() {
      return depth;
    },
    idle: () => (depth === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
  };
}
