import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { childEnvironment } from '../config.ts';

/** A server this command started, or one it merely talks to. */
export interface DemoServer {
  url: string;
  /** Resolves when it has ended, however it came to that; never for one that was joined. */
  ended: Promise<{ code: number | null; lastLines: string[] }>;
  /** Stops what was started, and waits for it; idempotent. */
  stop(): Promise<void>;
}

/** A first start may have to fetch a database binary. */
const READY_MS = 180_000;
/** It promises to drain within 10 s. */
const STOP_MS = 15_000;
/** Lines of its output kept to say why it died. */
const KEPT_LINES = 40;

/**
 * Starts the server as a child process by the entry this process was started with, and resolves
 * when its output says `ready` and where.
 * @param speed its TIME_SCALE
 * @param dataDir its DATA_DIR
 * @throws {Error} with its last lines, when it ends or says nothing in time
 */
export async function startDemoServer(speed: number, dataDir: string): Promise<DemoServer> {
  const entry = process.argv[1];
  if (!entry) throw new Error('cannot tell which program to start the server with');
  const child = spawn(process.execPath, [...process.execArgv, entry, 'start'], {
    env: childEnvironment({ TIME_SCALE: String(speed), PORT: '0', DATA_DIR: dataDir }),
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of the terminal's process group: Ctrl-C is for this command, which stops the people first.
    detached: true,
  });

  const lines: string[] = [];
  const ended = new Promise<{ code: number | null; lastLines: string[] }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, lastLines: [...lines, error.message] }));
    child.once('close', (code) => resolve({ code, lastLines: lines }));
  });
  const url = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > KEPT_LINES) lines.shift();
        const found = readyUrl(line);
        if (found) resolve(found);
      });
  });

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(kill);
  }

  let giveUp: NodeJS.Timeout | undefined;
  try {
    return {
      url: await Promise.race([
        url,
        ended.then(({ code, lastLines }) => {
          throw new Error(
            `the server ended (${code ?? 'not started'}); one that runs already is joined with --url:\n${lastLines.join('\n')}`,
          );
        }),
        new Promise<never>((_, reject) => {
          giveUp = setTimeout(
            () => reject(new Error(`the server was not ready in time:\n${lines.join('\n')}`)),
            READY_MS,
          );
        }),
      ]),
      ended,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(giveUp);
  }
}

/** The URL in a line that says the server is ready, be it for people or JSON. */
export function readyUrl(line: string): string | undefined {
  if (!/\bready\b/i.test(line) || /\bnot ready\b/i.test(line)) return undefined;
  return /https?:\/\/[\w.:[\]-]+/.exec(line)?.[0];
}

/**
 * Asks a server that runs already for its time scale.
 * @throws {Error} when it does not answer, or is not ready
 */
export async function readTimeScale(url: string): Promise<number> {
  const answer = await fetch(new URL('/readyz', url)).catch((cause) => {
    throw new Error(`nobody answers at ${url}; is it the URL of the server's ready line?`, {
      cause,
    });
  });
  const body = (await answer.json()) as { timeScale?: unknown };
  if (!answer.ok) throw new Error(`the server at ${url} is not ready: ${JSON.stringify(body)}`);
  if (typeof body.timeScale !== 'number')
    throw new Error(`the server at ${url} does not tell its time scale in /readyz`);
  return body.timeScale;
}
