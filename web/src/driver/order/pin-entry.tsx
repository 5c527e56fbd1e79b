import { useEffect, useRef, useState } from 'preact/hooks';
import type { Fate } from '../state/outbox.ts';
import { whyNot } from '../words.ts';

/** Asks for the four digits that the customer was given. */
export function PinEntry(props: {
  /** The last one that was wrong. */
  refused: Fate | undefined;
  isWaiting: boolean;
  onPin(pin: string): void;
}) {
  const { refused, isWaiting } = props;
  const [pin, setPin] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!refused) return;
    setPin('');
    input.current?.focus();
  }, [refused]);
  const isWhole = /^\d{4}$/.test(pin);
  return (
    <form
      class="pin"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole && !isWaiting) props.onPin(pin);
      }}
    >
      <label class="field">
        <span>The customer’s PIN</span>
        <input
          ref={input}
          class="input"
          inputMode="numeric"
          autocomplete="off"
          maxLength={4}
          value={pin}
          aria-invalid={refused !== undefined}
          aria-describedby="pin-refused"
          onInput={(event) => {
            setPin(event.currentTarget.value.replace(/\D/g, ''));
          }}
        />
      </label>
      <button type="submit" class="button primary huge" disabled={!isWhole || isWaiting}>
        {isWaiting ? 'Checking…' : 'Hand over'}
      </button>
      <p id="pin-refused" class="pin-refused" role="alert">
        {refused?.error && !isWaiting && `Not delivered: ${whyNot(refused.error)}`}
      </p>
    </form>
  );
}
