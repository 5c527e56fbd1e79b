import { useRef, useState } from 'preact/hooks';
import type { ShareView } from '../../../../src/protocol/tracking.ts';
import { Dialog, Failure } from '../../kit/elements.tsx';
import { toDuration } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useCustomer } from '../customer-context.tsx';
import { explain } from '../explain.ts';

/** Gives the link that shows this order without an account, and says what it shows. */
export function ShareOrder({ orderId }: { orderId: string }) {
  const { client } = useCustomer();
  const [shared, setShared] = useState<ShareView>();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function ask(): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      setShared(await client.http<ShareView>('POST', `/v1/orders/${orderId}/share`, {}));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  }

  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void ask()}>
        Share
      </button>
      {problem && <Failure message={problem} />}
      {shared && <ShareDialog shared={shared} onClose={() => setShared(undefined)} />}
    </>
  );
}

function ShareDialog({ shared, onClose }: { shared: ShareView; onClose(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const link = new URL(shared.path, location.origin).href;

  async function copy(): Promise<void> {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(link);
      toast('Link copied.');
    } catch {
      toast('It is selected: copy it with your keyboard or menu.');
    }
  }

  return (
    <Dialog title="Share this order" onClose={onClose}>
      <p>
        Whoever has this link sees how far the order is and when it comes. Not your PIN, address or
        basket. It ends {toDuration(shared.afterEndMs)} after the order.
      </p>
      <label class="field">
        <span>Link</span>
        <input ref={field} class="input" readOnly value={link} />
      </label>
      <div class="row">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
        <button type="button" class="button primary push" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
    </Dialog>
  );
}
