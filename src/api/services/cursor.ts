import type { ListCursor } from '../../engine/store.ts';
import { AppError } from '../../errors.ts';

/** Where the next page begins, opaque to its bearer. */
export const toCursor = ({ createdAt, id }: ListCursor): string =>
  Buffer.from(JSON.stringify([createdAt, id])).toString('base64url');

/** @throws {AppError} malformed */
export function fromCursor(text: string): ListCursor {
  try {
    const [createdAt, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof createdAt === 'number' && typeof id === 'string') return { createdAt, id };
  } catch {
    // Not ours: told below, as any other that does not fit.
  }
  throw new AppError('malformed', 'cursor: take it from nextCursor of the page before');
}
