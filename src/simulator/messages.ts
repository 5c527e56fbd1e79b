import type { Outcome, Progress } from './figures.ts';

/** What a day needs to begin. */
export interface DayOrders {
  url: string;
  orders: number;
  drivers: number;
  seed: number;
  /** The server's TIME_SCALE. */
  speed: number;
  /** Told apart from other runs on the same database; part of every account. */
  runId: string;
  operator: { email: string; password: string };
  /** Where every call is written down, for `verify --calls`. */
  callsFile?: string;
}

export type ToPeople = { type: 'begin'; day: DayOrders } | { type: 'stop' };

export type FromPeople =
  | { type: 'progress'; progress: Progress }
  | { type: 'outcome'; outcome: Outcome }
  | { type: 'failed'; message: string };
