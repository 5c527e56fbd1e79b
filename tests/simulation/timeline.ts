/** A process of the simulated world: what is meant for it waits while it is paused, and is lost once it is dead. */
export interface Process {
  readonly name: string;
  dead: boolean;
  /** Virtual ms; in the past: it runs. */
  pausedUntil: number;
  /** Told once it is dead. */
  mourners: (() => void)[];
}

export const createProcess = (name: string): Process => ({
  ...{ name, dead: false, pausedUntil: 0, mourners: [] },
});

export function endProcess(process: Process): void {
  process.dead = true;
  for (const tell of process.mourners.splice(0)) tell();
}

/** Virtual time: nothing happens in the simulated world but what was put here. */
export interface Timeline {
  /** Virtual ms since the world began. */
  readonly now: number;
  /** Runs `fn` after `delayMs` ≥ 0, for `process` if one is given; returns a cancel. */
  after(delayMs: number, fn: () => void, process?: Process): () => void;
  /** Runs event after event, each with all that follows from it without waiting, until it is done or none is left. */
  run(isDone: () => boolean): Promise<void>;
  /** When the next event is due; Infinity: there is none. */
  readonly nextAt: number;
  /** Events run so far. */
  readonly events: number;
}

interface Entry {
  at: number;
  order: number;
  fn: (() => void) | undefined;
  process: Process | undefined;
}

/**
 * A queue of events by (time, order of arrival). Between two of them every promise that can settle has
 * settled: the code under test waits for nothing but its ports, and these answer through this queue.
 */
export function createTimeline(): Timeline {
  const heap: Entry[] = [];
  let now = 0;
  let order = 0;
  let events = 0;

  function put(at: number, fn: () => void, process: Process | undefined): Entry {
    const entry = { at, order: order++, fn, process };
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(entry, heap[parent] as Entry)) break;
      heap[i] = heap[parent] as Entry;
      i = parent;
    }
    heap[i] = entry;
    return entry;
  }

  function take(): Entry | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry))
        child++;
      if (!isBefore(heap[child] as Entry, last)) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
    return top;
  }

  return {
    get now() {
      return now;
    },
    get nextAt() {
      while (heap[0] && (!heap[0].fn || heap[0].process?.dead)) take();
      return heap[0]?.at ?? Number.POSITIVE_INFINITY;
    },
    get events() {
      return events;
    },
    after(delayMs, fn, process) {
      const entry = put(now + Math.max(0, delayMs), fn, process);
      return () => {
        entry.fn = undefined;
      };
    },
    run(isDone) {
      return new Promise((resolve, reject) => {
        // The same turn as `settled` takes, without a promise for each of some thousand events.
        const soon = () => process.nextTick(next);
        const next = () => {
          try {
            if (isDone() || !runNext()) return resolve();
          } catch (error) {
            return reject(error);
          }
          queueMicrotask(soon);
        };
        next();
      });
    },
  };

  function runNext(): boolean {
    for (;;) {
      const entry = take();
      if (!entry) return false;
      const { fn, process } = entry;
      if (!fn || process?.dead) continue;
      if (process && process.pausedUntil > entry.at) {
        // Everything that came meanwhile runs when it wakes, in the order in which it came.
        put(process.pausedUntil, fn, process);
        continue;
      }
      now = entry.at;
      events++;
      fn();
      return true;
    }
  }
}

/**
 * Resolves when no promise is left that can settle by itself: Node runs the next tick only once the
 * queue of microtasks is empty. (setImmediate says the same through a turn of the event loop, at
 * several times the price.)
 */
export const settled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

const isBefore = (a: Entry, b: Entry): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
