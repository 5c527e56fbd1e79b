import { signal } from '@preact/signals';

const shown = signal<{ id: number; text: string | (() => string) }[]>([]);
const STAYS_MS = 6_000;
const MOST = 3;
let last = 0;

/**
 * Says what became of something, for some seconds; read out to those who do not see it.
 * @param text a function where a name in it may become known only while it is shown
 */
export function toast(text: string | (() => string)): void {
  last += 1;
  const id = last;
  shown.value = [...shown.value, { id, text }].slice(-MOST);
  setTimeout(() => {
    shown.value = shown.value.filter((each) => each.id !== id);
  }, STAYS_MS);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(({ id, text }) => (
        <div key={id} class="toast">
          {typeof text === 'function' ? text() : text}
        </div>
      ))}
    </div>
  );
}
