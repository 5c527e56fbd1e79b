import { describe, expect, it } from '@jest/globals';
import type { Change } from '../../src/engine/store.ts';
import type { Commit, Principal } from '../../src/engine/types.ts';
import { AppError } from '../../src/errors.ts';
import { createSimulatedDatabase } from './database.ts';
import { createTimeline } from './timeline.ts';
import { createWitness } from './witness.ts';

const ann: Principal = { role: 'customer', id: 'ann' };
const clock: Principal = { role: 'system', id: 'clock' };

function open() {
  const accused: string[] = [];
  const database = createSimulatedDatabase(createTimeline());
  const witness = createWitness({ database, accuse: (rule) => accused.push(rule) });
  return { witness, database, accused };
}

const change = (seq: number, by = ann) =>
  ({
    ...{ kind: 'order', id: 'o1', expectedSeq: seq - 1 },
    entry: { seq, by, event: { type: 'order.cancel' } },
  }) as unknown as Change;
const step = (seq: number, node: string) => ({ kind: 'order', id: 'o1', seq, node }) as Commit;
const conflict = { error: new AppError('version_conflict', 'moved on') };

describe('the witness of a simulated world', () => {
  it('[DST8] sees a message taken while an outcome is unknown', () => {
    const { witness, accused } = open();
    const first = change(5);
    witness.onSent('a', first);
    witness.onOutcome('a', first, 'unknown');
    witness.onSent('a', first);
    witness.onSent('a', change(5, clock));
    witness.onSent('b', change(5));
    expect(accused).toEqual([]);
    witness.onSent('a', change(5));
    expect(accused).toEqual(['ENG9']);
    witness.onRead('a', 'order', 'o1', 5);
    witness.onSent('a', change(5));
    expect(accused).toEqual(['ENG9']);
  });

  it('[DST8] sees a decision on a state that the node knew to be old', () => {
    const { witness, accused } = open();
    witness.onFeed('a', step(5, 'a'));
    witness.onSent('a', change(5));
    witness.onFeed('b', step(5, 'a'));
    witness.onActivated('b', 'order', 'o1');
    witness.onSent('b', change(5));
    expect(accused).toEqual([]);
    witness.onFeed('b', step(6, 'a'));
    witness.onSent('b', change(6));
    expect(accused).toEqual(['ENG18']);
  });

  it('[DST8] sees a conflict that is none, and an answer that was decided anew', () => {
    const { witness, database, accused } = open();
    const asked = { kind: 'order', id: 'o1' };
    const whileItMoves = witness.onAsked(asked);
    witness.onApplied(change(1));
    whileItMoves(conflict);
    witness.onAsked({ ...asked, ifSeq: 0 })(conflict);
    witness.onAsked({ ...asked, ifSeq: 1 })({ seq: 2 });
    database.isolate();
    witness.onAsked(asked)(conflict);
    database.heal();
    expect(accused).toEqual([]);
    witness.onAsked(asked)(conflict);
    witness.onAsked({ ...asked, ifSeq: 1 })(conflict);
    witness.onAsked({ ...asked, ifSeq: 1 })({ seq: 3 });
    expect(accused).toEqual(['ENG10', 'ENG10', 'ENG14']);
  });

  it('[DST8] sees an effect of no step, and an actor that is failed at again and again', () => {
    const { witness, accused } = open();
    witness.onEffectRun('a', {
      ...{ id: 'order/o1#1.0', kind: 'order', actorId: 'o1' },
      ...{ type: 'alarm.raise', payload: {}, tries: 0 },
    });
    expect(accused).toEqual(['ENG15']);
    for (let times = 0; times < 10; times++) witness.onDueFailed('a', 'o1');
    expect(accused).toEqual(['ENG15']);
    witness.onDueFailed('a', 'o1');
    expect(accused).toEqual(['ENG15', 'ENG13']);
  });
});
