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

  const path = `/v1/orders/${orderId}/share`;

  async function attempt(act: () => Promise<void>): Promise<void> {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  }

  const share = () => attempt(async () => setShared(await client.http('POST', path, {})));

  const revoke = (link: ShareView) =>
    attempt(async () => {
      await client.http('POST', `${path}/revoke`, { path: link.path });
      setShared(undefined);
      toast('Link taken back: it shows nothing any more.');
    });

  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void share()}>
        Share
      </button>
      {problem && !shared && <Failure message={problem} />}
      {shared && (
        <ShareDialog
          shared={shared}
          busy={busy}
          problem={problem}
          onRevoke={() => void revoke(shared)}
          onClose={() => {
            setShared(undefined);
            setProblem(undefined);
          }}
        />
      )}
    </>
  );
}

function ShareDialog(props: {
  shared: ShareView;
  busy: boolean;
  problem: string | undefined;
  onRevoke(): void;
  onClose(): void;
}) {
  const { shared, busy, problem, onRevoke, onClose } = props;
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
      {problem && <Failure message={problem} />}
      <div class="row">
        <button type="button" class="button" onClick={onClose}>
          Close
        </button>
        <button type="button" class="button" disabled={busy} onClick={onRevoke}>
          Take the link back
        </button>
        <button type="button" class="button primary push" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
    </Dialog>
  );
}
