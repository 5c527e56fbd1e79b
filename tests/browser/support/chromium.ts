import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing but what the tests ask for goes over the network. */
const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--enable-precise-memory-info',
];

/** The system's Chromium. @throws Error with the line that installs it */
export function findChromium(): string {
  const found = [process.env.CHROMIUM_BINARY ?? '', ...PLACES].find(
    (path) => path !== '' && existsSync(path),
  );
  if (found) return found;
  throw new Error(
    `no Chromium at ${PLACES.join(', ')}; run: apt-get update && apt-get install -y chromium, or set CHROMIUM_BINARY`,
  );
}

export const launchChromium = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), args: FLAGS });
