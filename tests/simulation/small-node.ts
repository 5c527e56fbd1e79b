import type { RunningEngine } from '../../src/engine/create-engine.ts';
import type { FeedHandlers, Store } from '../../src/engine/store.ts';
import type { Commit } from '../../src/engine/types.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Process, Timeline } from './timeline.ts';

export interface Operation {
  node: SmallNode;
  label: string;
  run(): Promise<unknown>;
  /** Undefined until it was applied. */
  answer: { value: unknown } | undefined;
  resolve(value: unknown): void;
  /** A change may land though its sender is dead. */
  isChange: boolean;
  /** Its answer is a choice of its own: other things may be told its node between the two. */
  isSlow: boolean;
}

export interface SmallNode {
  process: Process;
  engine: RunningEngine;
  /** Everything it was ever told: with it, its state is fixed. */
  seen: number;
  /** The first answer of two that are waited for together. */
  half: string | undefined;
  stream: { handlers: FeedHandlers | undefined; waiting: Commit[] };
}

/** The store of one node of a small world: what decides anything is an operation that waits to be chosen. */
export function connectTo(
  node: SmallNode,
  deps: {
    database: SimulatedDatabase;
    timeline: Timeline;
    operations: Operation[];
    /** Nothing is a choice now: everything happens at once. */
    isFree(): boolean;
  },
): Store {
  const { reads, writes } = deps.database;
  /** It decides what becomes of orders: its request and its answer are choices. */
  const choose = <T>(
    label: string,
    run: () => Promise<T>,
    { isChange = false, isSlow = false }: { isChange?: boolean; isSlow?: boolean } = {},
  ): Promise<T> =>
    deps.isFree()
      ? run()
      : new Promise((resolve) => {
          const settle = resolve as (value: unknown) => void;
          const more = { isChange, isSlow, answer: undefined, resolve: settle };
          deps.operations.push({ node, label, run, ...more });
        });
  /** It decides nothing, or finds again later what it missed: it happens at once. */
  const atOnce = async <T>(label: string, run: () => Promise<T>): Promise<T> => {
    const value = await run();
    note(node, label, value);
    return value;
  };
  return {
    load: (kind, id) => choose(`load ${id}`, () => reads.load(kind, id), { isSlow: true }),
    readSeq: (kind, id) => choose(`readSeq ${id}`, () => reads.readSeq(kind, id)),
    loadCommands: (kind, id, limit) =>
      choose(`loadCommands ${id}`, () => reads.loadCommands(kind, id, limit)),
    findCommand: (kind, id, commandId) =>
      choose(`findCommand ${id}`, () => reads.findCommand(kind, id, commandId)),
    history: (kind, id, sinceSeq, limit) =>
      choose(`history ${id}`, () => reads.history(kind, id, sinceSeq, limit)),
    commit: (change) =>
      choose(
        `commit ${change.id} #${change.entry.seq} ${change.entry.event.type}`,
        () => writes.commit(change),
        { isChange: true, isSlow: true },
      ),
    heldBy: (kind, holds) => choose('heldBy', () => reads.heldBy(kind, holds)),
    defer: (kind, id, seq, wakeAt) =>
      choose(`defer ${id}`, () => writes.defer(kind, id, seq, wakeAt), {
        isChange: true,
        isSlow: true,
      }),
    due: (kind, before, limit) => atOnce('due', () => reads.due(kind, before, limit)),
    dueOutbox: (kind, before, limit) =>
      atOnce('dueOutbox', () => reads.dueOutbox(kind, before, limit)),
    pullEffect: (kind, id, effectId) =>
      atOnce('pullEffect', () => writes.pullEffect(kind, id, effectId)),
    retryEffect: (kind, id, effectId, dueAt, tries) =>
      atOnce('retryEffect', () => writes.retryEffect(kind, id, effectId, dueAt, tries)),
    heartbeat: (info, freshMs) => atOnce('heartbeat', () => writes.heartbeat(info, freshMs)),
    nodes: (freshMs) => atOnce('nodes', () => reads.nodes(freshMs)),
    now: () => reads.now(),
    findByHolds: (kind, holds) => reads.findByHolds(kind, holds),
    list: (kind, where, page) => reads.list(kind, where, page),
    countByState: (kind, where) => reads.countByState(kind, where),
    bornSince: reads.bornSince,
    scan: (kind) => reads.scan(kind),
    leave: (name) => writes.leave(name),
    async watch(handlers) {
      node.stream.handlers = handlers;
      beat();
      return async () => {
        node.stream.handlers = undefined;
      };

      function beat() {
        handlers.onHeartbeat();
        deps.timeline.after(500, beat, node.process);
      }
    },
    close: async () => {},
  };
}

export function note(node: SmallNode, what: string, value: unknown) {
  node.seen = intern(`${node.seen} ${textOf(what, value)}`);
}

export const textOf = (what: string, value: unknown): string =>
  `${what} ${typeof value === 'string' ? value : JSON.stringify(toPlain(value))}`;

/** A number for a text, the same for the same: exact, where a hash might take two worlds for one. */
const interned = new Map<string, number>();
export function intern(text: string): number {
  const known = interned.get(text);
  if (known !== undefined) return known;
  interned.set(text, interned.size + 1);
  return interned.size;
}

const toPlain = (value: unknown): unknown => (value instanceof Map ? [...value] : (value ?? null));
