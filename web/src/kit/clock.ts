import { signal } from '@preact/signals';
import { systemTimers } from '../../../src/client/timers.ts';

let read = systemTimers.now;

/** The server's clock, epoch ms, as well as this device knows it. */
export const serverNow = (): number => read();

/** From now on `serverNow` is what the client has learned. */
export function followServerClock(source: () => number): void {
  read = source;
  tick();
}

/** The server's time, renewed each second: whoever reads it in a component is drawn again. */
export const seconds = signal(systemTimers.now());

function tick(): void {
  seconds.value = read();
}

setInterval(tick, 1_000);
// A page that was asleep shows old times until the next tick.
document.addEventListener('visibilitychange', tick);
