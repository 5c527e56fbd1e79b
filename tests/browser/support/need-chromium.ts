import { findChromium } from './chromium.ts';

/** Fails with the line that mends it where there is no browser: nothing is skipped. */
export default function setUp(): void {
  findChromium();
}
