import { toCount } from '../../kit/format.ts';
import { Sheet } from '../sheet.tsx';
import type { Desk } from '../state/desk.ts';

/** Says what becomes of the work in hand before the shift ends. */
export function EndShift({ desk, onClose }: { desk: Desk; onClose(): void }) {
  const orders = desk.hand.orders.value;
  const before = orders.filter(({ pickedUpAt }) => pickedUpAt === undefined).length;
  const after = orders.length - before;
  return (
    <Sheet title="End your shift?" onClose={onClose}>
      {orders.length === 0 && <p>You carry nothing. An open offer would be taken back.</p>}
      {before > 0 && (
        <p>{toCount(before, 'order')} not picked up yet: to be given to someone else.</p>
      )}
      {after > 0 && (
        <p>
          You have the bags of {toCount(after, 'order')}. They stay yours until they are delivered,
          and the operators are told.
        </p>
      )}
      <button
        type="button"
        class="button big wide danger"
        onClick={() => {
          desk.outbox.send({ to: 'shift', name: 'shift:end' });
          onClose();
        }}
      >
        End shift
      </button>
    </Sheet>
  );
}
