import { chmod } from 'node:fs/promises';

const NOBODY = 65_534;

/** Runs it as a user to whom permissions apply, which root is not, in a folder open to everyone. */
export async function asNobody<T>(folder: string, run: () => Promise<T>): Promise<T> {
  await chmod(folder, 0o777);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await run();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
