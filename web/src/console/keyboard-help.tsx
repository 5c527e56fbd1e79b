import { Dialog } from '../kit/elements.tsx';
import { groups } from './keyboard.ts';

/** As they are written on the keys. */
const SIGNS: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc' };

/** Every key that does something where the operator is now. */
export function KeyboardHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      {groups.value.map(({ title, shortcuts }) => (
        <section key={title} class="stack">
          <h3>{title}</h3>
          <dl class="keys">
            {shortcuts.map(({ key, says }) => (
              <div key={key}>
                <dt>
                  <kbd>{SIGNS[key] ?? key}</kbd>
                </dt>
                <dd>{says}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <form method="dialog" class="row">
        <button type="submit" class="button push">
          Close
        </button>
      </form>
    </Dialog>
  );
}
