import { isDeepStrictEqual } from 'node:util';
import { type State, statePath } from '../../machines/common.ts';
import { isCallError } from '../../src/client/call-error.ts';
import type { HistoryEntry } from '../../src/engine/types.ts';
import { isAppError } from '../../src/errors.ts';
import type { Told } from './cover.ts';
import type { Decision } from './coverage.ts';
import type { ModelPath } from './explore.ts';

/** A step that a real order or shift took, as its history has it. */
export interface Taken {
  seq: number;
  type: string;
  to: string;
}

/** A system that a path can be walked on: whatever it takes to cause the moves, and to see what became of it. */
export interface Walkable<Move> {
  /** Causes the move; resolves with the refusal's code if it was refused. */
  perform(move: Move): Promise<string | undefined>;
  /** Its steps so far, once there are so many, or when it can no longer be expected that there will be. */
  steps(atLeast: number): Promise<Taken[]>;
  close(): Promise<void>;
}

/** The steps of a history, as paths are compared with them. */
export const takenOf = (history: readonly HistoryEntry[]): Taken[] =>
  history.map(({ seq, event, to }) => ({ seq, type: event.type, to }));

/** The code with which it was refused, by the engine or over the wire; undefined when it was not. */
export async function refusalOf(cause: Promise<unknown>): Promise<string | undefined> {
  try {
    await cause;
    return undefined;
  } catch (error) {
    if (isAppError(error) || isCallError(error)) return error.code;
    throw error;
  }
}

/** A wrong PIN is taken down, and yet refused. */
const TAKEN_AND_REFUSED = 'wrong_pin';

/** Where a walk came out otherwise than the model: the step by its number, and what was there instead. */
export class Astray extends Error {
  override readonly name = 'Astray';
}

/** What went wrong on a path: where it came out otherwise, or what broke and where. */
export function failureOf(path: string, error: unknown): string {
  if (error instanceof Astray) return error.message;
  const [, where = ''] = (error instanceof Error && /^ +(at .*)$/m.exec(error.stack ?? '')) || [];
  return `${path}: ${error}${where && ` ${where}`}`;
}

/**
 * Walks a path step by step: what the model takes is taken, with the same event to the same state;
 * what it refuses is refused, and moves nothing.
 * @returns the decisions of the model that the walk bore out
 * @throws {Astray}
 */
export async function walk<World extends Told & { state: State }, Move extends { type: string }>(
  path: ModelPath<World, Move>,
  system: Walkable<Move>,
): Promise<Decision[]> {
  const borneOut: Decision[] = [];
  let seq = 0;
  for (const { move, after } of path.steps) {
    const { last } = after;
    if (!last) throw new Error(`${move.type} is not told of`);
    const refusal = await system.perform(move);
    const isTaken = last.decision.taken !== undefined;
    if (isTaken) seq++;
    const steps = await system.steps(seq);
    const step = steps[seq - 1];
    const expected = { seq, type: last.event.type, to: statePath(after.state.value) };
    // What follows by itself from a step is the next move's business.
    const isAsExpected = isTaken
      ? !(refusal && refusal !== TAKEN_AND_REFUSED) && isDeepStrictEqual(step, expected)
      : steps.length === seq;
    if (!isAsExpected) {
      throw new Astray(
        `${nameOf(path)}: "${move.type}" ${isTaken ? `is #${seq} ${expected.type} → ${expected.to}` : 'is refused'}` +
          ` in the model; in the system ${refusal ? `it is refused: ${refusal}` : 'it is taken'}, ` +
          `and the last steps are ${steps
            .slice(-3)
            .map(({ seq, type, to }) => `#${seq} ${type} → ${to}`)
            .join(', ')}`,
      );
    }
    borneOut.push(last.decision);
  }
  return borneOut;
}

export const nameOf = <World, Move extends { type: string }>(
  path: ModelPath<World, Move>,
): string => path.steps.map(({ move }) => move.type).join(' > ');
