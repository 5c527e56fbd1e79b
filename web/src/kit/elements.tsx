import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { seconds } from './clock.ts';
import { toDuration, toTime } from './format.ts';

/** An instant in the viewer's zone; the exact one on hover. @param at epoch ms */
export function Time({ at }: { at: number }) {
  return (
    <time class="num" dateTime={new Date(at).toISOString()} title={new Date(at).toISOString()}>
      {toTime(at, seconds.peek())}
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

/** A modal dialog: Esc and a click beside it close it, focus returns to where it was. */
export function Dialog(props: { title: string; onClose(): void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-label={props.title}
      onClose={props.onClose}
      onMouseDown={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="stack">
        <h2>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}
