import type { ComponentChildren } from 'preact';
import { render } from 'preact';
import type { WaybillClient } from '../../../src/client/waybill-client.ts';
import type { UserView } from '../../../src/protocol/accounts.ts';
import { Safe } from './safe.tsx';
import { type BrowserSession, createBrowserSession } from './session.ts';
import { SignIn } from './sign-in.tsx';
import './theme.css';
import { Toasts } from './toasts.tsx';

export interface SignedIn {
  session: BrowserSession;
  client: WaybillClient;
  user: UserView;
}

/** Puts an app into the page: signs in, then hands over; a session that ends comes back here. */
export function mountApp(options: {
  role: UserView['role'];
  title: string;
  canRegister?: boolean;
  app(signedIn: SignedIn): ComponentChildren;
}): void {
  const session = createBrowserSession(options.role);

  function Root() {
    const { value } = session.phase;
    switch (value.is) {
      case 'starting':
        return (
          <main class="empty" aria-busy="true">
            <h1>{options.title}</h1>
            <p>{value.waiting ? 'Waybill cannot be reached. Trying again…' : 'One moment…'}</p>
          </main>
        );
      case 'signedOut':
        return (
          <SignIn
            session={session}
            title={options.title}
            why={value.why}
            canRegister={options.canRegister ?? false}
          />
        );
      case 'signedIn':
        return options.app({ session, client: value.client, user: value.user });
    }
  }

  render(
    <>
      <Safe title={options.title}>
        <Root />
      </Safe>
      <Toasts />
    </>,
    document.getElementById('app') as HTMLElement,
  );
}
