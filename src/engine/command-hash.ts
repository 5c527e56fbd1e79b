import { createHash } from 'node:crypto';
import type { Json, JsonObject } from './types.ts';

/** SHA-256 (base64url) of a command's canonical JSON: equal for equal content, whatever the key order. */
export const hashCommand = (command: JsonObject): string =>
  createHash('sha256').update(canonical(command)).digest('base64url');

function canonical(value: Json | undefined): string {
  if (value === undefined) return 'null';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(',')}}`;
}
