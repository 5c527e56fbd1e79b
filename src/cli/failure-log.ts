import type { Log } from '../log.ts';

/** One of a kind is told at most this often. */
const TOLD_EVERY_MS = 30_000;
/** Kinds that are told apart; beyond them all begin anew. */
const MAX_KINDS = 100;

/**
 * Logs failures that are tried again, as warnings: the first of a kind whole, then one in 30 s with how
 * many were left out, so that a database that is away is not told once for everything that needs it.
 * @param now milliseconds; must never step back
 */
export function createFailureLog(
  log: Log,
  message: string,
  now: () => number = () => performance.now(),
): (error: unknown) => void {
  const told = new Map<string, { at: number; leftOut: number }>();
  return (error) => {
    const kind = kindOf(error);
    const last = told.get(kind);
    if (last && now() - last.at < TOLD_EVERY_MS) {
      last.leftOut++;
      return;
    }
    if (!last && told.size >= MAX_KINDS) told.clear();
    told.set(kind, { at: now(), leftOut: 0 });
    log.warn(
      { err: error, ...(last && last.leftOut > 0 ? { leftOut: last.leftOut } : {}) },
      message,
    );
  };
}

/** Its name and message without what differs from one to the next: ids and numbers. */
const kindOf = (error: unknown): string =>
  String(error).replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#');
