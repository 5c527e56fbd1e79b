import type { ComponentChildren } from 'preact';
import { useModal } from '../kit/elements.tsx';

/** A modal that comes up from below, where the thumb is, and is put away by `Back` too. */
export function Sheet(props: { title: string; onClose(): void; children: ComponentChildren }) {
  const { modal, close } = useModal(props.onClose);
  return (
    <dialog {...modal} class="sheet" aria-label={props.title}>
      <div class="stack">
        <h2>{props.title}</h2>
        {props.children}
        <button type="button" class="button big wide" onClick={close}>
          Back
        </button>
      </div>
    </dialog>
  );
}
