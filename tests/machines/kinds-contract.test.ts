import { describe, expect, it } from '@jest/globals';
import { orderKind } from '../../machines/order-kind.ts';
import { shiftKind } from '../../machines/shift-kind.ts';
import type { ActorKind } from '../../src/engine/actor-kind.ts';

// The assignments are half of the test: the compiler checks that machines give what the engine takes.
const kinds: ActorKind[] = [orderKind, shiftKind];

describe('actor kinds', () => {
  it.each(kinds)('[MCH1] $name carries the version that new actors are born with', (kind) => {
    expect([...kind.machines.keys()]).toContain(kind.currentVersion);
  });
});
