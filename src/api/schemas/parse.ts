import type { z } from 'zod';
import { AppError } from '../../errors.ts';

/**
 * The value as the schema has it.
 * @throws {AppError} malformed, with what is wrong where
 */
export function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues
    .slice(0, 20)
    .map(({ path, message }) => ({ path: path.join('.'), message }));
  const [first] = issues;
  throw new AppError(
    'malformed',
    first ? `${first.path ? `${first.path}: ` : ''}${first.message}` : 'malformed',
    { details: { issues } },
  );
}
