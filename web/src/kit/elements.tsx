import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { seconds } from './clock.ts';
import { toDuration, toExactTime, toTime } from './format.ts';

/** An instant in the viewer's zone; the exact one on hover. @param at epoch ms */
export function Time({ at }: { at: number }) {
  return (
    <time class="num" dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {toTime(at, seconds.peek())}
    </time>
  );
}

/** An instant to the second; the whole of it on hover. @param at epoch ms */
export function ExactTime({ at }: { at: number }) {
  return (
    <time
      class="num small"
      dateTime={new Date(at).toISOString()}
      title={new Date(at).toISOString()}
    >
      {toExactTime(at)}
    </time>
  );
}

/** How long ago, or until: renewed each second. @param at epoch ms */
export function Ago({ at }: { at: number }) {
  return (
    <time class="num" dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {toDuration(Math.abs(seconds.value - at))}
    </time>
  );
}

/** What there is to see where there is nothing. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
    </div>
  );
}

/** What went wrong, and the way on. */
export function Failure({ message, onRetry }: { message: string; onRetry?: () => void }) {
  return (
    <div class="notice bad row" role="alert">
      <span>{message}</span>
      {onRetry && (
        <button type="button" class="button compact push" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The shape of what is still to come. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  return (
    <div class="stack pad" aria-busy="true">
      <span class="sr-only">Loading</span>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} class="skeleton" />
      ))}
    </div>
  );
}

/** What makes a dialog modal: Esc and a click beside it close it, focus returns to where it was. */
export function useModal(onClose: () => void) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  const close = () => ref.current?.close();
  const onMouseDown = (event: MouseEvent) => {
    if (event.target === ref.current) close();
  };
  return { close, modal: { ref, onClose, onMouseDown } };
}

/** A modal dialog with its title above. */
export function Dialog(props: { title: string; onClose(): void; children: ComponentChildren }) {
  const { modal } = useModal(props.onClose);
  return (
    <dialog {...modal} class="dialog" aria-label={props.title}>
      <div class="stack">
        <h2>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}
