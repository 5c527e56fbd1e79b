import type { Store } from '../../engine/store.ts';
import { AppError } from '../../errors.ts';
import type { MovedOn } from '../../protocol/commands.ts';
import type { Claims } from '../auth/tokens.ts';
import type { People } from './people.ts';

/** Steps that a refusal names: enough to see who was first. */
const MOST_STEPS = 20;

/**
 * The refusal of a command that was decided on at step `ifSeq` of an order or a shift that has gone on
 * since: who did what, for operators; to others it has moved on, and by whom is not theirs to know.
 * Not retryable: sent again it would be beaten again, whoever decided on that step decides anew.
 */
export type TellMovedOn = (
  to: Pick<Claims, 'role'>,
  kind: 'order' | 'shift',
  id: string,
  ifSeq: number,
) => Promise<AppError>;

export function createMovedOn(store: Store, people: People): TellMovedOn {
  return async ({ role }, kind, id, ifSeq) => {
    if (role !== 'operator') {
      return new AppError('moved_on', `${kind} ${id} is no longer at #${ifSeq}; read it again`);
    }
    const since = await store.history(kind, id, ifSeq);
    const last = since.slice(-MOST_STEPS);
    const names = await people.names(last.map(({ by }) => by.id));
    const details: MovedOn = {
      seq: since.at(-1)?.seq ?? ifSeq,
      state: since.at(-1)?.to ?? '',
      steps: last.map(({ seq, at, event, by: { role, id } }) => ({
        ...{ seq, at, type: event.type },
        by: { role, id, ...(names[id] === undefined ? {} : { name: names[id] }) },
      })),
    };
    const by = last.at(-1)?.by;
    const who = by ? (names[by.id] ?? `${by.role} ${by.id}`) : 'somebody';
    return new AppError(
      'moved_on',
      `${who} was first: ${kind} ${id} is at #${details.seq} (${details.state}), not at #${ifSeq}`,
      { details: { ...details } },
    );
  };
}
