import type { Commit } from './types.ts';

export interface FeedListener {
  /** Every committed step, in seq order per actor. Must not throw. */
  onCommit(commit: Commit): void;
  /** True: nothing has been heard of the database for 2 s; screens must say so. False: heard again. */
  onStale?(stale: boolean): void;
  /** Steps may have been missed: whoever watches must read again. */
  onResync?(): void;
}

export interface Feed {
  subscribe(listener: FeedListener): () => void;
  readonly stale: boolean;
}
