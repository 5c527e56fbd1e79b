import { useState } from 'preact/hooks';
import { isCallError } from '../../../src/client/call-error.ts';
import { Failure } from './elements.tsx';
import { toDuration } from './format.ts';
import type { BrowserSession } from './session.ts';

/** Asks who you are; where people may make accounts themselves, lets them. */
export function SignIn(props: {
  session: BrowserSession;
  title: string;
  why?: string | undefined;
  canRegister?: boolean;
}) {
  const { session, title, why } = props;
  const [isNew, setIsNew] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const field = (name: string) => String(form.get(name) ?? '');
    setBusy(true);
    setProblem(undefined);
    try {
      if (isNew) await session.register(field('name'), field('email'), field('password'));
      else await session.signIn(field('email'), field('password'));
    } catch (error) {
      setProblem(explain(error));
    }
    setBusy(false);
  }

  return (
    <main class="sign-in">
      <form class="card pad stack" onSubmit={(event) => void submit(event)}>
        <h1>{title}</h1>
        {why && <p class="notice">{why}</p>}
        {isNew && (
          <label class="field">
            <span>Name</span>
            <input class="input" name="name" autocomplete="name" maxLength={100} required />
          </label>
        )}
        <label class="field">
          <span>E-mail</span>
          <input class="input" name="email" type="email" autocomplete="username" required />
        </label>
        <label class="field">
          <span>Password{isNew && ', at least 10 characters'}</span>
          <input
            class="input"
            name="password"
            type="password"
            autocomplete={isNew ? 'new-password' : 'current-password'}
            minLength={isNew ? 10 : 1}
            maxLength={200}
            required
          />
        </label>
        {problem && <Failure message={problem} />}
        <button type="submit" class="button primary wide" disabled={busy}>
          {isNew ? 'Make an account' : 'Sign in'}
        </button>
        {props.canRegister && (
          <button type="button" class="button plain wide" onClick={() => setIsNew(!isNew)}>
            {isNew ? 'I have an account' : 'I am new here'}
          </button>
        )}
      </form>
    </main>
  );
}

function explain(error: unknown): string {
  if (!isCallError(error)) throw error;
  switch (error.code) {
    case 'bad_credentials':
      return 'E-mail and password do not match an account.';
    case 'email_taken':
      return 'There is an account with this e-mail already; sign in instead.';
    case 'rate_limited':
      return `Too many attempts. Try again in ${toDuration(error.retryAfterMs)}.`;
    case 'offline':
    case 'no_answer':
    case 'not_ready':
      return 'Waybill cannot be reached. Check your connection and try again.';
    default:
      return error.message;
  }
}
