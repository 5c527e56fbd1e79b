import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { MovedOn } from '../../../../src/protocol/commands.ts';
import { Failure } from '../../kit/elements.tsx';
import { Beaten } from './beaten.tsx';
import { ReasonField, reasonIn } from './reason-field.tsx';
import type { Outcome } from './send-move.ts';

/** What every intervention has in common: the reason, what became of it, and the way out. */
export function MoveFrame(props: {
  about: 'order' | 'shift';
  move: { label: string; danger: boolean; reasons: readonly string[] };
  /** What is about to be done, to what. */
  says: ComponentChildren;
  /** Who was first, once somebody was. */
  beaten: MovedOn | undefined;
  /** Why it cannot be done as things are now; undefined: it can. */
  whyNot: string | undefined;
  /** False: something is still to be chosen or to be read. */
  isReady: boolean;
  /** What it asks for beside the reason. */
  children?: ComponentChildren;
  onSend(form: FormData, reason: string): Promise<Outcome>;
  onTaken(outcome: Outcome & { is: 'done' }): void;
  onBeaten(by: MovedOn): Promise<void>;
  onDone(): void;
}) {
  const { move, beaten, whyNot, isReady, onDone } = props;
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setProblem(undefined);
    try {
      const outcome = await props.onSend(form, reasonIn(form));
      if (outcome.is === 'done') {
        props.onTaken(outcome);
        onDone();
        return;
      }
      if (outcome.is === 'beaten') await props.onBeaten(outcome.by);
      else setProblem(outcome.message);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <p class="quiet">{props.says}</p>
      {beaten && <Beaten about={props.about} by={beaten} />}
      {whyNot === undefined ? (
        <>
          {props.children}
          <ReasonField reasons={move.reasons} />
        </>
      ) : (
        <p class="notice warn">{whyNot}</p>
      )}
      {problem && <Failure message={problem} />}
      <div class="row">
        <button type="button" class="button push" onClick={onDone}>
          {whyNot === undefined ? 'Leave it' : 'Close'}
        </button>
        {whyNot === undefined && (
          <button
            type="submit"
            class={move.danger ? 'button danger' : 'button primary'}
            disabled={busy || !isReady}
          >
            {beaten ? `${move.label} all the same` : move.label}
          </button>
        )}
      </div>
    </form>
  );
}
