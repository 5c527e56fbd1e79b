import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Shortcut {
  /** As `KeyboardEvent.key` says it: `j`, `/`, `Enter`, `?`. */
  key: string;
  says: string;
  run(event: KeyboardEvent): void;
}

interface Group {
  title: string;
  shortcuts: Shortcut[];
}

/** What the keyboard does now, for the help; the innermost comes last and goes first. */
export const groups = signal<readonly Group[]>([]);

/**
 * While the component is there, these keys do this: not while someone types or answers a dialog, and
 * never together with Ctrl, Alt or Meta, which are the browser's.
 */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const keys = shortcuts.map(({ key, says }) => `${key} ${says}`).join();
  useEffect(() => {
    // What a key does may change from one drawing to the next; which keys there are rarely does.
    const group: Group = {
      title,
      shortcuts: latest.current.map(({ key, says }, index) => ({
        ...{ key, says },
        run: (event) => latest.current[index]?.run(event),
      })),
    };
    groups.value = [...groups.peek(), group];
    return () => {
      groups.value = groups.peek().filter((each) => each !== group);
    };
  }, [title, keys]);
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector('dialog[open]')) return;
  if (isTyping(event.target) && event.key !== 'Escape') return;
  // Enter and Space on a button or link are its own.
  if ((event.key === 'Enter' || event.key === ' ') && isControl(event.target)) return;
  const shortcut = groups.value
    .toReversed()
    .flatMap(({ shortcuts }) => shortcuts)
    .find(({ key }) => key === event.key);
  if (!shortcut) return;
  event.preventDefault();
  shortcut.run(event);
});

const isTyping = (target: EventTarget | null) =>
  target instanceof Element && target.matches('input, select, textarea');
const isControl = (target: EventTarget | null) =>
  target instanceof Element && target.closest('a, button, summary, [role=button]') !== null;
