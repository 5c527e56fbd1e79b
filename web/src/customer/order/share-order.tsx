import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShareView } from '../../../../src/protocol/tracking.ts';
import { seconds } from '../../kit/clock.ts';
import { Dialog, Failure, Time } from '../../kit/elements.tsx';
import { toDuration } from '../../kit/format.ts';
import { toast } from '../../kit/toasts.tsx';
import { useCustomer } from '../customer-context.tsx';
import { explain } from '../explain.ts';

/** Gives the link that shows this order without an account, and says what it shows. */
export function ShareOrder({ orderId }: { orderId: string }) {
  const { shared, problem, busy, share, revoke, forget } = useLink(orderId);
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => void share()}>
        Share
      </button>
      {problem && !shared && <Failure message={problem} />}
      {shared && (
        <ShareDialog
          {...{ shared, busy, problem }}
          onRevoke={() => void revoke(shared)}
          onClose={forget}
        />
      )}
    </>
  );
}

/** Of an order that is over: until when its link still shows it, and the way to end that now. */
export function SharedOrder({ orderId }: { orderId: string }) {
  const { shared, problem, busy, share, revoke } = useLink(orderId);
  useEffect(() => void share(), []);
  if (shared?.validUntil === undefined || shared.validUntil <= seconds.value) return null;
  return (
    <>
      <div class="row actions">
        <p class="small quiet">
          Whoever was given the link to this order can look at it until{' '}
          <Time at={shared.validUntil} />.
        </p>
        <button
          type="button"
          class="button danger"
          disabled={busy}
          onClick={() => void revoke(shared)}
        >
          Take the link back
        </button>
      </div>
      {problem && <Failure message={problem} />}
    </>
  );
}

/** The order's link, asked for and taken back; undefined while nobody asked, and from then on. */
function useLink(orderId: string) {
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

  return {
    ...{ shared, problem, busy },
    share: () => attempt(async () => setShared(await client.http('POST', path, {}))),
    revoke: (link: ShareView) =>
      attempt(async () => {
        await client.http('POST', `${path}/revoke`, { path: link.path });
        setShared(undefined);
        toast('Link taken back: it shows nothing any more.');
      }),
    forget() {
      setShared(undefined);
      setProblem(undefined);
    },
  };
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
      <div class="row link">
        <label class="field">
          <span>Link</span>
          <input ref={field} class="input" readOnly value={link} />
        </label>
        <button type="button" class="button primary" onClick={() => void copy()}>
          Copy link
        </button>
      </div>
      {problem && <Failure message={problem} />}
      <div class="row">
        <button type="button" class="button danger" disabled={busy} onClick={onRevoke}>
          Take the link back
        </button>
        <button type="button" class="button push" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
