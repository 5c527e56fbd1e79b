import type { SignedIn } from './mount.tsx';

/** Ends the session in this browser; says whose it is on hover. */
export function SignOut({ session, user }: Pick<SignedIn, 'session' | 'user'>) {
  return (
    <button
      type="button"
      class="button compact"
      title={`${user.name}, ${user.email}`}
      onClick={() => void session.signOut()}
    >
      Sign out
    </button>
  );
}
