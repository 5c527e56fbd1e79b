import { signal } from '@preact/signals';

/** What Chromium asks with; not in the standard library of types. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

/** Puts the app on the home screen; undefined where the browser does not offer it, or it is there. */
export const offerToInstall = signal<(() => void) | undefined>();

/** Lets the app start without a network, and be installed. */
export function installApp(): void {
  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offerToInstall.value = () => {
      offerToInstall.value = undefined;
      void (event as InstallPrompt).prompt();
    };
  });
  // Without it the app works as long as there is a network.
  navigator.serviceWorker?.register('/driver/worker.js').catch(() => {});
}
