import { spawn } from 'node:child_process';
import type { Mutant } from './mutant.ts';

/** Far beyond what all checks take, on a busy machine too: a fault that makes them run for ever is not caught by that. */
const LONGEST_MS = 600_000;

/**
 * Runs node in the project's folder, with a fault for the hooks to apply if one is given.
 * @throws {Error} when it does not end within ten minutes
 */
export function runNode(
  args: readonly string[],
  { mutant, mongoUrl }: { mutant?: Mutant; mongoUrl?: string },
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const fault = mutant && {
    ...{ name: mutant.name, file: mutant.file, find: mutant.find, replace: mutant.replace },
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        WAYBILL_MUTANT: fault ? JSON.stringify(fault) : '',
        ...(mongoUrl === undefined ? {} : { WAYBILL_TEST_MONGO_URL: mongoUrl }),
      },
    });
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, LONGEST_MS);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      if (isLate) reject(new Error(`did not end within ${LONGEST_MS / 1_000} s`));
      else resolve({ code, stdout, stderr });
    });
  });
}
