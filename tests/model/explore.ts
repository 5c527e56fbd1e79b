import type { ActorLogic, Snapshot } from 'xstate';
import { getShortestPaths } from 'xstate/graph';

/** Something that changes a world, as a model sees it. */
export interface ModelMove {
  /** Unique among the moves of one world. */
  type: string;
}

export interface Model<World extends object, Move extends ModelMove> {
  name: string;
  initial: World;
  moves(world: World): readonly Move[];
  next(world: World, move: Move): World;
  /** Worlds of one key are one to the model: where they are, and what matters of how they came there. */
  keyOf(world: World): string;
  /** Where the world is, for people: a model that goes on without end is reported with it. */
  placeOf(world: World): string;
  /** Nothing is tried from here on. */
  isOver(world: World): boolean;
}

export interface ModelPath<World, Move> {
  steps: { move: Move; before: World; after: World }[];
}

/** Distinct worlds in one place before a model counts as endless. */
const MOST_PER_PLACE = 2_000;

/**
 * The shortest path to each world there is, by XState's own graph search; deterministic.
 * @throws Error naming the place at which worlds never end
 */
export function explore<World extends object, Move extends ModelMove>(
  model: Model<World, Move>,
  mostPerPlace = MOST_PER_PLACE,
): ModelPath<World, Move>[] {
  const known = new Map<string, Set<string>>();

  function serialize(world: World): string {
    const key = model.keyOf(world);
    const place = model.placeOf(world);
    const keys = known.get(place) ?? new Set();
    known.set(place, keys.add(key));
    if (keys.size > mostPerPlace) throw endless(model.name, place, [...keys].slice(-3));
    return key;
  }

  type Seen = Snapshot<unknown> & { world: World };
  const seen = (world: World): Seen => ({ ...STILL, world });
  const logic = {
    getInitialSnapshot: () => seen(model.initial),
    transition: ({ world }: Seen, move: Move) => seen(model.next(world, move)),
    getPersistedSnapshot: (snapshot: Seen) => snapshot,
  } as unknown as ActorLogic<Seen, Move, undefined>;

  const paths = getShortestPaths(logic, {
    events: ({ world }: Seen) => [...model.moves(world)],
    serializeState: ({ world }: Seen) => serialize(world),
    serializeEvent: ({ type }: Move) => type,
    stopWhen: ({ world }: Seen) => model.isOver(world),
  } as never) as unknown as { steps: { event: Move; state: Seen }[] }[];

  return paths.map(({ steps }) => {
    const moves = steps.slice(1).map(({ event }) => event);
    return { steps: play(model, moves) };
  });
}

/** The moves one after the other: a path found by key is played anew, on worlds that are its own. */
export function play<World extends object, Move extends ModelMove>(
  model: Model<World, Move>,
  moves: readonly Move[],
): ModelPath<World, Move>['steps'] {
  let before = model.initial;
  return moves.map((move) => {
    const step = { move, before, after: model.next(before, move) };
    before = step.after;
    return step;
  });
}

const STILL = { status: 'active', output: undefined, error: undefined } as const;

const endless = (name: string, place: string, keys: string[]) =>
  new Error(
    `the model ${name} does not end: ever new worlds in ${place}, such as\n` +
      `${keys.map((key) => `  ${key}`).join('\n')}\n` +
      'Leave out of its key what grows without end, or bound the moves there.',
  );
