import type { AnyStateMachine, AnyStateNode } from 'xstate';

export interface GraphState {
  /** Dotted, as the outside sees it: `pending.offered`. */
  path: string;
  key: string;
  type: 'atomic' | 'compound' | 'final';
  /** Path of the state around it; undefined at the top. */
  parent?: string;
  /** Where its parent, or the machine, begins. */
  initial: boolean;
}

export interface GraphTransition {
  /** Stable while the machine is: `pending.offered offer.reject 1`. */
  id: string;
  source: string;
  /** The innermost state it comes to rest in; undefined: it stays where it is. */
  target?: string;
  event: string;
  guard?: string;
  /** Its place among the source's transitions of this event: the first whose guard holds is taken. */
  index: number;
}

export interface MachineGraph {
  id: string;
  states: GraphState[];
  transitions: GraphTransition[];
}

/** A machine as a graph of states and transitions, in the order of its file, with targets resolved. */
export function machineGraph(machine: AnyStateMachine): MachineGraph {
  const nodes = below(machine.root);
  return {
    id: machine.id,
    states: nodes.map(toState),
    transitions: [machine.root, ...nodes].flatMap(transitionsOf),
  };
}

/** Dotted path of a state node; empty for the machine itself. */
export const pathOf = (node: AnyStateNode): string => node.path.join('.');

/** How people call a transition: `pending.offered offer.reject [closesLast] → pending.searching`. */
export const nameOf = ({ source, event, guard, target }: GraphTransition): string =>
  `${source} ${event}${guard ? ` [${guard}]` : ''}${target ? ` → ${target}` : ''}`;

const below = (node: AnyStateNode): AnyStateNode[] =>
  Object.values(node.states).flatMap((child) => [child, ...below(child)]);

function toState(node: AnyStateNode): GraphState {
  const { parent } = node;
  return {
    path: pathOf(node),
    key: node.key,
    type: node.type === 'final' ? 'final' : node.type === 'atomic' ? 'atomic' : 'compound',
    ...(parent && parent.path.length > 0 ? { parent: pathOf(parent) } : {}),
    initial: parent?.initial.target[0] === node,
  };
}

function transitionsOf(node: AnyStateNode): GraphTransition[] {
  return [...node.transitions].flatMap(([event, candidates]) =>
    candidates.map((candidate, index) => {
      const { guard, target } = candidate;
      return {
        id: `${pathOf(node)} ${event} ${index}`,
        source: pathOf(node),
        ...(target?.[0] ? { target: pathOf(entered(target[0])) } : {}),
        event,
        ...(guard ? { guard: guardName(guard) } : {}),
        index,
      };
    }),
  );
}

/** Where the machine comes to rest when a state is entered. */
const entered = (node: AnyStateNode): AnyStateNode => {
  const initial = node.type === 'compound' ? node.initial.target[0] : undefined;
  return initial ? entered(initial) : node;
};

const guardName = (guard: unknown): string =>
  typeof guard === 'string' ? guard : (guard as { type?: string }).type || 'guard';
