import { Command } from 'commander';
import { loadProcessConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { serve } from './serve.ts';

/** A stop that takes longer is cut off: nothing acknowledged can be lost by it. */
const DRAIN_WITHIN_MS = 10_000;

/** `waybill start`: the server, until it is told to stop. */
export const startCommand = (): Command =>
  new Command('start').description('the server').action(async () => {
    const config = loadProcessConfig();
    const log = createLog(config);
    const stop = stopSignal();
    // Also of a start that is under way.
    void aborted(stop).then(() =>
      setTimeout(() => {
        log.error(`not stopped within ${DRAIN_WITHIN_MS / 1_000} s; going all the same`);
        process.exit(1);
      }, DRAIN_WITHIN_MS),
    );
    const server = await serve(config, log, stop).catch((error: unknown) => {
      // Told to stop before it was ready: whatever it was waiting for is no news.
      if (stop.aborted) process.exit(0);
      throw error;
    });
    const scale = config.timeScale === 1 ? '' : `, ${config.timeScale} times as fast`;
    process.stdout.write(`Waybill is ready at ${server.url} on ${server.storageSays}${scale}\n`);
    if (server.firstOperator) {
      const { email, password } = server.firstOperator;
      process.stdout.write(`First operator: ${email}, password ${password} (shown only once)\n`);
    }
    // A state nobody foresaw is not one to go on in; what is stored is safe, and a restart is quick.
    for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
      process.on(event, (error) => {
        log.fatal({ err: error }, event);
        process.exit(1);
      });
    }
    await aborted(stop);
    log.info('stopping');
    await server.close();
    log.info('stopped');
    process.exit(0);
  });

/** Ctrl-C may come twice, from the terminal and from npm: only the first counts. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort());
  }
  return controller.signal;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
