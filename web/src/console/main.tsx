import { LocationProvider } from 'preact-iso';
import { mountApp } from '../kit/mount.tsx';
import { ConsoleProvider } from './console-context.tsx';
import { Shell } from './shell.tsx';
import './console.css';

mountApp({
  role: 'operator',
  title: 'Waybill console',
  app: (signedIn) => (
    <LocationProvider scope={/^\/console/}>
      <ConsoleProvider signedIn={signedIn}>
        <Shell />
      </ConsoleProvider>
    </LocationProvider>
  ),
});
