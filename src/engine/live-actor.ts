import {
  type AnyActor,
  type AnyActorScope,
  type AnyStateMachine,
  createActor,
  createEmptyActor,
  type Snapshot,
} from 'xstate';
import { AppError } from '../errors.ts';
import type { ActorKind } from './actor-kind.ts';
import type { Store } from './store.ts';
import type { ActorEvent, PersistedSnapshot } from './types.ts';

/**
 * An actor in memory: a cache of what the store has at `seq`, never the truth itself.
 * A live XState actor holds the state; whoever finds `seq` moved throws the whole thing away.
 */
export interface LiveActor {
  kind: ActorKind;
  id: string;
  /** 0: not born yet. */
  seq: number;
  machineVersion: number;
  machine: AnyStateMachine;
  actor: AnyActor;
  /** Every command taken so far, so that a command that is not here is new without asking. */
  commandIds: Set<string>;
  historyBytes: number;
}

/**
 * Restores an actor from the store, or gives one in its machine's initial state when there is none.
 * @throws {AppError} wrong_version when this node does not carry the actor's machine version
 */
export async function activate(
  store: Store,
  kind: ActorKind,
  id: string,
  birthVersion: number,
): Promise<LiveActor> {
  const [stored, commands] = await Promise.all([
    store.load(kind.name, id),
    store.loadCommands(kind.name, id, Number.MAX_SAFE_INTEGER),
  ]);
  // Two reads, so a commit may fall between them. Commands ahead of the state are harmless; a state
  // ahead of its commands would take a retry for a new command.
  if (stored && commands.length < stored.seq) return activate(store, kind, id, birthVersion);
  const machineVersion = stored?.machineVersion ?? birthVersion;
  const machine = machineOf(kind, machineVersion, id);
  const actor = stored
    ? createActor(machine, {
        snapshot: restorable(machine, stored.snapshot) as Snapshot<unknown>,
        input: undefined,
      })
    : createActor(machine, { input: undefined });
  return {
    kind,
    id,
    seq: stored?.seq ?? 0,
    machineVersion,
    machine,
    actor: actor.start(),
    commandIds: new Set(commands.map((command) => command.commandId)),
    historyBytes: stored?.historyBytes ?? 0,
  };
}

/** The machine an actor runs on. @throws {AppError} wrong_version */
export function machineOf(kind: ActorKind, version: number, id: string): AnyStateMachine {
  const machine = kind.machines.get(version);
  if (machine) return machine;
  throw new AppError(
    'wrong_version',
    `${kind.name} ${id} runs on machine version ${version}; this node carries ${[...kind.machines.keys()].join(', ')}`,
  );
}

/** The present state, in the shape that the kind's readers take. */
export const snapshotOf = (live: LiveActor): PersistedSnapshot => live.actor.getSnapshot();

/**
 * The state after `event`, or undefined when the machine does not take it.
 * Pure: the live actor has not moved. Throws what a guard or an assign throws.
 */
export function decide(
  machine: AnyStateMachine,
  snapshot: PersistedSnapshot,
  event: ActorEvent,
): PersistedSnapshot | undefined {
  const next = machine.transition(snapshot as never, event, scope);
  return next === (snapshot as unknown) ? undefined : (next as unknown as PersistedSnapshot);
}

/** What is stored of a snapshot, and restores it. */
export function persisted(
  machine: AnyStateMachine,
  snapshot: PersistedSnapshot,
): PersistedSnapshot {
  const { children, historyValue, output, error, ...rest } = machine.getPersistedSnapshot(
    snapshot as never,
  ) as PersistedSnapshot;
  return { ...rest, ...(output === undefined ? {} : { output }) };
}

/** A stored snapshot as XState takes it; throws where the machine does not know the state. */
export function restorable(machine: AnyStateMachine, stored: PersistedSnapshot): PersistedSnapshot {
  // createActor would come back in status `error` instead of throwing; resolveState throws.
  machine.resolveState({
    value: stored.value as never,
    context: stored.context,
  });
  return { ...stored, children: {}, historyValue: {} };
}

/** The state every new actor starts from. */
export const initialSnapshot = (machine: AnyStateMachine): PersistedSnapshot =>
  machine.getInitialSnapshot(scope, undefined) as unknown as PersistedSnapshot;

// One inert scope for all decisions: `transition()` would make an actor per call, six times slower.
const self = createEmptyActor();
const scope: AnyActorScope = {
  self,
  id: '',
  sessionId: '',
  logger: () => {},
  defer: () => {},
  system: self.system,
  stopChild: () => {},
  emit: () => {},
  actionExecutor: () => {},
};
