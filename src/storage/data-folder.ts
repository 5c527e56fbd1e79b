import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Something about the data folder that only a person can mend; the message says how. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/** Who has the folder: the server, or a command that runs for a moment. */
export type FolderRole = 'server' | 'command';

export interface FolderHolder {
  pid: number;
  role: FolderRole;
  /** When the process began, in the kernel's words: tells a pid from its next user. */
  began: string;
}

/** For a file in the folder that is there and cannot be used, as after a start by another user. */
export const unusable = (folder: string, path: string, cause: unknown): DataFolderError =>
  new DataFolderError(
    `${path} cannot be used (${(cause as NodeJS.ErrnoException).code}); all in ${folder} must be this user's to read and write: sudo chown -R "$(id -u)" ${folder}`,
    { cause },
  );

const lockFile = (folder: string) => join(folder, 'lock');

/**
 * Takes the folder for this process, or gives who has it. A lock left behind by a process that is
 * gone is taken over, by one process only.
 */
export async function takeFolder(
  folder: string,
  role: FolderRole,
): Promise<{ release(): Promise<void> } | { heldBy: FolderHolder }> {
  const me: FolderHolder = { pid: process.pid, role, began: beganOf(process.pid) ?? '' };
  const mine = join(folder, `lock.${process.pid}`);
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(mine, JSON.stringify(me));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataFolderError(
      `${folder} cannot be used as the data folder (${code}); make it a folder that this user may write, or name another: DATA_DIR=…`,
      { cause: error },
    );
  }
  try {
    for (;;) {
      try {
        // A hard link is there whole or not at all.
        await link(mine, lockFile(folder));
        return { release: () => rm(lockFile(folder), { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = await readLock(folder);
      if (holder && isRunning(holder)) return { heldBy: holder };
      // Of several that find it stale, only one still finds it to move away.
      await rename(lockFile(folder), `${mine}.stale`).catch(() => {});
      await rm(`${mine}.stale`, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

async function readLock(folder: string): Promise<FolderHolder | undefined> {
  return readJson<FolderHolder>(lockFile(folder));
}

/** True while this very process lives, not merely one with its number. */
export function isRunning({ pid, began }: { pid: number; began: string }): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return (beganOf(pid) ?? began) === began;
}

/** Field 22 of /proc/PID/stat; undefined where there is no /proc, or no such process. */
export function beganOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A process that is dead and not yet reaped has ended.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return undefined;
  }
}

export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** Written whole, its folder too if need be: a reader sees the old one or the new one. Owner only. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const next = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(next, path);
}

/** The secret of a development server: made once, kept in the folder, readable by its owner only. */
export async function developmentSecret(folder: string): Promise<string> {
  const path = join(folder, 'secret');
  await mkdir(folder, { recursive: true });
  const fresh = randomBytes(48).toString('base64url');
  await writeFile(path, fresh, { mode: 0o600, flag: 'wx' }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const kept = await readFile(path, 'utf8').catch((error) => {
    throw unusable(folder, path, error);
  });
  const secret = kept.trim();
  if (secret.length >= LEAST_SECRET) return secret;
  throw new DataFolderError(
    `${path} is too short to sign with; remove it, and a new one is drawn (everyone signs in again)`,
  );
}

/** As JWT_SECRET_KEY has it. */
const LEAST_SECRET = 32;
