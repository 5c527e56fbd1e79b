import { useState } from 'preact/hooks';
import { Sheet } from './sheet.tsx';

const MOST_CHARACTERS = 200;

/** Asks why: one touch for the usual, words for the rest. */
export function ReasonSheet(props: {
  title: string;
  /** What follows from it. */
  says: string;
  reasons: readonly string[];
  onReason(reason: string): void;
  onClose(): void;
}) {
  const [own, setOwn] = useState('');
  const choose = (reason: string) => {
    props.onReason(reason);
    props.onClose();
  };
  return (
    <Sheet title={props.title} onClose={props.onClose}>
      <p>{props.says}</p>
      {props.reasons.map((reason) => (
        <button key={reason} type="button" class="button big wide" onClick={() => choose(reason)}>
          {reason}
        </button>
      ))}
      <form
        class="own-reason"
        onSubmit={(event) => {
          event.preventDefault();
          if (own.trim() !== '') choose(own.trim());
        }}
      >
        <label class="field">
          <span>Another reason</span>
          <input
            class="input"
            value={own}
            maxLength={MOST_CHARACTERS}
            onInput={(event) => setOwn(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="button big" disabled={own.trim() === ''}>
          Send
        </button>
      </form>
    </Sheet>
  );
}
