/** Shapes shared by the machines: plain JSON, no imports, so that any room and any browser can use them. */

export type Role = 'customer' | 'driver' | 'operator' | 'store' | 'system';

/** Who sent an event. */
export interface Actor {
  role: Role;
  id: string;
}

/** Every event carries when (epoch ms, database clock) and by whom. */
export interface Stamp {
  at: number;
  by: Actor;
}

/** WGS 84 degrees. */
export interface Point {
  lat: number;
  lng: number;
}

/** Plain JSON: what effects and results are made of. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };
export type JsonObject = { [key: string]: Json | undefined };

/** What the readers need of a snapshot, whether live or as stored. */
export interface State {
  status: string;
  value: unknown;
  context: unknown;
}

/** An event as the engine hands it in; each kind narrows it to its own. */
export interface StampedEvent extends Stamp {
  type: string;
}

/** Dotted path of a state value: `{ pending: 'offered' }` → `pending.offered`. */
export function statePath(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(value as Record<string, unknown>)
    .map(([parent, child]) => `${parent}.${statePath(child)}`)
    .join('|');
}

/** True when `state` is `prefix` or inside it. */
export const isIn = (state: string, ...prefixes: string[]): boolean =>
  prefixes.some((prefix) => state === prefix || state.startsWith(`${prefix}.`));
