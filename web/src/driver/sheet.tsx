import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** Comes up from below, where the thumb is; Esc and a touch beside it put it away. */
export function Sheet(props: { title: string; onClose(): void; children: ComponentChildren }) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      class="sheet"
      aria-label={props.title}
      onClose={props.onClose}
      onMouseDown={(event) => {
        if (event.target === element.current) element.current?.close();
      }}
    >
      <div class="stack">
        <h2>{props.title}</h2>
        {props.children}
        <button type="button" class="button big wide" onClick={() => element.current?.close()}>
          Back
        </button>
      </div>
    </dialog>
  );
}
