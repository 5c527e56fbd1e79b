import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Sends a signal and resolves with the exit code (null when a signal ended it) once it is gone. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

/** A generous limit: the first start on a bare machine fetches a mongod. */
const READY_WITHIN_MS = 90_000;

/**
 * Starts the built server as a process of its own and resolves once it has said that it is ready.
 * @param env on top of this process's own; PORT=0 unless given
 * @throws Error with everything it printed, when it ends or stays silent instead
 */
export async function startServer(env: Record<string, string>): Promise<ServerProcess> {
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js', 'start'], {
    env: { ...process.env, PORT: '0', NODE_ENV: 'development', LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const url = await readyUrl(child, lines);
  return {
    url,
    pid: child.pid as number,
    output: () => lines.join('\n'),
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}

function readyUrl(child: ChildProcess, lines: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      child.kill('SIGKILL');
      reject(new Error(`${why}\n${lines.join('\n')}`));
    };
    const timer = setTimeout(() => fail('the server was not ready in time'), READY_WITHIN_MS);
    child.once('exit', (code) => fail(`the server ended with ${code} instead of getting ready`));
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        // The last of what it says is what helps; a server that runs for long may say much.
        if (lines.push(line) > 1_000) lines.shift();
        const ready = /ready at (http:\/\/\S+)/.exec(line);
        if (!ready?.[1]) return;
        clearTimeout(timer);
        child.removeAllListeners('exit');
        resolve(ready[1]);
      });
    }
  });
}
