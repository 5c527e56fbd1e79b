import { orderKind } from '../../../machines/order-kind.ts';
import { replay } from '../../engine/replay.ts';
import type { Store, StoredActor } from '../../engine/store.ts';
import type { OrderCommit } from '../presenters/present-event.ts';

/**
 * The order's steps after `sinceSeq`, up to where `actor` was read, as the feed would have told them:
 * the history is taken through the machine again, since audience and snapshot of a step are not kept.
 */
export async function missedSteps(
  store: Store,
  actor: StoredActor,
  sinceSeq: number,
): Promise<OrderCommit[]> {
  if (sinceSeq >= actor.seq) return [];
  const history = await store.history('order', actor.id, 0);
  const missed: OrderCommit[] = [];
  for (const { entry, before, after } of replay(
    orderKind,
    actor.id,
    actor.machineVersion,
    history,
  )) {
    if (entry.seq > actor.seq) break;
    if (entry.seq <= sinceSeq) continue;
    const audience = orderKind.audienceOf(before, entry.event, after);
    missed.push({ id: actor.id, seq: entry.seq, entry, audience, snapshot: after });
  }
  return missed;
}
