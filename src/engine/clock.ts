/** The engine's only source of time, timers, identity and chance, so that a simulation can own them. */
export interface Clock {
  /** Epoch ms by the database's clock: local monotonic time plus a measured offset. */
  now(): number;
  /** Runs `fn` once, `delayMs` (≥ 0) from now; returns a cancel. */
  after(delayMs: number, fn: () => void): () => void;
  /** Resolves after `delayMs`. */
  sleep(delayMs: number): Promise<void>;
}

export interface Ids {
  /** A new unique id (uuid v7). */
  next(): string;
}

/** Uniform in [0, 1). */
export type Random = () => number;
