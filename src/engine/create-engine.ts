import { AppError } from '../errors.ts';
import { createActorCache } from './actor-cache.ts';
import type { ActorKind } from './actor-kind.ts';
import type { Clock, Ids, Random } from './clock.ts';
import { createCommittedFeed } from './committed-feed.ts';
import { createCommitter } from './committer.ts';
import { createDatabaseClock, type DatabaseClock } from './database-clock.ts';
import type { EffectHandler, Engine, SendRequest, SendResult, Worker } from './engine.ts';
import { createMailboxes } from './mailbox.ts';
import { createMembership } from './membership.ts';
import { createOutbox } from './outbox.ts';
import { createScheduler } from './scheduler.ts';
import type { Store } from './store.ts';
import { createTransactor } from './transactor.ts';
import { createWaker } from './waker.ts';
import { createWorkbench } from './workbench.ts';

/** Something an operator must know, which no machine can say of itself. */
export interface EngineAlarm {
  alarm: 'poisoned' | 'stuck_effect' | 'full';
  kind: string;
  id: string;
  detail: string;
}

export interface EngineDeps {
  store: Store;
  kinds: readonly ActorKind[];
  /** This node's own clock; the engine corrects it to the database's. */
  localClock: Clock;
  ids: Ids;
  random: Random;
  /** Unique among live nodes. */
  node: string;
  onAlarm(alarm: EngineAlarm): void;
  /** Something failed that will be tried again. */
  onError(error: unknown): void;
  /** @default 10_000 actors in memory */
  maxHotActors?: number;
  /** Compare the live actor with what was committed after every step (tests, simulation). */
  checkLive?: boolean;
}

/** What the engine is doing, for metrics and readiness. */
export interface EngineStats {
  hotActors: number;
  messages: number;
  armed: number;
  backlogMs: number;
  clockOffsetMs: number;
  clockErrorMs: number;
  nodes: string[];
}

export interface RunningEngine extends Engine {
  /** The database's clock as this node knows it; exact once started. */
  readonly clock: DatabaseClock;
  stats(): EngineStats;
}

/** A step is heard of more often than its actor is needed, and costs less to remember. */
const REMEMBERED_PER_HOT = 5;
/** Least pause before an actor that owed nothing is looked at again. */
const REARM_MS = 250;

/** Builds the engine from its ports. Nothing runs, and `send` is refused, before `start`. */
export function createEngine(deps: EngineDeps): RunningEngine {
  const { store, ids, random, node } = deps;
  const clock = createDatabaseClock(deps.localClock, () => store.now());
  const kinds = new Map(deps.kinds.map((kind) => [kind.name, kind]));
  const effects = new Map<string, EffectHandler>();
  const maxHotActors = deps.maxHotActors ?? 10_000;
  const cache = createActorCache(maxHotActors);
  const mailboxes = createMailboxes();
  const membership = createMembership({
    store,
    clock,
    node,
    kinds: deps.kinds,
  });
  const { liveNodes } = membership;
  let isOpen = false;

  const feed = createCommittedFeed({
    store,
    clock,
    kinds,
    node,
    remembered: REMEMBERED_PER_HOT * maxHotActors,
    onForeign({ kind, id, seq }) {
      const key = `${kind}/${id}`;
      if ((cache.get(key)?.seq ?? seq) < seq) cache.evict(key);
    },
    onError: deps.onError,
    onNewPrimary: () => void clock.measure().catch(deps.onError),
  });
  const scheduler = createScheduler({
    store,
    clock,
    random,
    kinds: deps.kinds,
    node,
    liveNodes,
    wake,
    onError: deps.onError,
    onPoisoned: (kind, id, error) =>
      deps.onAlarm({ alarm: 'poisoned', kind, id, detail: String(error) }),
  });
  const outbox = createOutbox({
    store,
    clock,
    random,
    kinds: [...kinds.keys()],
    node,
    liveNodes,
    handlers: effects,
    onError: deps.onError,
    onStuck: (kind, id, item, error) =>
      deps.onAlarm({
        alarm: 'stuck_effect',
        kind,
        id,
        detail: `${item.type}: ${String(error)}`,
      }),
  });
  const workbench = createWorkbench({
    store,
    clock,
    arm: scheduler.arm,
    onError: deps.onError,
  });
  const committer = createCommitter({
    store,
    clock,
    ids,
    cache,
    node,
    birthVersion: membership.birthVersion,
    onCommitting: ({ kind, id, expectedSeq }) => feed.expect(kind, id, expectedSeq),
    onCommitted(commit, change) {
      const { kind, id, wakeAt, effects: items } = change;
      if (wakeAt !== undefined) scheduler.arm(kind, id, wakeAt);
      if (items.length > 0) outbox.enqueue(kind, id, items);
      feed.publish(commit);
    },
    onFull: (kind, id) =>
      deps.onAlarm({
        alarm: 'full',
        kind,
        id,
        detail: 'the history has no room left',
      }),
    ...(deps.checkLive ? { checkLive: true } : {}),
  });
  const take = createTransactor({ store, clock, ids, committer });
  const wakeActor = createWaker({ store, clock, committer });

  function send(request: SendRequest): Promise<SendResult> {
    const kind = kinds.get(request.kind);
    if (!kind) throw new Error(`no kind ${request.kind}`);
    if (!isOpen) {
      return Promise.reject(new AppError('not_ready', 'the engine is not running; try again'));
    }
    return new Promise((resolve, reject) => {
      mailboxes
        .run(`${kind.name}/${request.id}`, () => take(kind, request, reject))
        .then((result) => result && resolve(result), reject);
    });
  }

  async function wake(kind: ActorKind, id: string): Promise<void> {
    const woken = await mailboxes.run(`${kind.name}/${id}`, () => wakeActor(kind, id));
    if (woken.need === 'work') await workbench.hand(kind, id, woken.seq, woken.work);
    if (woken.need !== 'nothing' || woken.nextAt === undefined) return;
    // It came too early, or had been deferred: look again when the state asks for it.
    scheduler.arm(kind.name, id, Math.max(woken.nextAt, clock.now() + REARM_MS));
  }

  return {
    send,
    read: (kind, id) => store.load(kind, id),
    feed,
    clock,
    onWork: (name: string, worker: Worker) => workbench.register(name, worker),
    onEffect: (type, handler) => {
      effects.set(type, handler);
    },
    stats: () => ({
      hotActors: cache.size,
      messages: mailboxes.depth,
      armed: scheduler.armed,
      backlogMs: scheduler.backlogMs,
      clockOffsetMs: clock.offset.ms,
      clockErrorMs: clock.offset.errorMs,
      nodes: [...liveNodes()],
    }),
    async start() {
      const stopClock = await clock.start();
      const leave = await membership.start();
      const closeFeed = await feed.start();
      isOpen = true;
      const stopScheduler = scheduler.start();
      const stopOutbox = outbox.start();
      return async () => {
        isOpen = false;
        stopScheduler();
        stopOutbox();
        await Promise.all([mailboxes.idle(), outbox.idle(), workbench.idle()]);
        await closeFeed();
        await leave();
        stopClock();
      };
    },
  };
}
