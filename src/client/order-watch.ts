/** What a watcher of one order is told. */
export interface WatchHandlers<S, E> {
  /** The order as it now is: after the first read, and after each repair. */
  onSnapshot?(snapshot: S): void;
  /** Steps after the first snapshot, each once and in seq order; redacted ones are left out. */
  onEvent?(event: E): void;
  /** True: what was told may be out of date. False: it is up to date again. */
  onStale?(stale: boolean): void;
  /** The order cannot be watched (any longer), with the server's last word; nothing follows. */
  onLost?(error: unknown): void;
}

export interface OrderWatch<E> {
  /** A live event from the socket, in whatever order and number. */
  receive(event: E): void;
  /** Reads again what may have been missed; several at once are one. */
  resync(): void;
  /** The connection is gone, or the server fell behind: stale until the next resync. */
  suspend(): void;
  /** The last seq applied; 0 before the first snapshot. */
  seq(): number;
  stale(): boolean;
  close(): void;
}

export interface WatchDeps<S, E> {
  /** Joins and reads; tries on until it has an answer, and fails only for good. */
  read(sinceSeq: number | undefined): Promise<{ snapshot: S; events: readonly E[] }>;
  /** A step this role may not see: it counts, but is not told. */
  isRedacted(event: E): boolean;
  handlers: WatchHandlers<S, E>;
  /** Events kept while a read is under way; beyond it they are read again instead. @default 256 */
  keep?: number;
  /** The caller has applied up to here already: tell the events after it, instead of starting anew. */
  sinceSeq?: number;
}

/**
 * Follows one order without gap: seq n+1 is applied after n and nothing else is; what is missing is
 * read from the server. The caller starts it with `resync()`.
 */
export function createOrderWatch<S extends { seq: number }, E extends { seq: number }>(
  deps: WatchDeps<S, E>,
): OrderWatch<E> {
  const { handlers, keep = 256 } = deps;
  let applied = deps.sinceSeq;
  let early: E[] = [];
  let reading = false;
  let again = false;
  let suspended = false;
  let stale = true;
  let closed = false;

  function tellStale(now: boolean): void {
    if (stale === now) return;
    stale = now;
    handlers.onStale?.(now);
  }

  /** False when something between is missing. */
  function apply(event: E): boolean {
    if (closed || (applied !== undefined && event.seq <= applied)) return true;
    if (applied === undefined || event.seq > applied + 1) return false;
    applied = event.seq;
    if (!deps.isRedacted(event)) handlers.onEvent?.(event);
    return true;
  }

  function take(answer: { snapshot: S; events: readonly E[] }): void {
    for (const event of inOrder(answer.events)) if (!apply(event)) break;
    // An answer older than what live events have brought since says nothing new.
    if (closed || answer.snapshot.seq < (applied ?? 0)) return;
    applied = answer.snapshot.seq;
    handlers.onSnapshot?.(answer.snapshot);
  }

  async function catchUp(): Promise<void> {
    reading = true;
    tellStale(true);
    do {
      again = false;
      try {
        const answer = await deps.read(applied);
        if (closed) return;
        take(answer);
      } catch (error) {
        if (!closed) handlers.onLost?.(error);
        closed = true;
        return;
      }
      const waiting = inOrder(early);
      early = [];
      if (!waiting.every(apply)) again = true;
    } while (again && !closed);
    reading = false;
    if (!suspended && !closed) tellStale(false);
  }

  function resync(): void {
    suspended = false;
    if (closed) return;
    if (reading) again = true;
    else void catchUp();
  }

  return {
    receive(event) {
      if (closed) return;
      if (reading) {
        if (early.length < keep) early.push(event);
        else again = true;
      } else if (!apply(event)) {
        early.push(event);
        resync();
      }
    },
    resync,
    suspend() {
      if (closed) return;
      suspended = true;
      tellStale(true);
    },
    seq: () => applied ?? 0,
    stale: () => stale,
    close() {
      closed = true;
      early = [];
    },
  };
}

const inOrder = <E extends { seq: number }>(events: readonly E[]): E[] =>
  [...events].sort((a, b) => a.seq - b.seq);
