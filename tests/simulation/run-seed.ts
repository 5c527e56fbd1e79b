import { settled } from './timeline.ts';
import { DEFAULT_WORLD, liveWorld, type WorldOptions, type WorldResult } from './world.ts';

/**
 * Lives one seed's world in this process, and gives what happened. The same seed and options give the
 * same result, byte for byte. Rejections that nobody handles are violations too (I14).
 */
export async function runSeed(
  seed: number,
  options: Partial<WorldOptions> = {},
): Promise<WorldResult> {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const before = process.cpuUsage();
    const world = await liveWorld(seed, { ...DEFAULT_WORLD, ...options });
    const { user, system } = process.cpuUsage(before);
    const result: WorldResult = { ...world, cpuMs: (user + system) / 1_000 };
    // Node tells of them once its queues are empty.
    await settled();
    await new Promise((resolve) => setImmediate(resolve));
    for (const error of unhandled) {
      const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
      result.violations.push({ invariant: 'I14', what: `unhandled rejection: ${what}` });
    }
    return result;
  } finally {
    process.off('unhandledRejection', note);
  }
}
