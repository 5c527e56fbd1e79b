import { describe, expect, it } from '@jest/globals';
import type { AnyStateNode } from 'xstate';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';

// The assignments are half of the test: the compiler checks that machines give what the engine takes.
const kinds: ActorKind[] = [orderKind, shiftKind];

const nodesOf = (node: AnyStateNode): AnyStateNode[] => [
  node,
  ...Object.values(node.states).flatMap(nodesOf),
];

describe('actor kinds', () => {
  it.each(kinds)('[MCH6] $name carries the version that new actors are born with', (kind) => {
    expect([...kind.machines.keys()]).toContain(kind.currentVersion);
  });

  it.each(kinds)('[MCH1] $name keeps no timer and no child, and its events are dotted', (kind) => {
    for (const machine of kind.machines.values()) {
      const nodes = nodesOf(machine.root);
      expect(nodes.length).toBeGreaterThan(5);
      for (const node of nodes) {
        expect([node.after, node.invoke, node.always ?? []]).toEqual([[], [], []]);
        for (const type of node.ownEvents) expect(type).toMatch(/^[a-z]+\.[a-zA-Z]+$/);
      }
    }
  });
});
