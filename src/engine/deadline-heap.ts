/** A key and when it is due. */
interface Deadline {
  key: string;
  at: number;
}

export interface DeadlineHeap {
  /** Sets the instant of a key, replacing an earlier one. Ignored when full and later than all others. */
  set(key: string, at: number): void;
  has(key: string): boolean;
  /** The earliest instant, or undefined. */
  peek(): number | undefined;
  /** Removes and gives up to `limit` keys that are due at `now`, earliest first. */
  takeDue(now: number, limit: number): string[];
  /** Keys with an instant. */
  readonly size: number;
  /** What is in memory, replaced instants among it: at most twice the keys and a few. */
  readonly entries: number;
}

/** A bounded binary heap of instants, one per key; replaced entries are dropped when they surface. */
export function createDeadlineHeap(max = 100_000): DeadlineHeap {
  const current = new Map<string, number>();
  let heap: Deadline[] = [];

  const isLive = (entry: Deadline) => current.get(entry.key) === entry.at;

  return {
    set(key, at) {
      if (current.get(key) === at) return;
      // The sweep of the store finds what is not kept here.
      if (current.size >= max && !current.has(key)) return;
      current.set(key, at);
      push({ key, at });
      if (heap.length > 2 * current.size + 64) rebuild();
    },
    has: (key) => current.has(key),
    peek() {
      while (heap[0] && !isLive(heap[0])) pop();
      return heap[0]?.at;
    },
    takeDue(now, limit) {
      const due: string[] = [];
      while (due.length < limit && (this.peek() ?? Number.POSITIVE_INFINITY) <= now) {
        const { key } = pop() as Deadline;
        current.delete(key);
        due.push(key);
      }
      return due;
    },
    get size() {
      return current.size;
    },
    get entries() {
      return heap.length;
    },
  };

  function push(entry: Deadline) {
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (at(parent) <= entry.at) break;
      swap(i, parent);
      i = parent;
    }
  }

  function pop(): Deadline | undefined {
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    heap[0] = last;
    for (let i = 0; ; ) {
      const left = 2 * i + 1;
      const least = at(left + 1) < at(left) ? left + 1 : left;
      if (at(least) >= last.at) break;
      swap(i, least);
      i = least;
    }
    return top;
  }

  function rebuild() {
    const live = heap.filter(isLive).sort((a, b) => a.at - b.at);
    heap = live;
  }

  function at(i: number): number {
    return heap[i]?.at ?? Number.POSITIVE_INFINITY;
  }

  function swap(i: number, j: number) {
    const a = heap[i] as Deadline;
    heap[i] = heap[j] as Deadline;
    heap[j] = a;
  }
}
