import type { Violation } from './judge.ts';
import { SCENES, type SceneName } from './scenes.ts';
import { createSmallWorld, type FeedTiming, type SmallWorld } from './small-world.ts';

export interface Explored {
  /** Worlds that differ in what can still happen. */
  states: number;
  /** Choices taken, each in each state once. */
  transitions: number;
  /** Times a world was lived from its beginning. */
  executions: number;
  /** Orders in which the choices can be made, all of which the states stand for. */
  schedules: bigint;
  /** Worlds in which no choice was left, and which were lived on to their end. */
  ends: number;
  longest: number;
  /** Why it stopped before everything was explored. */
  bound?: string;
  violation?: { violation: Violation; path: string[] };
}

interface Branch {
  /** Choices from the beginning, by their place among those there were. */
  path: number[];
}

/**
 * Explores every order in which the choices of a small world can be made: depth first, each world
 * lived anew from its beginning, stopping where it cannot be told from one that was explored before.
 * What a node does is fixed by what it was told, so worlds alike in the database, in what each node
 * was told and in what is under way have the same future, however they came about.
 */
export async function explore(
  name: SceneName,
  feed: FeedTiming,
  { maxStates = Infinity, maxMs = Infinity }: { maxStates?: number; maxMs?: number } = {},
): Promise<Explored> {
  const startedAt = performance.now();
  const open: Branch[] = [{ path: [] }];
  const found: Explored = {
    ...{ states: 0, transitions: 0, executions: 0, schedules: 0n, ends: 0, longest: 0 },
  };
  const ids = new Map<string, number>();
  /** For each state its successors, for counting the schedules. */
  const edges: number[][] = [];

  const idOf = (fingerprint: string): { id: number; isNew: boolean } => {
    const known = ids.get(fingerprint);
    if (known !== undefined) return { id: known, isNew: false };
    const id = ids.size;
    ids.set(fingerprint, id);
    edges.push([]);
    return { id, isNew: true };
  };

  let root = -1;
  while (open.length > 0) {
    const { path } = open.pop() as Branch;
    found.executions++;
    const world = await createSmallWorld(SCENES[name], feed);
    const taken: string[] = [];
    let from = -1;
    for (const [depth, index] of path.entries()) {
      if (depth === path.length - 1) from = idOf(world.fingerprint()).id;
      await take(world, index, taken);
    }
    for (const steps = [...path]; ; ) {
      const { id, isNew } = idOf(world.fingerprint());
      if (from >= 0) {
        edges[from]?.push(id);
        found.transitions++;
      } else root = id;
      if (world.violations.length > 0) return broken(world, taken);
      if (!isNew) break;
      found.longest = Math.max(found.longest, steps.length);
      const choices = world.choices();
      if (choices.length === 0) {
        found.ends++;
        await world.finish();
        if (world.violations.length > 0) return broken(world, taken);
        break;
      }
      for (let other = choices.length - 1; other > 0; other--) {
        open.push({ path: [...steps, other] });
      }
      from = id;
      steps.push(0);
      await take(world, 0, taken);
    }
    found.states = ids.size;
    const isOver = found.states >= maxStates || performance.now() - startedAt > maxMs;
    if (isOver && open.length > 0) {
      found.bound = `${open.length} branches are left after ${found.states} states`;
      break;
    }
    if (found.executions % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  found.schedules = found.bound === undefined ? countPaths(edges, root) : 0n;
  return found;

  function broken(world: SmallWorld, path: string[]): Explored {
    const [violation] = world.violations;
    return {
      ...found,
      states: ids.size,
      ...(violation ? { violation: { violation, path } } : {}),
    };
  }
}

async function take(world: SmallWorld, index: number, taken: string[]): Promise<void> {
  const choice = world.choices()[index];
  if (!choice) throw new Error(`choice ${index} is gone: the world is not deterministic`);
  taken.push(choice.label);
  choice.act();
  await world.settle();
}

/** Ways from the first state to an end; states never come back to themselves. */
function countPaths(edges: readonly number[][], root: number): bigint {
  const counts = new Map<number, bigint>();
  const stack = [root];
  while (stack.length > 0) {
    const id = stack.at(-1) as number;
    const next = edges[id] ?? [];
    const missing = next.filter((each) => !counts.has(each));
    if (missing.length > 0) {
      stack.push(...missing);
      continue;
    }
    stack.pop();
    counts.set(
      id,
      next.length === 0 ? 1n : next.reduce((sum, each) => sum + (counts.get(each) ?? 0n), 0n),
    );
  }
  return counts.get(root) ?? 0n;
}
