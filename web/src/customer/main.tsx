import { LocationProvider } from 'preact-iso';
import { mountApp } from '../kit/mount.tsx';
import { App } from './app.tsx';
import { CustomerProvider } from './customer-context.tsx';
import './customer.css';

const token = /^\/t\/([^/]+)/.exec(location.pathname)?.[1];

// A tracking link needs no session, and must not be told that there is one.
if (token !== undefined) {
  const { mountTracking } = await import('./track/track-page.tsx');
  mountTracking(token);
} else {
  mountApp({
    role: 'customer',
    title: 'Waybill',
    canRegister: true,
    app: (signedIn) => (
      <LocationProvider scope={/^\/(orders(\/|$)|$)/}>
        <CustomerProvider signedIn={signedIn}>
          <App />
        </CustomerProvider>
      </LocationProvider>
    ),
  });
}
