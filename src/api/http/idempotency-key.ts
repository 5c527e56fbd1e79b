import type { Context } from 'koa';
import { CommandId } from '../schemas/common.ts';
import { parse } from '../schemas/parse.ts';

/** What a retry of this request is recognised by; undefined where the caller sent none. @throws {AppError} malformed */
export function idempotencyKeyOf(koa: Context): string | undefined {
  const given = koa.get('Idempotency-Key');
  return given === '' ? undefined : parse(CommandId, given);
}
