import { useState } from 'preact/hooks';
import type { OrderView } from '../../../../src/protocol/orders.ts';
import { Dialog, Failure } from '../../kit/elements.tsx';
import { toast } from '../../kit/toasts.tsx';
import { useCustomer } from '../customer-context.tsx';
import { explain } from '../explain.ts';

const REASONS = ['I changed my mind', 'It takes too long', 'I ordered by mistake'] as const;

/** Says what calling off means, asks why, and tells what became of it. */
export function CancelOrder(props: { order: OrderView; storeName: string }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <button type="button" class="button danger" onClick={() => setIsAsking(true)}>
        Cancel order
      </button>
      {isAsking && <CancelDialog {...props} onClose={() => setIsAsking(false)} />}
    </>
  );
}

function CancelDialog(props: { order: OrderView; storeName: string; onClose(): void }) {
  const { order, storeName, onClose } = props;
  const { client } = useCustomer();
  const [reason, setReason] = useState<string>(REASONS[0]);
  const [other, setOther] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const isOther = reason === '';

  async function cancel(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const why = isOther ? other.trim() : reason;
      await client.command(order.orderId, { type: 'order.cancel', reason: why });
      toast('Your order is cancelled.');
      onClose();
    } catch (error) {
      setProblem(explain(error));
      setBusy(false);
    }
  }

  return (
    <Dialog title="Cancel this order?" onClose={onClose}>
      <p>
        The order ends at once, and {storeName}
        {order.driverName === undefined ? ' is' : ` and ${order.driverName} are`} told. It cannot be
        taken up again; you can place another.
      </p>
      <form class="stack" onSubmit={(event) => void cancel(event)}>
        <fieldset class="choices">
          <legend>Why?</legend>
          {[...REASONS, ''].map((text) => (
            <label key={text} class="choice">
              <input
                type="radio"
                name="reason"
                checked={reason === text}
                onChange={() => setReason(text)}
              />
              {text || 'Something else'}
            </label>
          ))}
        </fieldset>
        {isOther && (
          <label class="field">
            <span>What is it?</span>
            <input
              class="input"
              value={other}
              maxLength={200}
              required
              pattern=".*\S.*"
              onInput={(event) => setOther(event.currentTarget.value)}
            />
          </label>
        )}
        {problem && <Failure message={problem} />}
        <div class="row">
          <button type="button" class="button" onClick={onClose}>
            Keep it
          </button>
          <button type="submit" class="button danger push" disabled={busy}>
            Cancel the order
          </button>
        </div>
      </form>
    </Dialog>
  );
}
