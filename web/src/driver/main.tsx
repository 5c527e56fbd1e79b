import { mountApp } from '../kit/mount.tsx';
import { DriverApp } from './driver-app.tsx';
import { installApp } from './install.ts';

// The installed app is everything below /driver/; whoever comes without the last slash is in it too.
if (location.pathname === '/driver') history.replaceState(null, '', '/driver/');
installApp();

mountApp({
  role: 'driver',
  title: 'Waybill for drivers',
  app: (signedIn) => <DriverApp {...signedIn} />,
});
