import type { ActorKind } from './actor-kind.ts';
import type { Clock } from './clock.ts';
import type { Worker } from './engine.ts';
import type { Store } from './store.ts';

/** Workers under way at once; the rest wait for the next sweep. */
const MAX_WORKING = 64;
const BUSY_RETRY_MS = 250;

export interface Workbench {
  register(name: string, worker: Worker): void;
  /** Has the work of one state done; resolves when the worker has answered, or was not free. */
  hand(kind: ActorKind, id: string, seq: number, work: string): Promise<void>;
  idle(): Promise<void>;
}

/**
 * Hands the work a state asks for to its worker, outside the actor's mailbox. The worker answers
 * with an event under `ifSeq`: if the actor moved meanwhile the answer is dropped, never re-decided.
 */
export function createWorkbench(deps: {
  store: Store;
  clock: Clock;
  arm(kind: string, id: string, at: number): void;
  onError(error: unknown): void;
}): Workbench {
  const workers = new Map<string, Worker>();
  const working = new Set<Promise<void>>();

  async function run(kind: ActorKind, id: string, seq: number, work: string): Promise<void> {
    const worker = workers.get(work);
    if (!worker) throw new Error(`no worker for ${work}`);
    const actor = await deps.store.load(kind.name, id);
    if (actor?.seq !== seq) return;
    const retryAt = await worker({ kind: kind.name, id, seq, work, actor });
    if (retryAt === undefined) return;
    // The worker knows the state's next deadline, and asks for no later instant.
    if (await deps.store.defer(kind.name, id, seq, retryAt)) deps.arm(kind.name, id, retryAt);
  }

  return {
    register(name, worker) {
      workers.set(name, worker);
    },
    async hand(kind, id, seq, work) {
      if (working.size >= MAX_WORKING) {
        deps.arm(kind.name, id, deps.clock.now() + BUSY_RETRY_MS);
        return;
      }
      const job = run(kind, id, seq, work);
      working.add(job);
      try {
        await job;
      } finally {
        working.delete(job);
      }
    },
    idle: async () => {
      await Promise.allSettled(working);
    },
  };
}
