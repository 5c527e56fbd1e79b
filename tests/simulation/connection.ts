import type { Change, CommitOutcome, FeedHandlers, Store } from '../../src/engine/store.ts';
import type { Commit } from '../../src/engine/types.ts';
import type { Chance } from './chance.ts';
import type { SimulatedDatabase } from './database.ts';
import { type Faults, InjectedFault } from './faults.ts';
import type { Process, Timeline } from './timeline.ts';
import type { Witness } from './witness.ts';

/** What a process reaches the database through; faults and delays are drawn for each call. */
export interface Network {
  timeline: Timeline;
  database: SimulatedDatabase;
  witness: Witness;
  faults: Faults;
  chance: Chance;
  /** Until when (virtual ms) this process is cut off; in the past: it is not. */
  cutUntil(process: Process): number;
  /** Ends the process at once: nothing that it waits for is ever answered. */
  crash(process: Process): void;
  /** A call failed that had to do with this actor; without one, with any. */
  onDisturbed(id?: string): void;
}

type Way = 'idle' | 'read' | 'write';

/** How often each way of calling the database meets a fault, and a death of its caller. */
const RISKS = {
  idle: { fails: 0.0006, dies: 0.00004 },
  read: { fails: 0.004, dies: 0.0005 },
  write: { fails: 0.01, dies: 0.002 },
} as const;
const COMMIT_RISKS = {
  dies: 0.006,
  diesUnacknowledged: 0.006,
  failsBefore: 0.015,
  unacknowledged: 0.02,
  acknowledgedLate: 0.015,
  landsLate: 0.01,
} as const;
const HEARTBEAT_EVERY_MS = 500;

export interface Connection {
  store: Store;
  /** Any other call to the database: the request arrives, `run` happens, the answer comes back. */
  call<T>(way: Way, run: () => Promise<T>, id?: string): Promise<T>;
  stream: FeedStream;
}

/** The change stream of one process, for those who disturb it. */
export interface FeedStream {
  /** Nothing arrives before this instant, virtual ms; in order afterwards. */
  hold(until: number): void;
  /** What happens until this instant is never told; then the stream is opened anew. */
  lose(until: number, stepBeforeResync: boolean): void;
}

/** One process's connection to the simulated database. */
export function connect(network: Network, process: Process): Connection {
  const { timeline, database, witness, faults, chance } = network;
  const { reads, writes } = database;
  const stream = createStream(network, process);

  const isReachable = () => !database.isOut && network.cutUntil(process) <= timeline.now;
  /** Mostly a few ms, now and then much longer. */
  const latency = () =>
    chance.isTrue(0.93) ? chance.between(0.3, 4) : chance.between(4, 60) * chance.between(1, 4);

  function call<T>(way: Way, run: () => Promise<T>, id?: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const risks = RISKS[way];
      const fail = (what: string, afterMs = chance.between(1, 300)) => {
        network.onDisturbed(id);
        timeline.after(afterMs, () => reject(new InjectedFault(what)), process);
      };
      if (faults.strike('node crashed at an await', risks.dies)) return network.crash(process);
      const isWrite = way === 'write';
      const failing = faults.strike(isWrite ? 'write failed' : 'read failed', risks.fails);
      // A failing write may well have been applied.
      const isApplied = isWrite && failing && chance.isTrue(0.5);
      const arrive = () => {
        if (!isReachable()) return fail('the database is out of reach');
        if (failing && !isApplied) return fail('the connection broke');
        const { isolation } = database;
        void run().then(async (value) => {
          if (isApplied) return fail('the connection broke after the write');
          if (isWrite && (await isolation) === 'lost') return fail('failed over', 5);
          if (way === 'idle') resolve(value);
          else timeline.after(latency(), () => resolve(value), process);
        }, reject);
      };
      // Idle calls change nothing and are soon repeated: they are answered in the instant in which they
      // arrive, which halves the events. Any other is on its way even if its caller dies.
      if (way === 'idle') timeline.after(latency(), arrive, process);
      else timeline.after(latency(), arrive);
    });
  }

  function commit(change: Change): Promise<CommitOutcome> {
    return new Promise((resolve) => {
      const { id } = change;
      witness.onSent(process.name, change);
      const answer = (outcome: CommitOutcome, afterMs: number) => {
        const arrive = () => {
          witness.onOutcome(process.name, change, outcome.outcome);
          resolve(outcome);
        };
        timeline.after(afterMs, arrive, process);
      };
      const leaveUnknown = (what: string, afterMs = chance.between(1, 400)) => {
        network.onDisturbed(id);
        answer({ outcome: 'unknown', cause: new InjectedFault(what) }, afterMs);
      };
      const apply = () =>
        writes.commit(change).then((outcome) => {
          if (outcome.outcome === 'committed') witness.onApplied(change);
          return outcome;
        });
      if (faults.strike('node crashed at an await', COMMIT_RISKS.dies)) {
        return network.crash(process);
      }
      if (faults.strike('commit failed before it was applied', COMMIT_RISKS.failsBefore)) {
        return leaveUnknown('the connection broke before the write');
      }
      if (faults.strike('commit landed after its sender gave up', COMMIT_RISKS.landsLate)) {
        leaveUnknown('timed out');
        timeline.after(chance.between(300, 9_000), () => {
          if (!database.isOut) void apply();
        });
        return;
      }
      timeline.after(latency(), () => {
        if (!isReachable()) return leaveUnknown('the database is out of reach');
        const { isolation } = database;
        void apply().then(async (outcome) => {
          if (isolation !== undefined) {
            // It waits for a majority. Some are told early that none has been heard of.
            if (chance.isTrue(0.3)) return leaveUnknown('no majority in time');
            if ((await isolation) === 'lost') return leaveUnknown('failed over', 5);
            return answer(outcome, latency());
          }
          if (
            outcome.outcome === 'committed' &&
            faults.strike('node crashed at an await', COMMIT_RISKS.diesUnacknowledged)
          ) {
            return network.crash(process);
          }
          if (faults.strike('commit applied, not acknowledged', COMMIT_RISKS.unacknowledged)) {
            return leaveUnknown('the connection broke after the write');
          }
          const isLate = faults.strike('commit acknowledged late', COMMIT_RISKS.acknowledgedLate);
          if (isLate) network.onDisturbed(id);
          answer(outcome, isLate ? chance.between(200, 4_000) : latency());
        });
      });
    });
  }

  /** A read that tells how far the actor is. */
  async function look<T>(
    kind: string,
    id: string,
    run: () => Promise<T>,
    seqOf: (value: T) => number,
  ) {
    const value = await call('read', run, id);
    witness.onRead(process.name, kind, id, seqOf(value));
    return value;
  }

  const store: Store = {
    async load(kind, id) {
      const actor = await look(
        kind,
        id,
        () => reads.load(kind, id),
        (found) => found?.seq ?? 0,
      );
      witness.onActivated(process.name, kind, id);
      return actor;
    },
    readSeq: (kind, id) =>
      look(
        kind,
        id,
        () => reads.readSeq(kind, id),
        (seq) => seq,
      ),
    async loadCommands(kind, id, limit) {
      const commands = await call('read', () => reads.loadCommands(kind, id, limit), id);
      witness.onActivated(process.name, kind, id);
      return commands;
    },
    findCommand: (kind, id, commandId) =>
      look(
        kind,
        id,
        () => reads.findCommand(kind, id, commandId),
        (found) => found?.seq ?? 0,
      ),
    history: (kind, id, sinceSeq, limit) =>
      call('read', () => reads.history(kind, id, sinceSeq, limit), id),
    commit,
    defer: (kind, id, seq, wakeAt) => call('write', () => writes.defer(kind, id, seq, wakeAt), id),
    due: (kind, before, limit) => call('idle', () => reads.due(kind, before, limit)),
    dueOutbox: (kind, before, limit) => call('idle', () => reads.dueOutbox(kind, before, limit)),
    // Acknowledged by the primary alone: the answer waits for no majority, and may be rolled back.
    pullEffect: (kind, id, effectId) =>
      call('read', () => writes.pullEffect(kind, id, effectId), id),
    retryEffect: (kind, id, effectId, dueAt, tries) =>
      call('write', () => writes.retryEffect(kind, id, effectId, dueAt, tries), id),
    heldBy: (kind, holds) => call('read', () => reads.heldBy(kind, holds)),
    findByHolds: (kind, holds) => call('read', () => reads.findByHolds(kind, holds)),
    list: (kind, where, page) => call('read', () => reads.list(kind, where, page)),
    countByState: (kind, where) => call('idle', () => reads.countByState(kind, where)),
    bornSince: (kind, since, query) => reads.bornSince(kind, since, query),
    scan: (kind) => reads.scan(kind),
    now: () =>
      call('idle', async () => {
        const errorMs = chance.between(0.2, 3);
        return { at: database.now() + chance.between(-errorMs, errorMs), errorMs };
      }),
    watch: (handlers) => call('idle', async () => stream.open(handlers)),
    heartbeat: (node, freshMs) => call('idle', () => writes.heartbeat(node, freshMs)),
    nodes: (freshMs) => call('idle', () => reads.nodes(freshMs)),
    leave: (node) => call('idle', () => writes.leave(node)),
    close: async () => {},
  };
  return { store, call, stream };
}

function createStream(network: Network, process: Process) {
  const { timeline, database, chance } = network;
  let heldUntil = 0;
  let lostUntil = 0;
  let lastAt = 0;
  let handlers: FeedHandlers | undefined;
  /** A step comes first, as the opened stream's first answer may carry one, and only then the resync. */
  let resyncAfterStep = false;

  function deliver(commit: Commit) {
    if (!handlers || process.dead || timeline.now < lostUntil) return;
    const at = Math.max(lastAt, heldUntil, resumesAt(), timeline.now + chance.between(1, 40));
    lastAt = at;
    timeline.after(
      at - timeline.now,
      () => {
        // Lost while under way: the stream was broken before it arrived.
        if (timeline.now < lostUntil) return;
        handlers?.onCommit(commit);
        if (resyncAfterStep) resync();
      },
      process,
    );
  }

  const resumesAt = () => network.cutUntil(process);

  function resync() {
    resyncAfterStep = false;
    handlers?.onResync();
  }

  function beat() {
    const isHeard = !database.isOut && timeline.now >= Math.max(heldUntil, lostUntil, resumesAt());
    if (isHeard) handlers?.onHeartbeat();
    timeline.after(HEARTBEAT_EVERY_MS, beat, process);
  }

  database.onMajority(deliver);

  return {
    open(to: FeedHandlers) {
      handlers = to;
      timeline.after(HEARTBEAT_EVERY_MS, beat, process);
      return async () => {
        handlers = undefined;
      };
    },
    hold(until: number) {
      heldUntil = Math.max(heldUntil, until);
    },
    lose(until: number, stepBeforeResync: boolean) {
      lostUntil = Math.max(lostUntil, until);
      timeline.after(
        until - timeline.now,
        () => {
          if (timeline.now < lostUntil) return;
          resyncAfterStep = stepBeforeResync;
          // Without a step the resync is not waited for for long.
          timeline.after(
            stepBeforeResync ? 1_000 : 0,
            () => (resyncAfterStep || !stepBeforeResync) && resync(),
            process,
          );
        },
        process,
      );
    },
  };
}
