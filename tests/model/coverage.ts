import type { AnyStateMachine } from 'xstate';
import {
  type GraphTransition,
  type MachineGraph,
  machineGraph,
} from '../../charts/machine-graph.ts';
import { type StampedEvent, type State, statePath } from '../../machines/common.ts';

/** A guard that was asked, and what it said. A transition without one always holds. */
export interface Asked {
  transition: GraphTransition;
  held: boolean;
}

/** What a machine looked at to decide about one event, in its order; the last that held is taken. */
export interface Decision {
  state: string;
  asked: Asked[];
  taken?: GraphTransition;
}

/** One thing a machine can do: in this innermost state, this branch of this event. */
export interface Branch {
  id: string;
  state: string;
  transition: GraphTransition;
}

/** Everything a machine can do, and how often it was seen to. */
export interface Coverage {
  readonly branches: readonly Branch[];
  /** How the machine decides about an event that its sender may send. */
  decide(before: State, event: StampedEvent): Decision;
  note(decision: Decision): void;
  /** Times by branch id, and by transition id. */
  timesOf(id: string): number;
  /** Branches never taken, by name. */
  missedBranches(): string[];
  /** Guards that never held or never failed, by name, of those given or of all. */
  missedGuards(among?: readonly GraphTransition[]): string[];
  /** Transitions whose guard was seen both ways. */
  bothWays(): GraphTransition[];
  figures(): Figures;
}

export interface Figures {
  transitions: { taken: number; of: number };
  branches: { taken: number; of: number };
  /** Guards seen both ways. */
  guards: { taken: number; of: number };
}

export function createCoverage(machine: AnyStateMachine): Coverage {
  const graph = machineGraph(machine);
  const branches = branchesOf(graph);
  const guarded = graph.transitions.filter(({ guard }) => guard !== undefined);
  const times = new Map<string, number>();
  const refused = new Set<string>();
  const count = (id: string) => times.set(id, (times.get(id) ?? 0) + 1);
  const isTaken = ({ id }: { id: string }) => times.has(id);
  const isBothWays = (transition: GraphTransition) =>
    isTaken(transition) && refused.has(transition.id);

  return {
    branches,
    decide: (before, event) => decide(machine, graph, before, event),
    note({ asked, taken, state }) {
      for (const { transition, held } of asked) if (!held) refused.add(transition.id);
      if (taken) {
        count(taken.id);
        count(branchId(state, taken));
      }
    },
    timesOf: (id) => times.get(id) ?? 0,
    missedBranches: () => branches.filter((branch) => !isTaken(branch)).map(({ id }) => id),
    missedGuards: (among = guarded) =>
      among.flatMap((transition) => [
        ...(isTaken(transition) ? [] : [`${nameOfGuard(transition)} never holds`]),
        ...(refused.has(transition.id) ? [] : [`${nameOfGuard(transition)} never fails`]),
      ]),
    bothWays: () => guarded.filter(isBothWays),
    figures: () => ({
      transitions: of(graph.transitions, isTaken),
      branches: of(branches, isTaken),
      guards: of(guarded, isBothWays),
    }),
  };
}

const of = <T>(items: readonly T[], isTaken: (item: T) => boolean) => ({
  taken: items.filter(isTaken).length,
  of: items.length,
});

/**
 * How the machine decides about an event: its state's own transitions first, then those of the
 * states around it, the first whose guard holds. A test holds this reading against XState's own.
 */
export function decide(
  machine: AnyStateMachine,
  graph: MachineGraph,
  before: State,
  event: StampedEvent,
): Decision {
  const state = statePath(before.value);
  const asked: Asked[] = [];
  if (before.status === 'done') return { state, asked };
  for (const source of [state, ...familiesOf(state)]) {
    for (const transition of graph.transitions) {
      if (transition.source !== source || transition.event !== event.type) continue;
      const held = holds(machine, transition, before, event);
      asked.push({ transition, held });
      if (held) return { state, asked, taken: transition };
    }
  }
  return { state, asked };
}

function holds(
  machine: AnyStateMachine,
  { guard }: GraphTransition,
  { context }: State,
  event: StampedEvent,
): boolean {
  if (guard === undefined) return true;
  const check = machine.implementations.guards[guard] as
    | ((args: { context: unknown; event: StampedEvent }) => boolean)
    | undefined;
  if (!check) throw new Error(`${machine.id} has no guard ${guard}`);
  return check({ context, event });
}

/** The states around a state, from the inside out. */
const familiesOf = (state: string): string[] => {
  const parts = state.split('.');
  return parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join('.'));
};

/** Each innermost state with its own transitions and, for other events, those of the states around it. */
function branchesOf({ states, transitions }: MachineGraph): Branch[] {
  return states
    .filter(({ type }) => type === 'atomic')
    .flatMap(({ path: state }) => {
      const known = new Set<string>();
      return [state, ...familiesOf(state)].flatMap((source) => {
        const own = transitions.filter(
          (transition) => transition.source === source && !known.has(transition.event),
        );
        for (const { event } of own) known.add(event);
        return own.map((transition) => ({ id: branchId(state, transition), state, transition }));
      });
    });
}

export const branchId = (state: string, { event, guard, target }: GraphTransition): string =>
  `${state} · ${event}${guard ? ` [${guard}]` : ''}${target ? ` → ${target}` : ''}`;

const nameOfGuard = ({ source, event, guard }: GraphTransition): string =>
  `${source} · ${event} [${guard}]`;
