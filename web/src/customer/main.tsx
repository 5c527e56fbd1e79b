import { LinkState } from '../kit/link-state.tsx';
import { mountApp } from '../kit/mount.tsx';

mountApp({
  role: 'customer',
  title: 'Waybill',
  canRegister: true,
  app: ({ session, user }) => (
    <header class="row pad">
      <h1>Waybill</h1>
      <span class="push quiet">{user.name}</span>
      <LinkState link={session.link} />
      <button type="button" class="button compact" onClick={() => void session.signOut()}>
        Sign out
      </button>
    </header>
  ),
});
