import { useRef } from 'preact/hooks';

/** Why: what is given often is one key away. */
export function ReasonField({ reasons }: { reasons: readonly string[] }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div class="stack reason">
      <label class="field">
        <span>Reason, kept in the history</span>
        <input ref={input} class="input" name="reason" maxLength={200} required autofocus />
      </label>
      <div class="row">
        {reasons.map((reason) => (
          <button
            key={reason}
            type="button"
            class="button compact"
            onClick={() => {
              if (!input.current) return;
              input.current.value = reason;
              input.current.focus();
            }}
          >
            {reason}
          </button>
        ))}
      </div>
    </div>
  );
}

/** The reason that a form was given. */
export const reasonIn = (form: FormData): string => String(form.get('reason') ?? '').trim();
